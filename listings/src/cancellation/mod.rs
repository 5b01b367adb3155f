//! How a future is stopped.

pub mod cancel_safety;
pub mod drop;
