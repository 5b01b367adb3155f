//! The steps of the chapter `boundary/frame`.

pub mod app;
#[cfg(feature = "winit-031")]
pub mod next;
pub mod picture;
pub mod setup;
pub mod surface;
pub mod triangle;
