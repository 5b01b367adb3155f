//! The steps of the chapter `runtimes/tokio`.

mod beside;
pub mod local_thread;
