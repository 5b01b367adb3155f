//! How the book proves what it says: recorded text that a run must repeat,
//! a trace of a run as a diagram, and a watchdog for programs that hang.

mod recorded;
mod traced;
mod watchdog;

pub use recorded::{Recorded, check_recorded};
pub use traced::{Acting, Trace, Traced, check_trace};
pub use watchdog::{Hung, watchdog};
