//! How a future is stopped.

pub mod drop;
