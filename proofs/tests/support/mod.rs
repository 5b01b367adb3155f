//! What the proofs that run programs share: they build them first, so that
//! nothing old is compared, and end what does not end by itself.
#![allow(dead_code, reason = "each proof uses what it needs")]

use std::io::{Read, Seek};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use serde_json::Value;

/// No program of the book takes this long, on however busy a machine.
const LIMIT: Duration = Duration::from_secs(60);

/// A program and where it is.
pub struct Built {
    /// The folder of its package.
    pub package: &'static str,
    /// Its file in `examples/`, without the extension.
    pub name: String,
    /// What is run.
    pub path: PathBuf,
}

/// The programs of a package, built now: those named, or every one.
pub fn programs(package: &'static str, names: &[&str]) -> Vec<Built> {
    let profile = profile();
    let target = profile.parent().expect("a profile is in the target folder");
    let release = profile.ends_with("release");
    let built = Command::new(env!("CARGO"))
        .current_dir(root())
        .args(["build", "--all-features", "--package", package])
        .args(names.is_empty().then_some("--examples"))
        .args(names.iter().flat_map(|name| ["--example", name]))
        .args(release.then_some("--release"))
        .args(["--message-format", "json-render-diagnostics"])
        .arg("--target-dir")
        .arg(target)
        .output()
        .expect("cargo starts");
    let errors = String::from_utf8_lossy(&built.stderr);
    assert!(built.status.success(), "the programs do not build:\n{errors}");
    let messages = String::from_utf8_lossy(&built.stdout).into_owned();
    let program = |line: &str| {
        let message: Value = serde_json::from_str(line).ok()?;
        let is_example = message["target"]["kind"][0] == "example";
        let path = is_example.then(|| message["executable"].as_str())??;
        let name = message["target"]["name"].as_str()?.to_string();
        Some(Built { package, name, path: path.into() })
    };
    messages.lines().filter_map(program).collect()
}

/// The programs in JavaScript.
pub fn scripts() -> Vec<Built> {
    let folder = root().join("listings/examples");
    let files = fs::read_dir(folder).expect("the folder is there");
    let script = |file: fs::DirEntry| {
        let path = file.path();
        let name = path.file_stem()?.to_str()?.to_string();
        let script = Built { package: "listings", name, path };
        (script.path.extension()? == "js").then_some(script)
    };
    files.flatten().filter_map(script).collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The folder of what this test was built with: `target/debug`.
fn profile() -> PathBuf {
    let test = env::current_exe().expect("a test has a path");
    let profile = test.ancestors().nth(2).expect("target/debug/deps/test");
    profile.to_path_buf()
}

/// What a program prints, and below it how it ended when that was no success.
pub fn end_of(command: Command) -> Result<String, String> {
    end_within(command, LIMIT)
}

/// The same for a program that is given less time.
pub fn end_within(
    mut command: Command,
    limit: Duration,
) -> Result<String, String> {
    let not_started = |why| format!("{command:?} did not start: {why}");
    let mut printed = tempfile::tempfile().map_err(not_started)?;
    let out = printed.try_clone().map_err(not_started)?;
    let mut child = command
        .stdin(Stdio::null())
        .stdout(out)
        .stderr(Stdio::null())
        .spawn()
        .map_err(|why| format!("{command:?} did not start: {why}"))?;
    let end = Instant::now() + limit;
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if Instant::now() < end => {
                thread::sleep(Duration::from_millis(2));
            }
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("did not end within {limit:?}"));
            }
        }
    };
    let mut text = String::new();
    printed
        .rewind()
        .and_then(|()| printed.read_to_string(&mut text))
        .map_err(|why| format!("printed what is no text: {why}"))?;
    if !status.success() {
        text += &format!("({status})\n");
    }
    Ok(text)
}
