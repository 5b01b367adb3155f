//! How the book proves what it says: recorded text that a run must repeat,
//! and a watchdog for programs that hang.

mod recorded;
mod watchdog;

pub use recorded::{Recorded, check_recorded};
pub use watchdog::{Hung, watchdog};
