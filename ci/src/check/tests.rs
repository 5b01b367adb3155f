//! The listings' tests pass; what is recorded is what they give.

use std::process::Command;

use anyhow::{Context as _, Result};

use super::run::{PACKAGES, Passed, Run, cargo, find};

/// The compiler whose messages are recorded.
const MESSAGES_OF: &str = "1.95.";

/// Runs the tests of both packages.
///
/// # Errors
/// What is wrong, a line for each.
pub fn run(run: &Run) -> Result<Passed> {
    let mut log = String::new();
    for package in PACKAGES {
        let what = ["test", "--no-fail-fast", "-p", package];
        log += &cargo(run, &format!("tests-{package}"), &what, |_| {})?;
    }
    let count: usize = log
        .lines()
        .filter_map(|l| l.strip_prefix("test result: ok. "))
        .filter_map(|l| l.split(' ').next()?.parse::<usize>().ok())
        .sum();
    let mut skipped = Vec::new();
    if !compiler()?.starts_with(MESSAGES_OF) {
        skipped.push(format!(
            "messages: recorded with Rust {MESSAGES_OF}x, this is {}: \
             `rustup toolchain install 1.95.0`, then `cargo +1.95.0 ci`",
            compiler()?
        ));
    }
    if find("node").is_none() {
        skipped.push("JavaScript programs: install Node.js".into());
    }
    Ok(Passed { note: format!("{count} tests"), skipped })
}

/// The compiler's version, as in `1.95.0`.
fn compiler() -> Result<String> {
    let output = Command::new("rustc")
        .arg("--version")
        .output()
        .context("rustc is not on the PATH")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(text.split(' ').nth(1).unwrap_or_default().to_string())
}
