//! Awaiting in an event loop that you do not own.

pub mod two_loops;

pub mod app;
pub mod crossings;
pub mod frame;
pub mod map_async;
pub mod proxy;
