//! The steps of the chapter `boundary/proxy`.

pub mod channel;
pub mod screen;
