//! `cargo ci`: every check, a line each with its time, and what was skipped.

pub mod addresses;
pub mod boundary;
pub mod browser;
pub mod console;
pub mod delays;
pub mod docs;
pub mod engines;
pub mod exercises;
pub mod format;
pub mod instructions;
pub mod lighthouse;
pub mod links;
pub mod lint;
pub mod memory;
pub mod mutants;
pub mod offline;
pub mod pages;
pub mod previews;
pub mod rules;
pub mod run;
pub mod screen;
pub mod seen;
pub mod tests;
pub mod toolchain;
pub mod web;
pub mod whole;

use std::collections::VecDeque;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use run::{Lacks, Passed, Run, logs};

use crate::read::made::SAID;

/// A check: its name, what it proves, and how.
pub struct Step {
    /// As it is typed after `cargo ci`.
    pub name: &'static str,
    /// For `cargo ci --list`.
    pub proves: &'static str,
    /// Beside which others it runs.
    pub lane: Lane,
    run: fn(&Run) -> Result<Passed>,
}

/// The steps of a lane run one after the other, two lanes side by side. The lane
/// that ends first takes what is left of the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// What cargo compiles: it would wait for its own lock.
    Cargo,
    /// The written book. Browsers wait more than they compute.
    Book,
    /// Only when it is asked for by its name: it takes long.
    Asked,
}

/// Makes `STEPS`, every step in the order they run, each the `run` of the module
/// of its name.
macro_rules! steps {
    ($($name:ident: $lane:ident, $proves:literal;)*) => {
        pub const STEPS: &[Step] = &[$(Step {
            name: stringify!($name),
            proves: $proves,
            lane: Lane::$lane,
            run: $name::run,
        }),*];
    };
}

steps! {
    format: Cargo,
        "rustfmt has nothing to say";
    lint: Cargo,
        "clippy finds nothing, in every feature";
    tests: Cargo,
        "the listings' tests pass; compilers say and runs trace what is recorded (by name: examples print it too; otherwise `whole` runs them)";
    exercises: Cargo,
        "every test of an exercise fails on its stub and passes on its solution";
    whole: Cargo,
        "every program as one file compiles alone and prints what is recorded, and each link to the playground has that file";
    docs: Cargo,
        "every link in the API docs of listings, proofs and exercises (by name: of all) resolves";
    rules: Book,
        "no inline Rust, no missing or unused file or anchor, no listing without a test or a page";
    web: Book,
        "the programs of the browser compile for it (by name: as small as they are shipped), and say and draw in Chromium what is recorded, on WebGPU and on WebGL";
    pages: Book,
        "the book builds, every link and fragment in it resolves, no address is lost, every preview is whole, and plain mdBook builds it too";
    offline: Book,
        "the archive and the EPUB are whole: every file, id and link in them resolves";
    boundary: Cargo,
        "the window opens, draws and closes on software Vulkan, in winit 0.30 and 0.31";
    memory: Cargo,
        "valgrind finds no error in unsafe listings";
    instructions: Cargo,
        "what we measure needs no more instructions than recorded";
    browser: Book,
        "every page in Chromium: nothing broken, clipped, inaccessible or heavy, and nothing moves while it loads";
    engines: Book,
        "what engines do differently is right in Firefox and WebKit, on six pages: layout, links, copying, console and policy";
    lighthouse: Book,
        "a page of each kind (by name: every page) has 100 for accessibility, best practices and SEO on a phone; the speed of the heaviest is shown";
    mutants: Asked,
        "each line that is broken on purpose turns a test red, and none hangs";
    delays: Asked,
        "tests pass and programs print what is recorded while threads come late at random";
    console: Asked,
        "tokio-console is told of tasks that hang what is recorded";
}

/// Runs the steps named (all that nobody must ask for when none is), prints a
/// line for each and a summary. Returns whether all is well.
///
/// # Errors
/// When a name is not a step's, or the log folder cannot be made.
pub fn run_steps(run: &Run, names: &[String]) -> Result<bool> {
    if let Some(unknown) = names.iter().find(|n| STEPS.iter().all(|s| s.name != **n)) {
        let known: Vec<_> = STEPS.iter().map(|s| s.name).collect();
        bail!("there is no step `{unknown}`; there are {}", known.join(", "));
    }
    fs::create_dir_all(logs(&run.root))?;
    let asked = |step: &&Step| match names {
        [] => step.lane != Lane::Asked,
        names => names.iter().any(|name| name == step.name),
    };
    Ok(run_all(run, &Vec::from_iter(STEPS.iter().filter(asked))))
}

/// What the steps of a run came to, by name.
#[derive(Default)]
struct Verdicts {
    passed: Vec<&'static str>,
    failed: Vec<&'static str>,
    skipped: Vec<&'static str>,
}

fn run_all(run: &Run, steps: &[&Step]) -> bool {
    let start = Instant::now();
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let of_book = |step: &&&Step| cores > 1 && step.lane == Lane::Book;
    let (book, cargo): (VecDeque<&Step>, VecDeque<&Step>) = steps.iter().partition(|step| of_book(step));
    let lanes = Mutex::new([cargo, book]);
    let next_of = |lane: usize| {
        let mut lanes = lanes.lock().unwrap_or_else(PoisonError::into_inner);
        let own = lanes[lane].pop_front();
        // A lane that has nothing left takes the last step of the other.
        own.or_else(|| lanes[1 - lane].pop_back())
    };
    let verdicts = Mutex::new(Verdicts::default());
    let work = |lane: usize| {
        while let Some(step) = next_of(lane) {
            let clock = Instant::now();
            let result = (step.run)(run);
            let mut verdicts = verdicts.lock().unwrap_or_else(PoisonError::into_inner);
            verdicts.add(run, step.name, clock.elapsed(), result);
        }
    };
    thread::scope(|scope| {
        let work = &work;
        for lane in 0..cores.min(2) {
            scope.spawn(move || work(lane));
        }
    });
    println!("\n{:.0} s in all", start.elapsed().as_secs_f32());
    verdicts.into_inner().unwrap_or_else(PoisonError::into_inner).sum_up()
}

impl Verdicts {
    /// Prints the line of a step, and below it what it lacks or what is wrong.
    fn add(&mut self, run: &Run, name: &'static str, took: Duration, result: Result<Passed>) {
        let (verdict, note, below) = match result {
            Ok(found) => ("ok", found.note, found.skipped.join("\n")),
            Err(why) if why.is::<Lacks>() => ("SKIP", "skipped".into(), why.to_string()),
            Err(why) => ("FAIL", String::new(), format!("{why:#}")),
        };
        let (verdict, note, same) = match verdict {
            "FAIL" => (verdict, &*note, &mut self.failed),
            _ if below.is_empty() => (verdict, &*note, &mut self.passed),
            _ if run.strict => ("FAIL", "CI=true allows no skip:", &mut self.failed),
            _ => (verdict, &*note, &mut self.skipped),
        };
        same.push(name);
        if let Err(why) = keep(&run.root, name, (verdict == "ok" && below.is_empty()).then_some(note)) {
            println!("{SAID} is not written: {why}");
        }
        println!("{verdict:<5} {name:<12} {:>6.1} s  {note}", took.as_secs_f32());
        for line in below.trim_end().lines() {
            println!("      {line}");
        }
        // A log that is read while it grows should show the line.
        let _ = std::io::stdout().flush();
    }

    /// Prints the end of the run. Returns whether all is well.
    fn sum_up(&self) -> bool {
        if !self.failed.is_empty() {
            println!("failed: {}", self.failed.join(", "));
        }
        if !self.skipped.is_empty() {
            println!("not everything ran: {}", self.skipped.join(", "));
        }
        println!("{} passed, {} failed, {} skipped", self.passed.len(), self.failed.len(), self.skipped.len());
        self.failed.is_empty()
    }
}

/// Keeps what a step said for the page that says how the book is proved; of one that failed or left something out,
/// nothing.
fn keep(root: &Path, name: &str, said: Option<&str>) -> io::Result<()> {
    let file = root.join(SAID);
    let before = fs::read_to_string(&file).unwrap_or_default();
    let line = |step: &Step| {
        if step.name == name {
            return said.map(|said| format!("{name}\t{}\t{said}\n", step.proves));
        }
        let of = format!("{}\t", step.name);
        before.lines().find(|it| it.starts_with(&of)).map(|it| format!("{it}\n"))
    };
    fs::write(file, STEPS.iter().filter_map(line).collect::<String>())
}

#[cfg(test)]
mod unit_tests {
    use super::*;

    #[test]
    fn an_unknown_step_is_named_with_those_there_are() {
        let asked = Run { root: "/none".into(), ..Run::default() };
        let why = run_steps(&asked, &["brwoser".into()]).unwrap_err().to_string();
        assert!(why.contains("no step `brwoser`"), "{why}");
        assert!(why.contains("browser"), "{why}");
    }

    const PASSES: Step = Step { name: "passes", proves: "", lane: Lane::Cargo, run: |_| Passed::note("") };
    const SKIPS: Step = Step { name: "skips", lane: Lane::Book, run: |_| run::skip("there is no display"), ..PASSES };
    const FAILS: Step = Step { name: "fails", run: |_| bail!("it is wrong"), ..PASSES };

    #[test]
    fn a_skip_is_a_failure_only_where_nothing_may_be_skipped() {
        let asked = |strict| Run { root: "/none".into(), strict, ..Run::default() };
        assert!(run_all(&asked(false), &[&PASSES, &SKIPS]));
        assert!(!run_all(&asked(true), &[&PASSES, &SKIPS]));
        assert!(run_all(&asked(true), &[&PASSES]));
        assert!(!run_all(&asked(false), &[&FAILS, &PASSES]));
    }

    #[test]
    fn what_a_step_said_is_kept_until_it_fails() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(logs(root.path())).unwrap();
        let kept = |name, said| {
            keep(root.path(), name, said).unwrap();
            let text = fs::read_to_string(root.path().join(SAID)).unwrap();
            let words = text.lines().map(|line| {
                let (name, rest) = line.split_once('\t').unwrap();
                format!("{name} {}", rest.split_once('\t').unwrap().1)
            });
            words.collect::<Vec<_>>().join(", ")
        };
        assert_eq!(kept("pages", Some("9 links")), "pages 9 links");
        assert_eq!(kept("tests", Some("1")), "tests 1, pages 9 links");
        assert_eq!(kept("tests", Some("2")), "tests 2, pages 9 links");
        assert_eq!(kept("passes", Some("")), "tests 2, pages 9 links");
        assert_eq!(kept("pages", None), "tests 2");
    }
}
