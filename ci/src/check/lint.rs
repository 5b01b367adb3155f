//! clippy finds nothing, in every feature.

use anyhow::Result;

use super::run::{PACKAGES, Passed, Run, SOLUTIONS, STUBS, cargo};
use crate::read::listing::EXERCISES;

/// Runs clippy over every package.
///
/// # Errors
/// What is wrong, a line for each.
pub fn run(run: &Run) -> Result<Passed> {
    let deny = ["--", "-D", "warnings"];
    for package in PACKAGES {
        cargo(run, "lint", &["clippy", "--all-targets", "-p", package], |c| {
            c.args(deny);
        })?;
    }
    let features = ["gpu", "winit-031"];
    for feature in features {
        let what = ["clippy", "-p", "listings", "--all-targets", "--features"];
        cargo(run, "lint", &what, |c| {
            c.arg(feature).args(deny);
        })?;
    }
    let exercises = ["clippy", "--all-targets", "-p", EXERCISES];
    for with in [STUBS, SOLUTIONS] {
        cargo(run, "lint", &exercises, |c| {
            c.args(with).args(deny);
        })?;
    }
    Passed::note(format!("default, {}", features.join(", ")))
}
