//! What the window tests share: a watchdog that ends the process, a user who
//! acts on the window from outside, and how a test is skipped.

use std::process;
use std::thread;
use std::time::Duration;

pub use listings::boundary::proxy::needs;

/// Ends the process when it is not done within `limit`: a lost wake hangs.
pub fn watch(name: &'static str, limit: Duration) {
    thread::spawn(move || {
        thread::sleep(limit);
        eprintln!("{name}: not done after {limit:?}: a wake was lost");
        process::exit(101);
    });
}
