//! Lines that are broken on purpose, and what must turn red.
//!
//! Each entry of `proofs/sabotage.toml` is applied to a copy of the
//! repository, with a target folder of its own. A change that turns nothing
//! red shows a sentence that nothing proves; one that ends in a hang, a test
//! that waits without a watchdog.
//!
//! Compiling takes most of the time. So changes of chapters that do not use
//! each other are made together: what turns red is red because of the change
//! in its own chapter. A change that does not turn its test red there is made
//! once more alone, and that run alone says what is wrong.
//!
//! Each change is told of as soon as it is known, and one that turned red is
//! kept: the next run makes it again only when its chapter, or one that the
//! chapter uses, is another.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs::{self, File};
use std::hash::{Hash, Hasher as _};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Error, Result, ensure};
use serde::Deserialize;
use toml::Spanned;

use super::run::{Passed, Run, logs};
use super::screen::Screen;
use crate::problem::{self, Problem};

/// The changes, relative to the root.
const LIST: &str = "proofs/sabotage.toml";

/// The environment variable that names the files whose changes are made,
/// with spaces between; all are when it is not there.
const ONLY: &str = "SABOTAGE_FILES";

/// How long a batch may take, its compilation included. Whatever waits does so
/// under a watchdog that is over much sooner.
const LIMIT: Duration = Duration::from_secs(10 * 60);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    sabotage: Vec<Sabotage>,
}

/// A change to a listing.
#[derive(Debug, Hash, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sabotage {
    /// The file, relative to the root.
    file: Spanned<String>,
    /// What stands there once.
    old: String,
    /// What is written in its place.
    new: String,
    /// Which tests `cargo test` runs, as arguments.
    run: String,
    /// A part of the name of a test that must fail, `compiler`, or `a process
    /// ended`.
    red: String,
}

/// Makes the changes, batch after batch.
///
/// # Errors
/// Each that turned nothing red, turned something else red, or hung.
pub fn run(run: &Run) -> Result<Passed> {
    problem::none_of(&outdated(&run.root)?)?;
    let (text, list) = read(&run.root)?;
    let only = std::env::var(ONLY).ok();
    let chosen = |it: &&Sabotage| match &only {
        Some(files) => files.split(' ').any(|file| file == it.file.get_ref()),
        None => true,
    };
    let changes: Vec<&Sabotage> = list.iter().filter(chosen).collect();
    let copy = Copy::make(run)?;
    let chapters = Chapters::read(&copy.compiled);
    // What is known from runs before.
    let kept = logs(&run.root).join("mutants/kept");
    let known = fs::read_to_string(&kept).unwrap_or_default();
    let known: BTreeSet<&str> = known.lines().collect();
    let key = |it: &Sabotage| copy.digest(it, |f| chapters.count(it, f));
    let mut left = changes.clone();
    left.retain(|it| !known.contains(&*key(it)));
    let mut batches = chapters.batches(&left);
    println!(
        "      {} changes, {} known to turn red, the others in {} batches",
        changes.len(),
        changes.len() - left.len(),
        batches.len()
    );
    let (mut done, mut wrong) = (0, Vec::new());
    let mut asked = BTreeSet::new();
    while let Some(batch) = batches.pop_front() {
        let target = batch[0].target();
        if asked.insert(target) {
            let of_it = left.iter().filter(|it| it.target() == target);
            let tests: BTreeSet<&str> = of_it.map(|it| it.tests()).collect();
            // What is compiled for the first time takes long.
            let said = copy.ask(run, target, tests.into_iter(), 3 * LIMIT)?;
            if said != Said::Passed {
                wrong.push(format!("without a change, {target}: {said:?}"));
                batches.retain(|it| it[0].target() != target);
                continue;
            }
        }
        let begun = Instant::now();
        let said = copy.with(run, &batch)?;
        let took = begun.elapsed().as_secs_f32();
        for change in &batch {
            let verdict = change.judge(&said);
            if verdict.is_err() && batch.len() > 1 {
                batches.push_back(vec![change]);
                continue;
            }
            done += 1;
            let line = change.line(&text);
            println!(
                "      {done} of {}: {} {LIST}:{line}, {} in {took:.0} s",
                left.len(),
                if verdict.is_ok() { "red, " } else { "NOT RED, " },
                batch.len()
            );
            let file = change.file.get_ref();
            match verdict {
                Ok(()) => {
                    let mut file = File::options();
                    let file = file.create(true).append(true).open(&kept);
                    writeln!(file?, "{}", key(change))?;
                }
                Err(why) => wrong.push(format!("{LIST}:{line}: {file}: {why}")),
            }
        }
    }
    problem::none_of(&wrong)?;
    Passed::note(format!("{} changes, each turned red", changes.len()))
}

/// The list, and its text.
fn read(root: &Path) -> Result<(String, Vec<Sabotage>)> {
    let text = fs::read_to_string(root.join(LIST)).context(LIST)?;
    let list: List = toml::from_str(&text).context(LIST)?;
    Ok((text, list.sabotage))
}

/// The changes that can no longer be made, because the listing is another.
///
/// # Errors
/// When the list cannot be read.
pub fn outdated(root: &Path) -> Result<Vec<Problem>> {
    let (text, list) = read(root)?;
    let mut problems = Vec::new();
    for change in &list {
        let file = change.file.get_ref();
        let listing = fs::read_to_string(root.join(file)).map_err(Error::from);
        if let Err(why) = listing.and_then(|listing| change.applied(&listing)) {
            problems.push(Problem::new(LIST, change.line(&text), format!("{file}: {why}")));
        }
    }
    Ok(problems)
}

/// What the tests said of a change.
#[derive(Debug, PartialEq)]
enum Said {
    Passed,
    Failed(Vec<String>),
    /// A process that aborts names no test.
    Ended,
    DidNotCompile,
    Hung,
}

/// The chapters of the listings, by their modules, and the modules that each
/// uses: its own, and in the end those that these use.
struct Chapters(BTreeMap<String, BTreeSet<String>>);

impl Chapters {
    fn read(files: &[(String, Vec<u8>)]) -> Chapters {
        let mut texts = BTreeMap::<String, String>::new();
        for (file, text) in files {
            if let Some(chapter) = chapter(file) {
                let text = String::from_utf8_lossy(text);
                texts.entry(chapter).or_default().push_str(&text);
            }
        }
        let uses = |(mine, text): (&String, &String)| {
            let used = |it: &&String| {
                let part = it.split("::").next().unwrap_or_default();
                let in_braces = format!("::{part}::{{");
                *it == mine || text.contains(&format!("::{it}")) || text.contains(&in_braces)
            };
            (mine.clone(), texts.keys().filter(used).cloned().collect())
        };
        let mut uses: BTreeMap<_, BTreeSet<_>> = texts.iter().map(uses).collect();
        // With each, what it uses; as often as a chain can be long.
        for _ in &texts {
            let one = uses.clone();
            for mine in uses.values_mut() {
                *mine = mine.iter().flat_map(|it| one[it].clone()).collect();
            }
        }
        Chapters(uses)
    }

    /// Whether the verdict on `change` can depend on a file.
    fn count(&self, change: &Sabotage, file: &str) -> bool {
        match (change.its_chapter(), chapter(file)) {
            (Some(its), Some(chapter)) => self.0[&its].contains(&chapter),
            (Some(_), None) => file.contains("Cargo."),
            (None, _) => true,
        }
    }

    /// Each change is in the first batch with which it shares no chapter.
    fn batches<'a>(&self, all: &[&'a Sabotage]) -> VecDeque<Vec<&'a Sabotage>> {
        let mut batches = VecDeque::<Vec<&Sabotage>>::new();
        for one in all {
            let apart = |it: &&Sabotage| {
                one.target() == it.target()
                    && !self.count(one, it.file.get_ref())
                    && !self.count(it, one.file.get_ref())
            };
            match batches.iter_mut().find(|batch| batch.iter().all(apart)) {
                Some(batch) => batch.push(one),
                None => batches.push_back(vec![one]),
            }
        }
        batches
    }
}

/// `runtimes::timers` for `listings/src/runtimes/timers/queue.rs`, `app` for
/// `boundary/src/app/load.rs`.
fn chapter(file: &str) -> Option<String> {
    let (package, path) = file.strip_suffix(".rs")?.split_once("/src/")?;
    let depth = if package == "boundary" { 1 } else { 2 };
    Some(path.split('/').take(depth).collect::<Vec<_>>().join("::"))
}

impl Sabotage {
    /// The arguments that name the binary of its tests, and the one that says
    /// which of them are run.
    fn split(&self) -> (&str, &str) {
        match self.run.rsplit_once(' ') {
            Some((target, tests)) if tests != "--lib" && !target.ends_with("--test") => (target, tests),
            _ => (&self.run, ""),
        }
    }

    fn target(&self) -> &str {
        self.split().0
    }

    fn tests(&self) -> &str {
        self.split().1
    }

    /// Its chapter, where its tests are those in the files of this chapter.
    fn its_chapter(&self) -> Option<String> {
        let inside =
            |it: &String| self.target().ends_with("--lib") && self.red != "compiler" && self.tests().starts_with(it);
        chapter(self.file.get_ref()).filter(inside)
    }

    /// Where it stands in the list.
    fn line(&self, list: &str) -> usize {
        list[..self.file.span().start].matches('\n').count() + 1
    }

    /// The file with the change, or why there is none.
    fn applied(&self, text: &str) -> Result<String> {
        let found = text.matches(&self.old).count();
        ensure!(
            found == 1,
            "`{}` stands there {found} times; the listing has changed, so write the change anew",
            self.old.trim()
        );
        Ok(text.replace(&self.old, &self.new))
    }

    /// Whether what was said is that it is red, or what is wrong.
    fn judge(&self, said: &Said) -> Result<(), String> {
        let is_its = |test: &String| test.contains(&self.red) && test.contains(self.tests());
        match (said, &*self.red) {
            (Said::DidNotCompile, "compiler") | (Said::Ended, "a process ended") => Ok(()),
            (Said::Failed(tests), _) if tests.iter().any(is_its) => Ok(()),
            (Said::Failed(tests), red) => Err(format!("`{red}` stays green; {} turned red", tests.join(", "))),
            (Said::Passed, _) => Err(format!("turns nothing red: {}", self.new)),
            (Said::Hung, _) => Err("ends in a hang: put what waits under the watchdog".into()),
            (Said::Ended, _) => Err("ends the process, and names no test".into()),
            (Said::DidNotCompile, _) => Err("does not compile".into()),
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
            let tested = ["listings/", "proofs/", "boundary/", "exercises/", "Cargo"];
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

    /// Of a change and the files that count for it.
    fn digest(&self, it: &Sabotage, counts: impl Fn(&str) -> bool) -> String {
        let files = self.compiled.iter().filter(|(name, _)| counts(name));
        let mut hash = DefaultHasher::new();
        (it, files.collect::<Vec<_>>()).hash(&mut hash);
        hash.finish().to_string()
    }

    /// Makes the changes, asks their tests, and takes the changes back.
    fn with(&self, run: &Run, changes: &[&Sabotage]) -> Result<Said> {
        let mut before = Vec::new();
        for change in changes {
            let file = self.root.join(change.file.get_ref());
            let text = fs::read_to_string(&file)?;
            fs::write(&file, change.applied(&text)?)?;
            before.push((file, text));
        }
        let tests = changes.iter().map(|it| it.tests());
        let said = self.ask(run, changes[0].target(), tests, LIMIT);
        for (file, text) in before {
            fs::write(file, text)?;
        }
        said
    }

    fn ask<'a>(&self, run: &Run, target: &str, tests: impl Iterator<Item = &'a str>, limit: Duration) -> Result<Said> {
        let screen = if target.contains("boundary") { Screen::open()? } else { None };
        let mut test = run.cargo();
        test.current_dir(&self.root).env("CARGO_TARGET_DIR", self.root.join("../target")).env_remove("BLESS");
        // A few lines change each time, and nobody debugs them.
        test.env("CARGO_INCREMENTAL", "1").env("CARGO_PROFILE_DEV_DEBUG", "0");
        test.envs(screen.iter().flat_map(Screen::variables));
        // Tests that hang until their watchdog does wait side by side.
        test.args(["test", "--no-fail-fast"]).args(target.split(' ')).args(["--", "--test-threads=16"]).args(tests);
        Ok(match run.ended_within(limit, "mutants", &mut test)? {
            None => Said::Hung,
            Some((status, _)) if status.success() => Said::Passed,
            Some((_, log)) => said(&log),
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
        true => Said::Ended,
        false => Said::Failed(failed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change() -> Sabotage {
        of("a")
    }

    /// A change in the chapter `a::<name>`.
    fn of(name: &str) -> Sabotage {
        Sabotage {
            file: Spanned::new(0..0, format!("listings/src/a/{name}/b.rs")),
            old: "a + 1".into(),
            new: "a + 2".into(),
            run: format!("-p listings --lib a::{name}"),
            red: "adds".into(),
        }
    }

    #[test]
    fn a_change_needs_one_place() {
        let change = change();
        assert_eq!(change.applied("x = a + 1;").unwrap(), "x = a + 2;");
        for text in ["", "a + 1; a + 1"] {
            let why = change.applied(text).unwrap_err().to_string();
            assert!(why.contains("the listing has changed"), "{why}");
        }
    }

    #[test]
    fn the_arguments_of_a_change_name_a_binary_and_its_tests() {
        let split = |run: &str| {
            let change = Sabotage { run: run.into(), ..change() };
            let (target, tests) = change.split();
            format!("{target}|{tests}")
        };
        assert_eq!(split("-p a --lib"), "-p a --lib|");
        assert_eq!(split("-p a --lib b::c"), "-p a --lib|b::c");
        assert_eq!(split("-p a --test b"), "-p a --test b|");
        assert_eq!(split("-p a --test b c"), "-p a --test b|c");
    }

    #[test]
    fn only_the_test_that_is_named_or_the_compiler_is_red() {
        let change = change();
        let failed = |test: &str| Said::Failed(vec![test.to_string()]);
        assert!(change.judge(&failed("a::a::tests::it_adds_one")).is_ok());
        for other in ["a::a::tests::other", "a::b::tests::it_adds_one"] {
            let why = change.judge(&failed(other)).unwrap_err();
            assert!(why.contains("`adds` stays green"), "{why}");
        }
        let why = change.judge(&Said::Passed).unwrap_err();
        assert!(why.contains("turns nothing red"), "{why}");
        let why = change.judge(&Said::Hung).unwrap_err();
        assert!(why.contains("watchdog"), "{why}");
        assert!(change.judge(&Said::Ended).is_err());
        assert!(change.judge(&Said::DidNotCompile).is_err());
        let refused = Sabotage { red: "compiler".into(), ..change };
        assert!(refused.judge(&Said::DidNotCompile).is_ok());
    }

    #[test]
    fn what_a_run_says_is_read() {
        let log = "test a::b ... ok\ntest a::c ... FAILED\n";
        assert_eq!(said(log), Said::Failed(vec!["a::c".into()]));
        let log = "error: could not compile `listings`\n";
        assert_eq!(said(log), Said::DidNotCompile);
        assert_eq!(said("test a::b ... ok\n"), Said::Ended);
    }

    #[test]
    fn a_chapter_is_apart_from_those_that_it_uses() {
        let texts = [
            ("top", "use crate::a::{self, middle};"),
            ("middle", "use crate::a::bottom::seven;"),
            ("bottom", ""),
            ("alone", ""),
        ];
        let changes = texts.map(|(name, _)| of(name));
        let chapters = |texts: [(&str, &str); 4]| {
            let file = |(name, text): (&str, &str)| (format!("listings/src/a/{name}/b.rs"), text.into());
            Chapters::read(&texts.map(file))
        };
        let names = |chapters: &Chapters, changes: &[Sabotage]| {
            let batches = chapters.batches(&Vec::from_iter(changes));
            let names = |batch: &Vec<&Sabotage>| batch.iter().map(|it| it.tests()).collect::<Vec<_>>().join(" ");
            batches.iter().map(names).collect::<Vec<_>>().join(", ")
        };
        // One name in braces stands for all of the part.
        let all = "a::top, a::middle a::alone, a::bottom";
        assert_eq!(names(&chapters(texts), &changes), all);
        let plain = ("top", "use crate::a::middle::seven;");
        let chapters = chapters([plain, texts[1], texts[2], texts[3]]);
        let together = "a::top a::alone, a::middle, a::bottom";
        assert_eq!(names(&chapters, &changes), together);

        // What the compiler refuses, and tests that stand elsewhere, are alone.
        let mut changes = [of("alone"), of("top"), of("bottom")];
        changes[1].run = "-p listings --lib a::other".into();
        changes[2].red = "compiler".into();
        let alone = "a::alone, a::other, a::bottom";
        assert_eq!(names(&chapters, &changes), alone);
    }

    /// What the step says of a book with three chapters `a::…` that all have
    /// the same listing, and the changes of it: chapter, old, new.
    fn wrong(changes: &[[&str; 3]]) -> (String, usize) {
        let root = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let file = root.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        };
        write(".gitignore", "target");
        write("Cargo.toml", "[workspace]\nmembers = ['listings']");
        let package = "[package]\nname = 'listings'\nedition = '2024'";
        write("listings/Cargo.toml", package);
        let mut modules = String::new();
        for name in ["x", "y", "z"] {
            modules += &format!("pub mod {name} {{ pub mod b; }} ");
            write(
                &format!("listings/src/a/{name}/b.rs"),
                "pub fn seven() -> u32 {\n    7\n}\n\n\
                 #[test]\nfn it_is_seven() {\n    assert_eq!(seven(), 7);\n}\n",
            );
        }
        write("listings/src/lib.rs", &format!("pub mod a {{ {modules}}}"));
        let mut list = String::new();
        for [name, old, new] in changes {
            list += &format!(
                "[[sabotage]]\nfile = 'listings/src/a/{name}/b.rs'\n\
                 old = '{old}'\nnew = '{new}'\n\
                 run = '-p listings --lib a::{name}'\nred = 'it_is_seven'\n"
            );
        }
        write(LIST, &list);
        write("target/ci/mutants/kept", "");
        let git = Command::new("git").arg("init").current_dir(&root).output();
        assert!(git.unwrap().status.success());
        let asked = Run { root: root.path().into(), ..Run::default() };
        let kept = root.path().join("target/ci/mutants/kept");
        let why = run(&asked).unwrap_err().to_string();
        (why, fs::read_to_string(kept).unwrap().lines().count())
    }

    #[test]
    fn each_change_of_a_batch_is_judged_by_its_own_test() {
        let (why, kept) =
            wrong(&[["x", "    7", "    8"], ["y", "    7", "    3 + 4"], ["z", "    7", "    std::process::exit(1)"]]);
        let lines: Vec<&str> = why.lines().collect();
        let [nothing, ends] = lines[..] else { panic!("{why}") };
        let file = "proofs/sabotage.toml:8: listings/src/a/y/b.rs";
        assert!(nothing.starts_with(file), "{why}");
        assert!(nothing.contains("turns nothing red: "), "{why}");
        assert!(ends.contains("a/z/b.rs: ends the process"), "{why}");
        assert_eq!(kept, 1, "only what turned red is kept");
    }

    #[test]
    fn without_its_line_a_change_stops_the_run() {
        let changes = [["x", "    7", "    8"], ["y", "seven()", "six()"]];
        let (why, kept) = wrong(&changes);
        assert!(why.starts_with("proofs/sabotage.toml:8: "), "{why}");
        assert!(why.contains("the listing has changed"), "{why}");
        assert_eq!(kept, 0);
    }
}
