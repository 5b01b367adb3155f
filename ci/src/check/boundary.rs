//! The window opens, draws and closes on software Vulkan.

use std::collections::BTreeSet;

use anyhow::Result;

use super::run::{Passed, Run, WINDOW, cargo_path, command, find, passed};

/// What the window tests need, on Debian.
const NEEDED: &str = "apt-get install mesa-vulkan-drivers libvulkan1 xvfb xauth \
                      libx11-6 libx11-xcb1 libxcursor1 libxi6 libxkbcommon-x11-0";

/// Runs the tests of the window on a screen of their own.
///
/// # Errors
/// What is wrong, a line for each.
pub fn run(run: &Run) -> Result<Passed> {
    let xvfb = find("xvfb-run");
    if xvfb.is_none() && std::env::var_os("DISPLAY").is_none() {
        return Passed::skip(format!("no display and no Xvfb: {NEEDED}"));
    }
    let cargo = cargo_path();
    let runtime = tempfile::tempdir()?;
    let program = xvfb.as_deref().unwrap_or(&cargo);
    let log = command(run, "boundary", program, |c| {
        if xvfb.is_some() {
            // Without -noreset the server ends with its last client.
            c.args(["-a", "-s", "-screen 0 1280x1024x24 -noreset"]);
            c.arg(&cargo);
        }
        c.args(["test", "--no-fail-fast"]).args(WINDOW);
        c.args(["--", "--nocapture", "--test-threads=1"]);
        c.env("XDG_RUNTIME_DIR", runtime.path());
        if run.bless {
            c.env("BLESS", "1");
        }
    })?;
    let skip = |line: &str| {
        let (_, why) = line.split_once("SKIP: ")?;
        Some(format!("{why}: {NEEDED}"))
    };
    let skipped: BTreeSet<String> = log.lines().filter_map(skip).collect();
    let note = format!("{} tests", passed(&log));
    Ok(Passed { note, skipped: skipped.into_iter().collect() })
}
