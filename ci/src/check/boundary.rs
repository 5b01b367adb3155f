//! The window opens, draws and closes on software Vulkan.

use std::fs;
use std::path::Path;

use anyhow::Result;

use super::run::{Passed, Run, cargo_path, command, find};

/// What the window tests need, on Debian.
const WINDOW: &str = "apt-get install mesa-vulkan-drivers libvulkan1 xvfb xauth \
                      libx11-6 libx11-xcb1 libxcursor1 libxi6 libxkbcommon-x11-0";

/// Each feature is a build of its own: they hold two versions of winit.
///
/// # Errors
/// What is wrong, a line for each.
pub fn run(run: &Run) -> Result<Passed> {
    let xvfb = find("xvfb-run");
    if xvfb.is_none() && std::env::var_os("DISPLAY").is_none() {
        return Passed::skip(format!("no display and no Xvfb: {WINDOW}"));
    }
    let cargo = cargo_path();
    let runtime = tempfile::tempdir()?;
    let (mut windows, mut skipped) = (0, Vec::new());
    for feature in ["gpu", "winit-031"] {
        let targets = feature_tests(&run.root, feature)?;
        let mut arguments =
            vec!["test", "-p", "listings", "--features", feature];
        arguments.push("--lib");
        for target in &targets {
            arguments.extend(["--test", target]);
        }
        let filter = ["boundary", "--nocapture", "--test-threads=1"];
        let log = command(
            run,
            &format!("boundary-{feature}"),
            xvfb.as_deref().unwrap_or(&cargo),
            |c| {
                if xvfb.is_some() {
                    // Without -noreset the server ends with its last client.
                    c.args(["-a", "-s", "-screen 0 1280x1024x24 -noreset"]);
                    c.arg(&cargo);
                }
                c.args(&arguments).arg("--").args(filter);
                c.env("XDG_RUNTIME_DIR", runtime.path());
                if run.bless {
                    c.env("BLESS", "1");
                }
            },
        )?;
        windows += targets.len();
        for line in log.lines().filter_map(|l| l.split_once("SKIP: ")) {
            skipped.push(format!("{}: {WINDOW}", line.1));
        }
    }
    skipped.sort();
    skipped.dedup();
    Ok(Passed { note: format!("{windows} test programs"), skipped })
}

/// The integration tests that need `feature`, from the manifest.
fn feature_tests(root: &Path, feature: &str) -> Result<Vec<String>> {
    let manifest = fs::read_to_string(root.join("listings/Cargo.toml"))?;
    let manifest: toml::Table = manifest.parse()?;
    let tests = manifest.get("test").and_then(|t| t.as_array());
    let needs = |test: &&toml::Value| {
        let needed = test.get("required-features").and_then(|f| f.as_array());
        needed.is_some_and(|f| f.iter().any(|f| f.as_str() == Some(feature)))
    };
    let name = |test: &toml::Value| test.get("name")?.as_str().map(Into::into);
    Ok(tests.into_iter().flatten().filter(needs).filter_map(name).collect())
}
