//! The steps of the chapter `boundary/frame`. The browser has only the triangle,
//! because the application runs on threads.

#[cfg(not(target_arch = "wasm32"))]
pub mod app;
#[cfg(feature = "winit-031")]
pub mod next;
#[cfg(not(target_arch = "wasm32"))]
pub mod picture;
#[cfg(not(target_arch = "wasm32"))]
pub mod setup;
#[cfg(not(target_arch = "wasm32"))]
pub mod surface;
pub mod triangle;
