//! The steps of the chapter `runtimes/send`.

pub mod repairs;
pub mod spawn;
