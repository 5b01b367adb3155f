//! How a future is stopped.

pub mod drop;
pub mod cancel_safety;
//! How a future is stopped, and what that leaves behind.

pub mod futurelock;
pub mod shutdown;
