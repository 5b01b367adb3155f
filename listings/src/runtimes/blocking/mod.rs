//! The steps of the chapter `runtimes/blocking`. The last of them is the
//! pool of the book.

pub mod limited;
pub mod pool;
pub mod thread;

pub use pool::{JoinHandle, Pool};
