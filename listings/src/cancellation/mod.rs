//! How a future is stopped, and what that leaves behind.

pub mod cancel_safety;
pub mod drop;
pub mod futurelock;
pub mod shutdown;
