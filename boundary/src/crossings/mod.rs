//! The steps of the chapter `boundary/crossings`.

pub mod blocked;
pub mod boxed;
pub mod inbox;
pub mod polled;
pub mod runtime;
pub mod same;
pub mod thread;
