//! The steps of the chapter `runtimes/timers`. What they have together is
//! a runtime with sockets and timers, on one thread.

pub mod clock;
pub mod interval;
pub mod pages;
pub mod queue;
pub mod runtime;
pub mod sleep;
pub mod timeout;

pub use clock::Clock;
pub use interval::{Interval, MissedTick};
pub use runtime::Runtime;
pub use sleep::{Sleep, Timers};
pub use timeout::{Elapsed, timeout};
