//! The steps of the chapter `boundary/proxy`.

pub mod app;
pub mod channel;
pub mod frame;
#[cfg(feature = "winit-031")]
pub mod next;
pub mod picture;
pub mod screen;
pub mod setup;
pub mod triangle;
