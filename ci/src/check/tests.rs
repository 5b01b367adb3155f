//! The listings' tests pass; what is recorded is what they give.

use anyhow::Result;

use super::run::{MACHINERY, PROVEN, Passed, Run, TESTED, by_clippy, cargo, find, passed};
use super::toolchain;

/// The test in `proofs` that compiles and runs every example of the listings.
const EXAMPLES: &str = "each_example_prints_what_is_recorded";

/// Runs the tests of the machinery, the listings and the proofs.
///
/// # Errors
/// What is wrong, a line for each.
pub fn run(run: &Run) -> Result<Passed> {
    let mut log = String::new();
    let test = ["test", "--no-fail-fast"];
    log += &cargo(run, "tests-ci", &test, |c| {
        c.args(MACHINERY);
        by_clippy(c);
    })?;
    log += &cargo(run, "tests-listings", &test, |c| {
        c.args(PROVEN).args(TESTED);
        by_clippy(c);
        if !run.named && !run.bless {
            c.args(["--", "--skip", EXAMPLES]);
        }
    })?;
    let count = passed(&log);
    let mut skipped = Vec::new();
    let (pinned, here) = (toolchain::pinned(&run.root)?, toolchain::compiler()?);
    if here != pinned {
        skipped.push(format!(
            "messages: recorded with Rust {pinned}, this is {here}: \
             `rustup toolchain install {pinned}`, and no RUSTUP_TOOLCHAIN"
        ));
    }
    if find("node").is_none() {
        skipped.push("JavaScript programs: install Node.js".into());
    }
    Ok(Passed { note: format!("{count} tests"), skipped })
}
