//! The steps of the chapter `boundary/frame`. The browser has neither its
//! application, which runs on threads, nor its picture.

#[cfg(not(target_arch = "wasm32"))]
pub mod app;
#[cfg(feature = "winit-031")]
pub mod next;
#[cfg(not(target_arch = "wasm32"))]
pub mod picture;
pub mod setup;
pub mod surface;
pub mod triangle;
