//! The steps of the chapter `runtimes/threads`: an executor whose tasks are
//! polled by several threads.

pub mod idle;
pub mod join;
pub mod pool;
pub mod queue;
pub mod runtime;
pub mod scheduler;
pub mod shared;
pub mod task;
pub mod tasks;

pub use join::JoinHandle;
pub use pool::{Pool, Spawner};
