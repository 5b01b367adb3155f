//! The steps of the chapter `boundary/web`. All of them are compiled for the
//! desktop and for the browser.

pub mod app;
pub mod counted;
pub mod platform;
pub mod setup;
pub mod slot;
