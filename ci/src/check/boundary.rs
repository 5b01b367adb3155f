//! The window opens, draws and closes on software Vulkan.

use std::collections::BTreeSet;

use anyhow::Result;

use super::run::{Passed, Run, WINDOW, passed, skip};
use super::screen::Screen;

/// What the window tests need, on Debian.
const NEEDED: &str = "apt-get install mesa-vulkan-drivers libvulkan1 xvfb libx11-6 libx11-xcb1 \
                      libxcursor1 libxi6 libxkbcommon-x11-0";

/// Runs the tests of the window on a screen of their own.
///
/// # Errors
/// What is wrong, a line for each.
pub fn run(run: &Run) -> Result<Passed> {
    let Some(screen) = Screen::open()? else {
        return skip(format!("no display and no Xvfb: {NEEDED}"));
    };
    let mut test = run.cargo_by_clippy();
    test.envs(screen.variables()).args(["test", "--no-fail-fast"]).args(WINDOW);
    let log = run.said("boundary", test.args(["--", "--nocapture", "--test-threads=1"]))?;
    let left_out = |line: &str| {
        let (_, why) = line.split_once("SKIP: ")?;
        Some(format!("{why}: {NEEDED}"))
    };
    let skipped: BTreeSet<String> = log.lines().filter_map(left_out).collect();
    let note = format!("{} tests", passed(&log));
    Ok(Passed { note, skipped: skipped.into_iter().collect() })
}
