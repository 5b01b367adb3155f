//! Every link in the API docs resolves.

use anyhow::Result;

use super::run::{MACHINERY, PROVEN, Passed, Run, WINDOW, cargo};
use crate::read::listing::EXERCISES;

/// Builds the documentation.
///
/// # Errors
/// What is wrong, a line for each.
pub fn run(run: &Run) -> Result<Passed> {
    for what in [&MACHINERY[..], &PROVEN, &WINDOW, &["-p", EXERCISES]] {
        cargo(run, "docs", &["doc", "--no-deps", "--lib"], |c| {
            c.args(what).env("RUSTDOCFLAGS", "-D warnings");
        })?;
    }
    Passed::note("")
}
