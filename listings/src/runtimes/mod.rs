//! Who calls `poll`.

pub mod chat_server;
pub mod executor;
pub mod fast_executor;
pub mod scheduling;
pub mod reactor;
pub mod timers;
