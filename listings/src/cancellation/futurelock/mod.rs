//! The steps of the chapter `cancellation/futurelock`.

pub mod check;
pub mod dump;
