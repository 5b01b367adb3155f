//! How a future is stopped, and what that leaves behind.

pub mod drop;
pub mod cancel_safety;
pub mod futurelock;
pub mod shutdown;
