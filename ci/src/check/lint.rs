//! clippy finds nothing, in every feature.

use anyhow::{Result, bail};

use super::run::{MACHINERY, PROVEN, Passed, Run, SOLUTIONS, STUBS, TESTED, WINDOW, telling};
use crate::read::listing::{CRATE, EXERCISES};

/// Runs clippy over every package. The examples of the listings, each with the
/// steps that it uses, are seen by the step `whole`.
///
/// # Errors
/// What is wrong, a line for each.
pub fn run(run: &Run) -> Result<Passed> {
    // As they are tested: the steps `tests`, `boundary` and `exercises` run what
    // clippy compiles here.
    let tested = [
        ("ci", &MACHINERY[..]),
        ("proven", &[&PROVEN[..], &TESTED, &["--benches"]].concat()),
        ("window", &WINDOW),
        ("stubs", &["-p", EXERCISES, STUBS[0], STUBS[1]]),
        ("solutions", &["-p", EXERCISES, SOLUTIONS[0], SOLUTIONS[1]]),
    ];
    for (name, what) in tested {
        let mut test = run.cargo_by_clippy();
        let log = run.said(&format!("lint-{name}"), test.args(["test", "--no-run"]).args(what))?;
        // A server that answers at the second try is nobody's mistake.
        let warns = |line: &str| line.starts_with("warning: ") && !line.contains("spurious network");
        if log.lines().any(warns) {
            bail!("{}", telling(&log));
        }
    }
    // As `cargo test` of a reader compiles them, without a feature. That a
    // program asks for the feature it needs, the step `whole` knows.
    for package in [CRATE, "delays"] {
        let mut clippy = run.cargo();
        clippy.args(["clippy", "--lib", "--tests", "-p", package, "--", "-D", "warnings"]);
        run.said("lint", &mut clippy)?;
    }
    Passed::note("")
}
