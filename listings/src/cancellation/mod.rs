//! How a future is stopped.

pub mod drop;
pub mod cancel_safety;
