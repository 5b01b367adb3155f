//! The steps of the chapter `runtimes/executor`.

pub mod join;
pub mod naive;
pub mod queue;
pub mod slots;
pub mod yield_now;
