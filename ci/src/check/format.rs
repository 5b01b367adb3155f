//! rustfmt has nothing to say.

use std::path::Path;

use anyhow::Result;

use super::run::{Passed, Run, cargo, command};
use crate::disk;
use crate::read::listing::EXERCISES;

/// Runs rustfmt.
///
/// # Errors
/// What is wrong, a line for each.
pub fn run(run: &Run) -> Result<Passed> {
    let mode: &[&str] = if run.bless { &[] } else { &["--check"] };
    cargo(run, "format", &["fmt", "--all"], |c| {
        c.args(mode);
    })?;
    // What a test of an exercise includes is no module that cargo knows of.
    let exercises = run.root.join(EXERCISES);
    let files = ["src", "solutions"].map(|folder| exercises.join(folder));
    let files = files.iter().flat_map(|folder| disk::below(folder, "rs"));
    command(run, "format-exercises", Path::new("rustfmt"), |c| {
        c.args(["--edition", "2024"]).args(mode);
        c.args(files);
    })?;
    Passed::note("")
}
