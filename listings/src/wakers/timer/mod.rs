//! The steps of the chapter `wakers/timer`.

pub mod first;
pub mod sleeper;
pub mod stopped;
pub mod threads;
