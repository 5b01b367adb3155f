//! rustfmt has nothing to say.

use anyhow::Result;

use super::run::{Passed, Run, cargo};

/// Runs rustfmt.
///
/// # Errors
/// What is wrong, a line for each.
pub fn run(run: &Run) -> Result<Passed> {
    let mode: &[&str] = if run.bless { &[] } else { &["--check"] };
    cargo(run, "format", &["fmt", "--all"], |c| {
        c.args(mode);
    })?;
    Passed::note("")
}
