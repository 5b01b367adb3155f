//! Who calls `poll`.

pub mod executor;
pub mod fast_executor;
pub mod reactor;
pub mod send;
pub mod threads;
pub mod timers;
