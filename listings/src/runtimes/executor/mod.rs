//! The steps of the chapter `runtimes/executor`. What the last of them has is
//! the executor of the book.

pub mod abort;
pub mod caught;
pub mod handles;
pub mod keys;
pub mod kitchen;
pub mod naive;
pub mod panics;
pub mod ready;
pub mod spawner;
pub mod yield_now;

pub use abort::{JoinError, JoinHandle};
pub use spawner::{Executor, Spawner};
