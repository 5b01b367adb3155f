//! Nothing depends on which thread is faster: tests and programs pass, and print
//! what is recorded, while threads come late at random.

use anyhow::{Context as _, Result};

use super::boundary::on_screen;
use super::run::{PROVEN, Passed, Run, WINDOW, cargo, passed};

/// How often everything runs, each time with other delays.
const SEEDS: u32 = 3;

/// Runs the tests, and with them the programs, under the library `delays`.
///
/// # Errors
/// What is wrong, and the seed to see it again.
pub fn run(run: &Run) -> Result<Passed> {
    if !cfg!(target_os = "linux") {
        return Passed::skip("LD_PRELOAD is of Linux");
    }
    cargo(run, "delays-build", &["build", "-p", "delays"], |_| ())?;
    cargo(run, "delays-late", &["test", "-p", "delays"], |_| ())?;
    let library = run.root.join("target/debug/libdelays.so");
    let library = library.to_str().context("the path is not UTF-8")?;
    let rest = ["--lib", "--test", "programs", "--no-fail-fast"];
    let mut log = String::new();
    for seed in 1..=SEEDS {
        let runner = format!("env LD_PRELOAD={library} DELAYS={seed}");
        let tests = format!("delays-tests-{seed}");
        log += &cargo(run, &tests, &["test"], |c| {
            c.args(PROVEN).args(rest).env(runner_of(), &runner);
        })?;
        let windows = format!("delays-windows-{seed}");
        log += &on_screen(run, &windows, |c| {
            c.arg("test").args(WINDOW).args(rest);
            c.args(["--", "--test-threads=1"]).env(runner_of(), &runner);
        })?;
    }
    Passed::note(format!("{} tests, {SEEDS} seeds", passed(&log)))
}

/// Where cargo looks for the program that starts a test.
const fn runner_of() -> &'static str {
    if cfg!(target_arch = "aarch64") {
        "CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER"
    } else {
        "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER"
    }
}
