//! Nothing depends on which thread is faster: tests and programs pass, and print
//! what is recorded, while threads come late at random.

use anyhow::Result;

use super::run::{PROVEN, Passed, Run, WINDOW, passed, skip, started_by};
use super::screen::Screen;

/// How often everything runs, each time with other delays.
const SEEDS: u32 = 3;

/// Runs the tests, and with them the programs, under the library `delays`.
///
/// # Errors
/// What is wrong, and the seed to see it again.
pub fn run(run: &Run) -> Result<Passed> {
    if !cfg!(target_os = "linux") {
        return skip("LD_PRELOAD is of Linux");
    }
    run.said("delays-build", run.cargo().args(["build", "-p", "delays"]))?;
    run.said("delays-late", run.cargo().args(["test", "-p", "delays"]))?;
    let library = run.root.join("target/debug/libdelays.so");
    let screen = Screen::open()?;
    let mut log = String::new();
    for seed in 1..=SEEDS {
        let late = [format!("LD_PRELOAD={}", library.display()), format!("DELAYS={seed}")];
        let late = started_by(&["env", &late[0], &late[1]]);
        let what = ["test", &late, "--lib", "--test", "programs", "--no-fail-fast"];
        log += &run.said(&format!("delays-tests-{seed}"), run.cargo().args(what).args(PROVEN))?;
        let mut windows = run.cargo();
        windows.envs(screen.iter().flat_map(Screen::variables)).args(what).args(WINDOW);
        log += &run.said(&format!("delays-windows-{seed}"), windows.args(["--", "--test-threads=1"]))?;
    }
    Passed::note(format!("{} tests, {SEEDS} seeds", passed(&log)))
}
