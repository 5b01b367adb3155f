//! How a future is stopped, and what that leaves behind.

pub mod cancel_safety;
pub mod futurelock;
pub mod shutdown;
pub mod drop;
