//! rustfmt has nothing to say.

use anyhow::Result;

use super::run::{Passed, Run};
use crate::disk;
use crate::read::listing::EXERCISES;

/// Runs rustfmt.
///
/// # Errors
/// What is wrong, a line for each.
pub fn run(run: &Run) -> Result<Passed> {
    let mode: &[&str] = if run.bless { &[] } else { &["--check"] };
    run.said("format", run.cargo().args(["fmt", "--all"]).args(mode))?;
    // What a test of an exercise includes is no module that cargo knows of.
    let exercises = run.root.join(EXERCISES);
    let files = ["src", "solutions"].map(|folder| exercises.join(folder));
    let files = files.iter().flat_map(|folder| disk::below(folder, "rs"));
    let mut rustfmt = run.program("rustfmt");
    run.said("format-exercises", rustfmt.args(["--edition", "2024"]).args(mode).args(files))?;
    Passed::note("")
}
