//! The steps of the chapter `boundary/two-loops`.

pub mod alarms;
pub mod model;
pub mod tasks;
