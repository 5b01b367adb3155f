//! The steps of the chapter `boundary/proxy`.

#[cfg(feature = "gpu")]
pub mod app;
pub mod channel;
pub mod frame;
#[cfg(feature = "winit-031")]
pub mod next;
pub mod picture;
#[cfg(feature = "gpu")]
pub mod screen;
pub mod setup;
pub mod triangle;
