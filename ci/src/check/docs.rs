//! Every link in the API docs resolves.

use anyhow::Result;

use super::run::{MACHINERY, PROVEN, Passed, Run, WINDOW};
use crate::read::listing::EXERCISES;

/// Builds the documentation of what readers open; by name that of the machinery
/// and of the window too, for which all that they use is compiled once more.
///
/// # Errors
/// What is wrong, a line for each.
pub fn run(run: &Run) -> Result<Passed> {
    let all = [&PROVEN[..], &["-p", EXERCISES], &MACHINERY, &WINDOW];
    for what in &all[..if run.named { 4 } else { 2 }] {
        let mut doc = run.cargo();
        run.said("docs", doc.args(["doc", "--no-deps", "--lib"]).args(*what).env("RUSTDOCFLAGS", "-D warnings"))?;
    }
    Passed::note("")
}
