//! clippy finds nothing, in every feature.

use anyhow::Result;

use super::run::{
    MACHINERY, PROVEN, Passed, Run, SOLUTIONS, STUBS, WINDOW, cargo,
};
use crate::read::listing::{CRATE, EXERCISES};

/// Runs clippy over every package.
///
/// # Errors
/// What is wrong, a line for each.
pub fn run(run: &Run) -> Result<Passed> {
    let deny = ["--", "-D", "warnings"];
    let every = [
        &MACHINERY[..],
        &PROVEN,
        // As a reader compiles them: without what only some programs need.
        &["-p", CRATE],
        &WINDOW,
        &["-p", EXERCISES, STUBS[0], STUBS[1]],
        &["-p", EXERCISES, SOLUTIONS[0], SOLUTIONS[1]],
    ];
    for what in every {
        cargo(run, "lint", &["clippy", "--all-targets"], |c| {
            c.args(what).args(deny);
        })?;
    }
    Passed::note("")
}
