//! The steps of the chapter `runtimes/executor`.

pub mod executor;
pub mod join;
pub mod naive;
pub mod queue;
pub mod yield_now;
