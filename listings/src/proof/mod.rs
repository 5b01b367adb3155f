//! How the book proves what it says: recorded text that a run must repeat,
//! a trace of a run as a diagram, a watchdog for programs that hang, guests that
//! do their worst to a primitive, and what a test does where it cannot run.

pub mod hostile;
#[cfg(test)]
pub(crate) mod laws;
mod needs;
#[cfg(test)]
pub(crate) mod pool_laws;
mod recorded;
mod traced;
mod watchdog;

pub use needs::skip;
pub use recorded::{Recorded, check_recorded};
pub use traced::{Acting, Trace, Traced, check_trace};
pub use watchdog::{Hung, watchdog};
