//! The steps of the chapter `runtimes/hangs`.

pub mod dump;
pub mod guarded;
pub mod leaky;
