//! Lines that are broken on purpose, and what must turn red.
//!
//! Each entry of `proofs/sabotage.toml` is applied to a copy of the
//! repository, with a target folder of its own. A change that turns nothing
//! red shows a sentence that nothing proves; one that ends in a hang, a test
//! that waits without a watchdog.
//!
//! All of them take an hour. So each is told of as soon as it is known, and a
//! change that turned red is kept: the next run over the same listings and
//! tests goes on where this one ended.

use std::collections::BTreeSet;
use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash as _, Hasher as _};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use super::run::{Passed, Run, attempt_within, cargo_path, logs};
use crate::problem::Problem;

/// The changes, relative to the root.
const LIST: &str = "proofs/sabotage.toml";

/// The environment variable that names the files whose changes are made,
/// with spaces between; all are when it is not there.
const ONLY: &str = "SABOTAGE_FILES";

/// How long one change may take, its compilation included. Whatever waits
/// does so under a watchdog that is over much sooner.
const LIMIT: Duration = Duration::from_secs(10 * 60);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    sabotage: Vec<Sabotage>,
}

/// A change to a listing.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sabotage {
    /// The file, relative to the root.
    file: String,
    /// What stands there once.
    old: String,
    /// What is written in its place.
    new: String,
    /// Which tests `cargo test` runs, as arguments.
    run: String,
    /// A part of the name of a test that must fail, or `compiler`.
    red: String,
}

/// Makes the changes one after the other.
///
/// # Errors
/// Each that turned nothing red, turned something else red, or hung.
pub fn run(run: &Run) -> Result<Passed> {
    let text = fs::read_to_string(run.root.join(LIST)).context(LIST)?;
    let list: List = toml::from_str(&text).context(LIST)?;
    let only = std::env::var(ONLY).ok();
    let chosen = |it: &&Sabotage| {
        only.as_ref().is_none_or(|files| files.split(' ').any(|f| f == it.file))
    };
    let changes: Vec<&Sabotage> = list.sabotage.iter().filter(chosen).collect();
    let copy = Copy::make(run)?;
    let mut kept = Kept::read(run, &copy)?;
    let left: Vec<&&Sabotage> =
        changes.iter().filter(|it| !kept.has(&it.key())).collect();
    println!(
        "      {} changes, {} of them known to turn red",
        changes.len(),
        changes.len() - left.len()
    );
    let mut wrong = Vec::new();
    let runs: BTreeSet<&str> = left.iter().map(|it| it.binary()).collect();
    for tests in runs {
        if kept.has(tests) {
            continue;
        }
        // What is compiled for the first time takes long.
        match copy.tests(run, tests, 3 * LIMIT)? {
            Said::Passed => kept.add(tests)?,
            said => wrong.push(format!("without a change, {tests}: {said:?}")),
        }
    }
    if !wrong.is_empty() {
        bail!("{}", wrong.join("\n"));
    }
    for (n, change) in left.iter().enumerate() {
        let begun = Instant::now();
        let line = change.line(&text);
        let verdict = change.check(run, &copy)?;
        println!(
            "      {} of {}: {} {LIST}:{line} in {:.0} s",
            n + 1,
            left.len(),
            if verdict.is_ok() { "red, " } else { "NOT RED, " },
            begun.elapsed().as_secs_f32()
        );
        match verdict {
            Ok(()) => kept.add(&change.key())?,
            Err(why) => {
                wrong.push(format!("{LIST}:{line}: {}: {why}", change.file));
            }
        }
    }
    if !wrong.is_empty() {
        bail!("{}", wrong.join("\n"));
    }
    Passed::note(format!("{} changes, each turned red", changes.len()))
}

/// The changes that can no longer be made, because the listing is another.
///
/// # Errors
/// When the list cannot be read.
pub fn outdated(root: &Path) -> Result<Vec<Problem>> {
    let text = fs::read_to_string(root.join(LIST)).context(LIST)?;
    let list: List = toml::from_str(&text).context(LIST)?;
    let mut problems = Vec::new();
    for change in &list.sabotage {
        let listing = fs::read_to_string(root.join(&change.file));
        let why = match listing {
            Ok(listing) => change.applied(&listing).err(),
            Err(why) => Some(why.to_string()),
        };
        if let Some(why) = why {
            let what = format!("{}: {why}", change.file);
            problems.push(Problem::new(LIST, change.line(&text), what));
        }
    }
    Ok(problems)
}

/// What the tests said of a change.
#[derive(Debug, PartialEq)]
enum Said {
    Passed,
    Failed(Vec<String>),
    DidNotCompile,
    Hung,
}

/// What is known from runs before, of the same listings and tests.
struct Kept {
    file: PathBuf,
    /// Of all that a test can depend on.
    digest: u64,
    known: BTreeSet<u64>,
}

impl Kept {
    fn read(run: &Run, copy: &Copy) -> Result<Kept> {
        let file = logs(&run.root).join("mutants/kept");
        let mut digest = DefaultHasher::new();
        for (name, bytes) in &copy.compiled {
            (name, bytes).hash(&mut digest);
        }
        let said = fs::read_to_string(&file).unwrap_or_default();
        let known = said.lines().filter_map(|it| it.parse().ok()).collect();
        Ok(Kept { file, digest: digest.finish(), known })
    }

    fn hash(&self, what: &str) -> u64 {
        let mut hash = DefaultHasher::new();
        (self.digest, what).hash(&mut hash);
        hash.finish()
    }

    fn has(&self, what: &str) -> bool {
        self.known.contains(&self.hash(what))
    }

    fn add(&mut self, what: &str) -> Result<()> {
        let hash = self.hash(what);
        self.known.insert(hash);
        let mut file =
            fs::File::options().create(true).append(true).open(&self.file)?;
        Ok(writeln!(file, "{hash}")?)
    }
}

impl Sabotage {
    /// Its `run` without the name of a module: all tests of one binary.
    fn binary(&self) -> &str {
        match self.run.rsplit_once(' ') {
            Some((all, last)) if last.contains("::") => all,
            _ => &self.run,
        }
    }

    /// What makes it this change and no other.
    fn key(&self) -> String {
        let Sabotage { file, old, new, run, red } = self;
        [file, old, new, run, red].map(String::as_str).join("\n")
    }

    /// Where it stands in the list.
    fn line(&self, list: &str) -> usize {
        let new = self.new.lines().next().unwrap_or_default();
        let of_it = |line: &str| !new.is_empty() && line.contains(new);
        list.lines().position(of_it).map_or(0, |at| at + 1)
    }

    /// The file with the change, or why there is none.
    fn applied(&self, text: &str) -> Result<String, String> {
        match text.matches(&self.old).count() {
            1 => Ok(text.replace(&self.old, &self.new)),
            found => Err(format!(
                "`{}` stands there {found} times; the listing has changed, so \
                 write the change anew",
                self.old.trim()
            )),
        }
    }

    fn check(&self, run: &Run, copy: &Copy) -> Result<Result<(), String>> {
        let file = copy.root.join(&self.file);
        let text = fs::read_to_string(&file)
            .with_context(|| file.display().to_string())?;
        let changed = match self.applied(&text) {
            Ok(changed) => changed,
            Err(why) => return Ok(Err(why)),
        };
        fs::write(&file, changed)?;
        let said = copy.tests(run, &self.run, LIMIT);
        fs::write(&file, text)?;
        Ok(self.judge(said?))
    }

    fn judge(&self, said: Said) -> Result<(), String> {
        let expected = match (&said, &*self.red) {
            (Said::DidNotCompile, "compiler") => true,
            (Said::Failed(tests), red) => {
                tests.iter().any(|test| test.contains(red))
            }
            _ => false,
        };
        match said {
            _ if expected => Ok(()),
            Said::Passed => Err(format!("turns nothing red: {}", self.new)),
            Said::Hung => Err("ends in a hang: put what waits under the \
                               watchdog"
                .into()),
            Said::DidNotCompile => Err("does not compile".into()),
            Said::Failed(tests) => Err(format!(
                "`{}` stays green; {} turned red",
                self.red,
                tests.join(", ")
            )),
        }
    }
}

/// The repository once more, so that nobody's files are broken.
struct Copy {
    root: PathBuf,
    /// Names and texts of what cargo compiles.
    compiled: Vec<(String, Vec<u8>)>,
}

impl Copy {
    /// Copies what git knows of, as it is on the disk. What has not changed
    /// since the last time is left alone, so that it is not compiled again.
    fn make(run: &Run) -> Result<Copy> {
        let root = logs(&run.root).join("mutants/copy");
        let files = Command::new("git")
            .current_dir(&run.root)
            .args(["ls-files", "-z", "--cached", "--others"])
            .arg("--exclude-standard")
            .output()
            .context("git is not on the PATH")?;
        let files = String::from_utf8(files.stdout)?;
        let mut compiled = Vec::new();
        for name in files.split('\0').filter(|name| !name.is_empty()) {
            let (from, to) = (run.root.join(name), root.join(name));
            let Ok(bytes) = fs::read(&from) else { continue };
            let tested = ["listings/src", "proofs/", "exercises/", "Cargo"];
            if tested.iter().any(|it| name.starts_with(it)) && name != LIST {
                compiled.push((name.to_string(), bytes.clone()));
            }
            if fs::read(&to).ok().as_ref() == Some(&bytes) {
                continue;
            }
            fs::create_dir_all(to.parent().unwrap_or(Path::new("")))?;
            fs::write(&to, bytes)?;
        }
        Ok(Copy { root, compiled })
    }

    fn tests(&self, run: &Run, tests: &str, limit: Duration) -> Result<Said> {
        let ended =
            attempt_within(limit, run, "mutants", &cargo_path(), |c| {
                c.current_dir(&self.root);
                c.env("CARGO_TARGET_DIR", self.root.join("../target"));
                // A few lines change each time.
                c.env("CARGO_INCREMENTAL", "1").env_remove("BLESS");
                c.args(["test", "--no-fail-fast"]);
                c.args(tests.split_whitespace());
            })?;
        Ok(match ended {
            Err(_) => Said::Hung,
            Ok((status, _)) if status.success() => Said::Passed,
            Ok((_, log)) => said(&log),
        })
    }
}

/// What a failed run of cargo says.
fn said(log: &str) -> Said {
    let failed: Vec<String> = log
        .lines()
        .filter_map(|line| line.strip_prefix("test "))
        .filter_map(|line| line.strip_suffix(" ... FAILED"))
        .map(str::to_string)
        .collect();
    match failed.is_empty() {
        true if log.contains("error: could not compile") => Said::DidNotCompile,
        // A process that aborts names no test.
        true => Said::Failed(vec!["a process ended".into()]),
        false => Said::Failed(failed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change() -> Sabotage {
        Sabotage {
            file: "listings/src/a.rs".into(),
            old: "a + 1".into(),
            new: "a + 2".into(),
            run: "-p listings --lib a".into(),
            red: "adds".into(),
        }
    }

    #[test]
    fn a_change_needs_one_place() {
        let change = change();
        assert_eq!(change.applied("x = a + 1;").unwrap(), "x = a + 2;");
        for text in ["", "a + 1; a + 1"] {
            let why = change.applied(text).unwrap_err();
            assert!(why.contains("the listing has changed"), "{why}");
        }
    }

    #[test]
    fn without_a_change_all_tests_of_its_binary_are_run_once() {
        let mut change = change();
        change.run = "-p listings --lib a::b".into();
        assert_eq!(change.binary(), "-p listings --lib");
        change.run = "-p proofs --test messages".into();
        assert_eq!(change.binary(), "-p proofs --test messages");
    }

    #[test]
    fn only_the_test_that_is_named_or_the_compiler_is_red() {
        let change = change();
        let failed = |test: &str| Said::Failed(vec![test.to_string()]);
        assert!(change.judge(failed("a::tests::it_adds_one")).is_ok());
        let why = change.judge(failed("a::tests::other")).unwrap_err();
        assert!(why.contains("`adds` stays green"), "{why}");
        let why = change.judge(Said::Passed).unwrap_err();
        assert!(why.contains("turns nothing red"), "{why}");
        let why = change.judge(Said::Hung).unwrap_err();
        assert!(why.contains("watchdog"), "{why}");
        assert!(change.judge(Said::DidNotCompile).is_err());
        let refused = Sabotage { red: "compiler".into(), ..change };
        assert!(refused.judge(Said::DidNotCompile).is_ok());
    }

    #[test]
    fn what_a_run_says_is_read() {
        let log = "test a::b ... ok\ntest a::c ... FAILED\n";
        assert_eq!(said(log), Said::Failed(vec!["a::c".into()]));
        let log = "error: could not compile `listings`\n";
        assert_eq!(said(log), Said::DidNotCompile);
    }
}
