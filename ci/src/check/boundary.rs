//! The window opens, draws and closes on software Vulkan.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::process::Command;

use anyhow::Result;

use super::run::{Passed, Run, WINDOW, by_clippy, cargo_path, command, find, passed};

/// What the window tests need, on Debian.
const NEEDED: &str = "apt-get install mesa-vulkan-drivers libvulkan1 xvfb xauth \
                      libx11-6 libx11-xcb1 libxcursor1 libxi6 libxkbcommon-x11-0";

/// Starts a program on a screen that nobody sees.
const XVFB: &str = "xvfb-run";

/// Runs the tests of the window on a screen of their own.
///
/// # Errors
/// What is wrong, a line for each.
pub fn run(run: &Run) -> Result<Passed> {
    if find(XVFB).is_none() && std::env::var_os("DISPLAY").is_none() {
        return Passed::skip(format!("no display and no Xvfb: {NEEDED}"));
    }
    let log = on_screen(run, "boundary", |c| {
        c.args(["test", "--no-fail-fast"]).args(WINDOW);
        c.args(["--", "--nocapture", "--test-threads=1"]);
        by_clippy(c);
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

/// What cargo says on a screen of its own.
///
/// # Errors
/// When it fails.
pub fn on_screen(run: &Run, log: &str, arguments: impl FnOnce(&mut Command)) -> Result<String> {
    let runtime = tempfile::tempdir()?;
    let cargo = cargo_on_screen();
    command(run, log, cargo[0].as_ref(), |c| {
        c.args(&cargo[1..]).env("XDG_RUNTIME_DIR", runtime.path());
        arguments(c);
    })
}

/// Cargo, and before it what starts a program on a screen of its own, where
/// there is one.
pub fn cargo_on_screen() -> Vec<OsString> {
    let cargo = cargo_path().into();
    // Without -noreset the server ends with its last client.
    let arguments = ["-a", "-s", "-screen 0 1280x1024x24 -noreset"];
    match find(XVFB) {
        Some(xvfb) => [xvfb.into()].into_iter().chain(arguments.map(OsString::from)).chain([cargo]).collect(),
        None => vec![cargo],
    }
}
