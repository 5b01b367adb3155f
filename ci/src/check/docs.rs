//! Every link in the API docs resolves.

use anyhow::Result;

use super::run::{PACKAGES, Passed, Run, cargo};
use crate::read::listing::EXERCISES;

/// Builds the documentation.
///
/// # Errors
/// What is wrong, a line for each.
pub fn run(run: &Run) -> Result<Passed> {
    for package in PACKAGES.into_iter().chain([EXERCISES]) {
        let what = ["doc", "--no-deps", "--lib", "-p", package];
        cargo(run, "docs", &what, |c| {
            c.env("RUSTDOCFLAGS", "-D warnings");
        })?;
    }
    Passed::note("")
}
