//! Awaiting in an event loop that you do not own.

pub mod frame;
pub mod proxy;
