//! How a future is stopped, and what that leaves behind.

pub mod futurelock;
pub mod shutdown;
