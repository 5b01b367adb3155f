//! Who calls `poll`.

pub mod blocking;
pub mod budget;
pub mod executor;
pub mod fast_executor;
