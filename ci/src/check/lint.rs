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
    let all = &["clippy", "--all-targets"][..];
    // The kit has a listing in it, whose own tests belong to the listings.
    let tested = &["clippy", "--lib", "--bins", "--tests"][..];
    let every = [
        (all, &MACHINERY[..]),
        (all, &PROVEN),
        // As a reader compiles them: without what only some programs need.
        (all, &["-p", CRATE]),
        (all, &WINDOW),
        (tested, &["-p", EXERCISES, STUBS[0], STUBS[1]]),
        (tested, &["-p", EXERCISES, SOLUTIONS[0], SOLUTIONS[1]]),
    ];
    for (how, what) in every {
        cargo(run, "lint", how, |c| {
            c.args(what).args(deny);
        })?;
    }
    Passed::note("")
}
