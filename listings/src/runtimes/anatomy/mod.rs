//! The steps of the chapter `runtimes/anatomy`.

pub mod one_thread;
pub mod reactor;
pub mod read;
pub mod two_threads;
