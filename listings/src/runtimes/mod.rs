//! Who calls `poll`.

pub mod anatomy;
pub mod blocking;
pub mod budget;
pub mod chat_server;
pub mod choosing;
pub mod ending;
pub mod executor;
pub mod fast_executor;
pub mod hangs;
pub mod reactor;
pub mod scheduling;
pub mod send;
pub mod streams;
pub mod testing;
pub mod threads;
pub mod timers;
pub mod tokio;
