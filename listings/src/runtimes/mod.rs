//! Who calls `poll`.

pub mod executor;
pub mod fast_executor;
pub mod send;
pub mod threads;
