//! The listings' tests pass; what is recorded is what they give.

use anyhow::Result;

use super::run::{MACHINERY, PROVEN, Passed, Run, TESTED, find, passed};
use super::toolchain;

/// The test in `proofs` that compiles and runs every example of the listings.
const EXAMPLES: &str = "each_example_prints_what_is_recorded";

/// Runs the tests of the machinery, the listings and the proofs.
///
/// # Errors
/// What is wrong, a line for each.
pub fn run(run: &Run) -> Result<Passed> {
    let test = ["test", "--no-fail-fast"];
    let of_ci = run.said("tests-ci", run.cargo_by_clippy().args(test).args(MACHINERY))?;
    let skip: &[&str] = if run.named || run.bless { &[] } else { &["--", "--skip", EXAMPLES] };
    let mut tests = run.cargo_by_clippy();
    let of_listings = run.said("tests-listings", tests.args(test).args(PROVEN).args(TESTED).args(skip))?;
    let count = passed(&of_ci) + passed(&of_listings);
    let mut skipped = Vec::new();
    let (pinned, here) = (toolchain::pinned(&run.root)?, toolchain::compiler()?);
    if here != pinned {
        skipped.push(format!(
            "messages: recorded with Rust {pinned}, this is {here}: `rustup toolchain install {pinned}`, and no \
             RUSTUP_TOOLCHAIN"
        ));
    }
    if find("node").is_none() {
        skipped.push("JavaScript programs: install Node.js".into());
    }
    Ok(Passed { note: format!("{count} tests"), skipped })
}
