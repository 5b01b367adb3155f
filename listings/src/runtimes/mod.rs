//! Who calls `poll`.

pub mod anatomy;
pub mod executor;
pub mod fast_executor;
pub mod scheduling;
pub mod reactor;
pub mod timers;
pub mod send;
pub mod threads;
pub mod budget;
pub mod blocking;
pub mod streams;
pub mod chat_server;
