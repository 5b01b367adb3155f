//! The steps of the chapter `cancellation/drop`.

pub mod abort;
pub mod bank;
pub mod half_done;
pub mod order;
pub mod panics;
pub mod together;
pub mod undone;
pub mod walk;
