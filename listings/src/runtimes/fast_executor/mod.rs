//! The steps of the chapter `runtimes/fast-executor`.

pub mod join;
pub mod queue;
pub mod slots;
