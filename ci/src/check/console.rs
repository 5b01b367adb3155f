//! What tokio-console is told of tasks that hang is what is recorded.

use anyhow::Result;

use super::run::{PROVEN, Passed, Run, passed};

/// Runs the test that compiles the console's crates.
///
/// # Errors
/// What is wrong.
pub fn run(run: &Run) -> Result<Passed> {
    let mut test = run.cargo();
    test.args(["test", "--test", "console"]).args(PROVEN).args(["--", "--ignored"]);
    let log = run.said("console", &mut test)?;
    Passed::note(format!("{} tests", passed(&log)))
}
