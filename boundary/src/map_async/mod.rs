//! The steps of the chapter `boundary/map-async`.

pub mod callback;
pub mod locked;
pub mod mapping;
pub mod poller;
pub mod squares;
