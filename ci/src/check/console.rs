//! What tokio-console is told of tasks that hang is what is recorded.

use anyhow::Result;

use super::run::{PROVEN, Passed, Run, cargo, passed};

/// Runs the test that compiles the console's crates.
///
/// # Errors
/// What is wrong.
pub fn run(run: &Run) -> Result<Passed> {
    let log = cargo(run, "console", &["test", "--test", "console"], |c| {
        c.args(PROVEN).args(["--", "--ignored"]);
    })?;
    Passed::note(format!("{} tests", passed(&log)))
}
