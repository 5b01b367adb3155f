//! What a step is given and what it says; commands with their logs.

use std::ffi::OsStr;
use std::fmt;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::read::listing::{BOUNDARY, CRATE, PROOFS};
use crate::read::source::Source;
use crate::write::build::{Options, build_book};

/// No step takes this long: one that does hangs.
const LIMIT: Duration = Duration::from_secs(40 * 60);

/// What a run of `cargo ci` was asked for.
#[derive(Debug, Clone, Default)]
pub struct Run {
    /// The repository.
    pub root: PathBuf,
    /// Rewrite outputs, messages, traces and counts instead of comparing.
    pub bless: bool,
    /// `CI=true`: a skip is a failure.
    pub strict: bool,
    /// Steps were named: each looks at all, not at what stands for it.
    pub named: bool,
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
}

/// What a step lacks and how to get it. As an error it ends the step, which is then skipped and not failed.
#[derive(Debug)]
pub struct Lacks(pub String);

impl fmt::Display for Lacks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// That a step cannot run here, and why.
pub fn skip<T>(why: impl Into<String>) -> Result<T> {
    Err(anyhow::Error::msg(Lacks(why.into())))
}

pub fn logs(root: &Path) -> PathBuf {
    root.join("target/ci")
}

/// What is compiled together: their dependencies have the same features.
/// With those of `ci` each would be compiled a second time.
pub const PROVEN: [&str; 5] = ["-p", CRATE, "-p", PROOFS, "--all-features"];
/// What of them the tests are in: the examples run as one file each.
pub const TESTED: [&str; 2] = ["--lib", "--tests"];
/// The window and the GPU, on both versions of winit.
pub const WINDOW: [&str; 3] = ["-p", BOUNDARY, "--all-features"];
/// The machinery, as this program was compiled.
pub const MACHINERY: [&str; 4] = ["-p", "ci", "--features", "check"];

/// Which files of the exercises are tested: never those of a learner.
pub const STUBS: [&str; 2] = ["--features", "stubs"];
pub const SOLUTIONS: [&str; 2] = ["--features", "solutions"];

static BUILT: Mutex<Option<PathBuf>> = Mutex::new(None);

/// The book as several steps look at it: built by the first that asks.
pub fn built(run: &Run) -> Result<(PathBuf, Source)> {
    let source = Source::load(&run.root)?;
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = match built.take() {
        Some(folder) => folder,
        None => build(run, &source, "book")?,
    };
    *built = Some(folder.clone());
    Ok((folder, source))
}

/// The book with what a step has made for it, which the steps after it look at.
/// Its folder is another one, because a step beside may be in the first.
pub fn built_anew(run: &Run, live: PathBuf) -> Result<PathBuf> {
    let mut source = Source::load(&run.root)?;
    source.live = live;
    let folder = build(run, &source, "book-live")?;
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    *built = Some(folder.clone());
    Ok(folder)
}

fn build(run: &Run, source: &Source, folder: &str) -> Result<PathBuf> {
    let destination = Some(logs(&run.root).join(folder));
    let options = Options { destination, live_reload: false };
    Ok(build_book(source, &options)?.0)
}

/// The first of these programs that is on the PATH; without one the step is skipped.
pub fn needed(names: &[&str], package: &str) -> Result<PathBuf> {
    match names.iter().find_map(|name| find(name)) {
        Some(program) => Ok(program),
        None => skip(format!("no {} on the PATH: apt-get install {package}", names.join(", "))),
    }
}

/// A program on the PATH.
pub fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name).with_extension(std::env::consts::EXE_EXTENSION))
        .find(|file| file.is_file())
}

impl Run {
    /// A program that works in the repository.
    pub fn program(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root).env("CARGO_TERM_COLOR", "never").env_remove("RUST_BACKTRACE");
        command
    }

    /// The cargo that runs this.
    pub fn cargo(&self) -> Command {
        let mut cargo = self.program(std::env::var_os("CARGO").unwrap_or("cargo".into()));
        if self.bless {
            cargo.env("BLESS", "1").env("TRYBUILD", "overwrite");
        }
        cargo
    }

    /// The same, where clippy compiles what stands in the workspace. `cargo clippy` compiles nothing to the end, so
    /// each crate that it needs would be read once more.
    pub fn cargo_by_clippy(&self) -> Command {
        let mut cargo = self.cargo();
        cargo.env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver");
        cargo
    }

    /// Runs a command with both outputs in `target/ci/<log>.log`, which it returns.
    pub fn said(&self, log: &str, command: &mut Command) -> Result<String> {
        let (status, text) = self.ended(log, command)?;
        ensure!(status.success(), "`{}` ended with {status}:\n{}", as_typed(command), telling(&text));
        Ok(text)
    }

    /// The same for one that may fail.
    pub fn ended(&self, log: &str, command: &mut Command) -> Result<(ExitStatus, String)> {
        let ended = self.ended_within(LIMIT, log, command)?;
        ended.with_context(|| {
            let log = self.log(log);
            format!("`{}` hangs: ended after {LIMIT:?}; see {}", as_typed(command), log.display())
        })
    }

    /// The same for one that may hang: it has not ended within `limit`.
    pub fn ended_within(
        &self,
        limit: Duration,
        log: &str,
        command: &mut Command,
    ) -> Result<Option<(ExitStatus, String)>> {
        let path = self.log(log);
        let file = File::create(&path)?;
        command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
        // So that all of it can be ended. A person's Ctrl-C should reach it too.
        #[cfg(unix)]
        if self.strict {
            std::os::unix::process::CommandExt::process_group(command, 0);
        }
        let mut child = command.spawn().with_context(|| format!("`{}` did not start", as_typed(command)))?;
        let Some(status) = wait(&mut child, limit)? else { return Ok(None) };
        let text = String::from_utf8_lossy(&fs::read(&path)?).into_owned();
        Ok(Some((status, text)))
    }

    fn log(&self, name: &str) -> PathBuf {
        logs(&self.root).join(format!("{name}.log"))
    }
}

/// Lets cargo start what it has compiled by this program, on any system.
pub fn started_by(words: &[&str]) -> String {
    format!("--config=target.'cfg(all())'.runner={words:?}")
}

/// What cargo says of each thing that it makes, where it was asked for JSON.
pub fn messages(log: &str) -> impl Iterator<Item = Value> {
    log.lines().filter_map(|line| serde_json::from_str(line).ok())
}

/// How many tests passed, as cargo's output sums up.
pub fn passed(log: &str) -> usize {
    log.lines()
        .filter_map(|l| l.strip_prefix("test result: ok. "))
        .filter_map(|l| l.split(' ').next()?.parse::<usize>().ok())
        .sum()
}

fn as_typed(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|a| a.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Waits for a program. One that takes longer than the limit is ended.
pub fn wait(child: &mut Child, limit: Duration) -> Result<Option<ExitStatus>> {
    let start = Instant::now();
    while start.elapsed() <= limit {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        thread::sleep(Duration::from_millis(2));
    }
    end(child)?;
    Ok(None)
}

/// Ends a program and, on Unix, all that it has started.
fn end(child: &mut Child) -> Result<()> {
    #[cfg(unix)]
    Command::new("kill").args(["-KILL", "--", &format!("-{}", child.id())]).stderr(Stdio::null()).status()?;
    // It may have ended in between.
    let _ = child.kill();
    child.wait()?;
    Ok(())
}

/// The part of a failed command's log that says why.
pub fn telling(log: &str) -> String {
    let noise = ["Compiling ", "Downloaded ", "Running ", "Checking ", "Finished "];
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
        let asked = Run { root: dir.path().into(), ..Run::default() };
        let why = asked.said("x", asked.program("rustc").arg("gone.rs")).unwrap_err().to_string();
        assert!(why.contains("gone.rs"), "{why}");
    }

    #[test]
    #[cfg(unix)]
    fn a_command_that_hangs_is_ended_with_all_that_it_started() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(logs(dir.path())).unwrap();
        let asked = Run { root: dir.path().into(), strict: true, ..Run::default() };
        let mut shell = asked.program("/bin/sh");
        shell.args(["-c", "sleep 1000 & echo $! >child; wait"]);
        let hangs = asked.ended_within(Duration::from_millis(300), "x", &mut shell);
        assert_eq!(hangs.unwrap(), None);
        let child = fs::read_to_string(dir.path().join("child")).unwrap();
        let alive = || {
            let state = format!("/proc/{}/stat", child.trim());
            let state = fs::read_to_string(state).unwrap_or_default();
            !state.is_empty() && !state.contains(") Z ")
        };
        let end = Instant::now() + Duration::from_secs(60);
        while alive() && Instant::now() < end {
            thread::sleep(Duration::from_millis(5));
        }
        assert!(!alive(), "what it started goes on");
    }
}
