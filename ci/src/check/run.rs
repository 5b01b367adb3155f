//! What a step is given and what it says; commands with their logs.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::read::source::Source;
use crate::write::build::{Options, clear};

/// No step takes this long: one that does hangs.
const LIMIT: Duration = Duration::from_secs(15 * 60);

/// What a run of `cargo ci` was asked for.
#[derive(Debug, Clone)]
pub struct Run {
    /// The repository.
    pub root: PathBuf,
    /// Rewrite outputs, messages, traces and counts instead of comparing.
    pub bless: bool,
    /// `CI=true`: a skip is a failure.
    pub strict: bool,
}

/// What a step that did not fail says.
#[derive(Debug, Default)]
pub struct Passed {
    /// A few words for its line.
    pub note: String,
    /// What was left out, and how to get it.
    pub skipped: Vec<String>,
}

impl Passed {
    pub fn note(note: impl Into<String>) -> Result<Passed> {
        Ok(Passed { note: note.into(), skipped: Vec::new() })
    }

    pub fn skip(why: impl Into<String>) -> Result<Passed> {
        Ok(Passed { note: "skipped".into(), skipped: vec![why.into()] })
    }
}

pub fn logs(root: &Path) -> PathBuf {
    root.join("target/ci")
}

/// One package at a time: together they would need every dependency a second
/// time, with the features of both.
pub const PACKAGES: [&str; 2] = ["ci", "listings"];

/// Which files of the exercises are tested: never those of a learner.
pub const STUBS: [&str; 2] = ["--features", "stubs"];
pub const SOLUTIONS: [&str; 2] = ["--features", "solutions"];

/// The book as the later steps look at it.
pub fn built(run: &Run) -> Result<(PathBuf, Source)> {
    let folder = logs(&run.root).join("book");
    clear(&folder)?;
    let book = Source::load(&run.root)?;
    let options =
        Options { destination: Some(folder.clone()), live_reload: false };
    book.build(&options)?;
    Ok((folder, book))
}

/// A program on the PATH.
pub fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| {
            folder.join(name).with_extension(std::env::consts::EXE_EXTENSION)
        })
        .find(|file| file.is_file())
}

/// The cargo that runs this.
pub fn cargo_path() -> PathBuf {
    std::env::var_os("CARGO").unwrap_or("cargo".into()).into()
}

pub fn cargo(
    run: &Run,
    log: &str,
    arguments: &[&str],
    more: impl FnOnce(&mut Command),
) -> Result<String> {
    command(run, log, &cargo_path(), |c| {
        c.args(arguments);
        if run.bless {
            c.env("BLESS", "1").env("TRYBUILD", "overwrite");
        }
        more(c);
    })
}

/// Runs a program with both outputs in `target/ci/<log>.log`, which it
/// returns.
pub fn command(
    run: &Run,
    log: &str,
    program: &Path,
    arguments: impl FnOnce(&mut Command),
) -> Result<String> {
    let mut shown = String::new();
    let (status, text) = attempt(run, log, program, |c| {
        arguments(c);
        shown = as_typed(c);
    })?;
    if !status.success() {
        bail!("`{shown}` ended with {status}:\n{}", telling(&text));
    }
    Ok(text)
}

pub fn as_typed(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|a| a.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The same for a program that may fail.
pub fn attempt(
    run: &Run,
    log: &str,
    program: &Path,
    arguments: impl FnOnce(&mut Command),
) -> Result<(ExitStatus, String)> {
    let path = logs(&run.root).join(format!("{log}.log"));
    let file = File::create(&path)?;
    let mut command = Command::new(program);
    command
        .current_dir(&run.root)
        .stdin(Stdio::null())
        .stdout(file.try_clone()?)
        .stderr(file)
        .env("CARGO_TERM_COLOR", "never")
        .env_remove("RUST_BACKTRACE");
    arguments(&mut command);
    let shown = as_typed(&command);
    let mut child =
        command.spawn().with_context(|| format!("`{shown}` did not start"))?;
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if start.elapsed() > LIMIT {
            child.kill()?;
            bail!(
                "`{shown}` hangs: ended after {} minutes; see {}",
                LIMIT.as_secs() / 60,
                path.display()
            );
        }
        thread::sleep(Duration::from_millis(20));
    };
    let text = String::from_utf8_lossy(&fs::read(&path)?).into_owned();
    Ok((status, text))
}

/// The part of a failed command's log that says why.
pub fn telling(log: &str) -> String {
    let noise =
        ["Compiling ", "Downloaded ", "Running ", "Checking ", "Finished "];
    let lines: Vec<&str> = log
        .lines()
        .filter(|l| !noise.iter().any(|n| l.trim_start().starts_with(n)))
        .filter(|l| !(l.starts_with("test ") && l.ends_with("... ok")))
        .filter(|l| !l.trim().is_empty())
        .collect();
    const MOST: usize = 80;
    let skip = lines.len().saturating_sub(MOST);
    lines[skip..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_command_shows_what_it_said() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(logs(dir.path())).unwrap();
        let asked =
            Run { root: dir.path().into(), bless: false, strict: false };
        let why = command(&asked, "x", Path::new("rustc"), |c| {
            c.arg("gone.rs");
        })
        .unwrap_err()
        .to_string();
        assert!(why.contains("gone.rs"), "{why}");
    }
}
