//! Awaiting in an event loop that you do not own.

#[cfg(not(target_arch = "wasm32"))]
pub mod two_loops;

#[cfg(not(target_arch = "wasm32"))]
pub mod app;
#[cfg(not(target_arch = "wasm32"))]
pub mod crossings;
pub mod frame;
#[cfg(not(target_arch = "wasm32"))]
pub mod map_async;
#[cfg(not(target_arch = "wasm32"))]
pub mod proxy;

pub mod web;
