//! Every test of an exercise fails on its stub and passes on its solution.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};

use super::run::{Passed, Run, SOLUTIONS, attempt, cargo, cargo_path, telling};
use crate::read::listing::EXERCISES;

/// A stub that passes a test teaches nothing there; a solution that fails one
/// is none.
///
/// # Errors
/// What is wrong, a line for each.
pub fn run(run: &Run) -> Result<Passed> {
    let what = ["test", "--no-fail-fast", "-p", EXERCISES];
    let solutions = cargo(run, "exercises-solutions", &what, |c| {
        c.args(SOLUTIONS);
    })?;
    let (status, stubs) =
        attempt(run, "exercises-stubs", &cargo_path(), |c| {
            c.args(what);
        })?;
    if verdicts(&stubs).is_empty() {
        bail!("the stubs ended with {status}:\n{}", telling(&stubs));
    }
    Passed::note(proven(&verdicts(&stubs), &verdicts(&solutions))?)
}

/// Each test in cargo's output, and whether it passed.
fn verdicts(log: &str) -> BTreeMap<&str, bool> {
    let verdict = |line: &'_ str| -> Option<bool> {
        match line {
            "ok" => Some(true),
            "FAILED" => Some(false),
            _ => None,
        }
    };
    log.lines()
        .filter_map(|l| l.strip_prefix("test ")?.split_once(" ... "))
        .filter_map(|(test, said)| Some((test, verdict(said)?)))
        .collect()
}

/// What the verdicts on the stubs and on the solutions say together.
fn proven(
    stubs: &BTreeMap<&str, bool>,
    solutions: &BTreeMap<&str, bool>,
) -> Result<String> {
    let mut wrong = Vec::new();
    for (test, passed) in stubs {
        if *passed {
            wrong.push(format!("{test}: passes on what should be a stub"));
        }
        if !solutions.contains_key(test) {
            wrong.push(format!("{test}: it did not run on the solution"));
        }
    }
    for (test, passed) in solutions {
        if !passed {
            wrong.push(format!("{test}: the solution fails it"));
        }
        if !stubs.contains_key(test) {
            wrong.push(format!("{test}: it did not run on the stub"));
        }
    }
    let exercise = |test: &&str| test.split("::").next().map(str::to_string);
    let exercises: BTreeSet<_> = stubs.keys().filter_map(exercise).collect();
    for name in &exercises {
        let also = |test: &&&str| {
            test.contains(name.as_str())
                && !test.starts_with(&format!("{name}::"))
        };
        for test in stubs.keys().filter(also) {
            wrong.push(format!("{test}: `cargo test {name}` runs it too"));
        }
    }
    if !wrong.is_empty() {
        bail!("{}", wrong.join("\n"));
    }
    Ok(format!("{} tests of {} exercises", stubs.len(), exercises.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stub_that_passes_and_a_solution_that_fails_are_named() {
        let said = |a, b| {
            format!("running 2 tests\ntest x::a ... {a}\ntest x::b ... {b}\n")
        };
        let (red, green) = (said("FAILED", "FAILED"), said("ok", "ok"));
        let judge = |stubs: &str, solutions: &str| {
            proven(&verdicts(stubs), &verdicts(solutions))
                .map_err(|why| why.to_string())
        };
        assert_eq!(judge(&red, &green).unwrap(), "2 tests of 1 exercises");
        assert_eq!(
            judge(&said("FAILED", "ok"), &said("FAILED", "ok")).unwrap_err(),
            "x::b: passes on what should be a stub\n\
             x::a: the solution fails it"
        );
        let more = |said| format!("test y::ax ... {said}\n");
        assert_eq!(
            judge(
                &(red.clone() + &more("FAILED")),
                &(green.clone() + &more("ok"))
            )
            .unwrap_err(),
            "y::ax: `cargo test x` runs it too"
        );
        assert_eq!(
            judge(&red, "test x::b ... ok\n").unwrap_err(),
            "x::a: it did not run on the solution"
        );
        assert_eq!(
            judge("test x::a ... FAILED\n", &green).unwrap_err(),
            "x::b: it did not run on the stub"
        );
    }
}
