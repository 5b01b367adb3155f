//! Every test of an exercise fails on its stub and passes on its solution.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};

use super::run::{Passed, Run, SOLUTIONS, STUBS, telling};
use crate::problem;
use crate::read::listing::EXERCISES;

patterns! {
    LINE = r"(?m)^(?:\s*Running tests/(?<target>[^.\n]*).*|test (?<test>.*) \.\.\. (?<verdict>ok|FAILED))$";
}

/// A stub that passes a test teaches nothing there; a solution that fails one
/// is none.
///
/// # Errors
/// What is wrong, a line for each.
pub fn run(run: &Run) -> Result<Passed> {
    let what = ["test", "--no-fail-fast", "-p", EXERCISES];
    let solutions = run.said("exercises-solutions", run.cargo_by_clippy().args(what).args(SOLUTIONS))?;
    let (status, stubs) = run.ended("exercises-stubs", run.cargo_by_clippy().args(what).args(STUBS))?;
    if verdicts(&stubs).is_empty() {
        bail!("the stubs ended with {status}:\n{}", telling(&stubs));
    }
    Passed::note(proven(&verdicts(&stubs), &verdicts(&solutions))?)
}

/// Each test in cargo's output, with its target, and whether it passed.
fn verdicts(log: &str) -> BTreeMap<String, bool> {
    let mut target = String::new();
    let mut verdicts = BTreeMap::new();
    for found in LINE.captures_iter(log) {
        match found.name("target") {
            Some(file) => target = file.as_str().to_string(),
            None => _ = verdicts.insert(format!("{target}::{}", &found["test"]), &found["verdict"] == "ok"),
        }
    }
    verdicts
}

/// What the verdicts on the stubs and on the solutions say together.
fn proven(stubs: &BTreeMap<String, bool>, solutions: &BTreeMap<String, bool>) -> Result<String> {
    let tests: BTreeSet<&String> = stubs.keys().chain(solutions.keys()).collect();
    let wrong = tests.into_iter().filter_map(|test| {
        let why = match (stubs.get(test), solutions.get(test)) {
            (Some(false), Some(true)) => return None,
            (Some(true), _) => "passes on what should be a stub",
            (_, Some(false)) => "the solution fails it",
            (_, None) => "it did not run on the solution",
            (None, _) => "it did not run on the stub",
        };
        Some(format!("{test}: {why}"))
    });
    problem::none_of(&Vec::from_iter(wrong))?;
    let exercises: BTreeSet<_> = stubs.keys().filter_map(|test| test.split("::").next()).collect();
    Ok(format!("{} tests of {} exercises", stubs.len(), exercises.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stub_that_passes_and_a_solution_that_fails_are_named() {
        let said = |a, b| {
            format!(
                "     Running tests/x.rs (target/x-1)\nrunning 2 tests\n\
                 test a ... {a}\ntest b ... {b}\n"
            )
        };
        let (red, green) = (said("FAILED", "FAILED"), said("ok", "ok"));
        let judge = |stubs: &str, solutions: &str| {
            proven(&verdicts(stubs), &verdicts(solutions)).map_err(|why| why.to_string())
        };
        assert_eq!(judge(&red, &green).unwrap(), "2 tests of 1 exercises");
        assert_eq!(
            judge(&said("FAILED", "ok"), &said("FAILED", "ok")).unwrap_err(),
            "x::a: the solution fails it\nx::b: passes on what should be a stub"
        );
        let one = "Running tests/x.rs (target/x-1)\ntest b ... ok\n";
        assert_eq!(judge(&red, one).unwrap_err(), "x::a: it did not run on the solution");
        assert_eq!(
            judge(&one.replace("b ... ok", "a ... FAILED"), &green).unwrap_err(),
            "x::b: it did not run on the stub"
        );
    }
}
