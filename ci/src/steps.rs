//! `cargo ci`: every check, a line each with its time, and what was skipped.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use regex::Regex;
use serde_json::Value;
use walkdir::WalkDir;

use crate::book::{Options, Source, clear};
use crate::listing::EXERCISES;
use crate::offline::{self, Files};
use crate::{instructions, linked, problem, rules, serve, site};

/// No step takes this long: one that does hangs.
const LIMIT: Duration = Duration::from_secs(15 * 60);

/// The compiler whose messages are recorded.
const MESSAGES_OF: &str = "1.95.";

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
    fn note(note: impl Into<String>) -> Result<Passed> {
        Ok(Passed { note: note.into(), skipped: Vec::new() })
    }

    fn skip(why: impl Into<String>) -> Result<Passed> {
        Ok(Passed { note: "skipped".into(), skipped: vec![why.into()] })
    }
}

/// A check: its name, what it proves, and how.
pub struct Step {
    /// As it is typed after `cargo ci`.
    pub name: &'static str,
    /// For `cargo ci --list`.
    pub proves: &'static str,
    run: fn(&Run) -> Result<Passed>,
}

/// Every step, in the order they run.
pub const STEPS: &[Step] = &[
    Step { name: "format", proves: "rustfmt has nothing to say", run: format },
    Step {
        name: "lint",
        proves: "clippy finds nothing, in every feature",
        run: lint,
    },
    Step {
        name: "tests",
        proves: "the listings' tests pass; programs print, compilers say and runs trace what is recorded",
        run: tests,
    },
    Step {
        name: "exercises",
        proves: "every test of an exercise fails on its stub and passes on its solution",
        run: exercises,
    },
    Step {
        name: "docs",
        proves: "every link in the API docs resolves",
        run: docs,
    },
    Step {
        name: "rules",
        proves: "no inline Rust, no missing or unused file or anchor, no listing without a test or a page",
        run: book_rules,
    },
    Step {
        name: "pages",
        proves: "the book builds, every link and fragment in it resolves, no address is lost, every preview is whole, and plain mdBook builds it too",
        run: pages,
    },
    Step {
        name: "offline",
        proves: "the archive and the EPUB are whole: every file, id and link in them resolves",
        run: offline,
    },
    Step {
        name: "boundary",
        proves: "the window opens, draws and closes on software Vulkan, in winit 0.30 and 0.31",
        run: boundary,
    },
    Step {
        name: "memory",
        proves: "valgrind finds no error in unsafe listings",
        run: memory,
    },
    Step {
        name: "instructions",
        proves: "what we measure needs no more instructions than recorded",
        run: |run| instructions::check(&run.root, run.bless),
    },
    Step {
        name: "browser",
        proves: "every page in Chromium: nothing broken, clipped, inaccessible or heavy, and nothing moves while it loads",
        run: browser,
    },
    Step {
        name: "lighthouse",
        proves: "every page has 100 for accessibility, best practices and SEO on a phone; the heaviest has 100 for speed",
        run: lighthouse,
    },
];

/// Runs the steps named (all when none is), prints a line for each and a
/// summary. Returns whether all is well.
///
/// # Errors
/// When a name is not a step's, or the log folder cannot be made.
pub fn run(run: &Run, names: &[String]) -> Result<bool> {
    if let Some(unknown) =
        names.iter().find(|n| STEPS.iter().all(|s| s.name != **n))
    {
        let known: Vec<_> = STEPS.iter().map(|s| s.name).collect();
        bail!("there is no step `{unknown}`; there are {}", known.join(", "));
    }
    fs::create_dir_all(logs(&run.root))?;
    let start = Instant::now();
    let (mut passed, mut failed, mut skipped) = (0, Vec::new(), Vec::new());
    for step in STEPS {
        if !names.is_empty() && !names.iter().any(|n| n == step.name) {
            continue;
        }
        let clock = Instant::now();
        let result = (step.run)(run);
        let seconds = clock.elapsed().as_secs_f32();
        let line = |verdict: &str, note: &str| {
            println!("{verdict:<5} {:<12} {seconds:>6.1} s  {note}", step.name);
        };
        match result {
            Ok(found) if found.skipped.is_empty() => {
                line("ok", &found.note);
                passed += 1;
            }
            Ok(found) if run.strict => {
                line("FAIL", "CI=true allows no skip:");
                println!("{}", indented(&found.skipped.join("\n")));
                failed.push(step.name);
            }
            Ok(found) => {
                line(
                    if found.note == "skipped" { "SKIP" } else { "ok" },
                    &found.note,
                );
                println!("{}", indented(&found.skipped.join("\n")));
                skipped.push(step.name);
            }
            Err(why) => {
                line("FAIL", "");
                println!("{}", indented(&format!("{why:#}")));
                failed.push(step.name);
            }
        }
        // A log that is read while it grows should show the line.
        let _ = std::io::stdout().flush();
    }
    println!("\n{:.0} s in all", start.elapsed().as_secs_f32());
    if !failed.is_empty() {
        println!("failed: {}", failed.join(", "));
    }
    if !skipped.is_empty() {
        println!("not everything ran: {}", skipped.join(", "));
    }
    println!(
        "{passed} passed, {} failed, {} skipped",
        failed.len(),
        skipped.len()
    );
    Ok(failed.is_empty())
}

fn indented(text: &str) -> String {
    let lines: Vec<String> =
        text.trim_end().lines().map(|l| format!("      {l}")).collect();
    lines.join("\n")
}

fn logs(root: &Path) -> PathBuf {
    root.join("target/ci")
}

fn format(run: &Run) -> Result<Passed> {
    let mode: &[&str] = if run.bless { &[] } else { &["--check"] };
    cargo(run, "format", &["fmt", "--all"], |c| {
        c.args(mode);
    })?;
    // What a test of an exercise includes is no module that cargo knows of.
    let exercises = run.root.join(EXERCISES);
    let files = ["src", "solutions"].map(|folder| exercises.join(folder));
    let files = files.iter().flat_map(WalkDir::new).flatten();
    let files =
        files.filter(|e| e.path().extension().is_some_and(|x| x == "rs"));
    command(run, "format-exercises", Path::new("rustfmt"), |c| {
        c.args(["--edition", "2024"]).args(mode);
        c.args(files.map(walkdir::DirEntry::into_path));
    })?;
    Passed::note("")
}

/// One package at a time: together they would need every dependency a second
/// time, with the features of both.
const PACKAGES: [&str; 2] = ["ci", "listings"];

/// Which files of the exercises are tested: never those of a learner.
const STUBS: [&str; 2] = ["--features", "stubs"];
const SOLUTIONS: [&str; 2] = ["--features", "solutions"];

fn lint(run: &Run) -> Result<Passed> {
    let deny = ["--", "-D", "warnings"];
    for package in PACKAGES {
        cargo(run, "lint", &["clippy", "--all-targets", "-p", package], |c| {
            c.args(deny);
        })?;
    }
    let features = ["gpu", "winit-031"];
    for feature in features {
        let what = ["clippy", "-p", "listings", "--all-targets", "--features"];
        cargo(run, "lint", &what, |c| {
            c.arg(feature).args(deny);
        })?;
    }
    let exercises = ["clippy", "--all-targets", "-p", EXERCISES];
    for with in [STUBS, SOLUTIONS] {
        cargo(run, "lint", &exercises, |c| {
            c.args(with).args(deny);
        })?;
    }
    Passed::note(format!("default, {}", features.join(", ")))
}

fn tests(run: &Run) -> Result<Passed> {
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

/// A stub that passes a test teaches nothing there; a solution that fails one
/// is none.
fn exercises(run: &Run) -> Result<Passed> {
    let what = ["test", "--no-fail-fast", "-p", EXERCISES];
    let solutions = cargo(run, "exercises-solutions", &what, |c| {
        c.args(SOLUTIONS);
    })?;
    let (status, stubs) =
        attempt(run, "exercises-stubs", &cargo_path(), |c| {
            c.args(what).args(STUBS);
        })?;
    if verdicts(&stubs).is_empty() {
        bail!("the stubs ended with {status}:\n{}", telling(&stubs));
    }
    Passed::note(proven(&verdicts(&stubs), &verdicts(&solutions))?)
}

/// Each test in cargo's output, with its target, and whether it passed.
fn verdicts(log: &str) -> BTreeMap<String, bool> {
    let mut target = "";
    let mut verdicts = BTreeMap::new();
    for line in log.lines() {
        if let Some(file) = line.trim_start().strip_prefix("Running tests/") {
            target = file.split('.').next().unwrap_or_default();
        }
        let test = line.strip_prefix("test ");
        let passed = match test.and_then(|test| test.split_once(" ... ")) {
            Some((test, "ok")) => (test, true),
            Some((test, "FAILED")) => (test, false),
            _ => continue,
        };
        verdicts.insert(format!("{target}::{}", passed.0), passed.1);
    }
    verdicts
}

/// What the verdicts on the stubs and on the solutions say together.
fn proven(
    stubs: &BTreeMap<String, bool>,
    solutions: &BTreeMap<String, bool>,
) -> Result<String> {
    let mut wrong = Vec::new();
    for (test, passed) in stubs {
        if *passed {
            wrong.push(format!("{test}: passes on what should be a stub"));
        }
        if !solutions.contains_key(test) {
            wrong.push(format!("{test}: it did not run on the solution"));
        }
    }
    for (test, passed) in solutions {
        if !passed {
            wrong.push(format!("{test}: the solution fails it"));
        }
        if !stubs.contains_key(test) {
            wrong.push(format!("{test}: it did not run on the stub"));
        }
    }
    let exercises: BTreeSet<_> =
        stubs.keys().filter_map(|test| test.split("::").next()).collect();
    if !wrong.is_empty() {
        bail!("{}", wrong.join("\n"));
    }
    Ok(format!("{} tests of {} exercises", stubs.len(), exercises.len()))
}

fn docs(run: &Run) -> Result<Passed> {
    for package in PACKAGES.into_iter().chain([EXERCISES]) {
        let what = ["doc", "--no-deps", "--lib", "-p", package];
        cargo(run, "docs", &what, |c| {
            c.env("RUSTDOCFLAGS", "-D warnings");
        })?;
    }
    Passed::note("")
}

fn book_rules(run: &Run) -> Result<Passed> {
    let book = Source::load(&run.root)?;
    let problems = rules::check(&book);
    if !problems.is_empty() {
        bail!("{}", problem::lines(&problems).trim_end());
    }
    let uses: usize = book.chapters.iter().map(|(_, c)| c.uses.len()).sum();
    Passed::note(format!("{} pages, {uses} includes", book.chapters.len()))
}

/// The book as the later steps look at it.
fn built(run: &Run) -> Result<(PathBuf, Source)> {
    let folder = logs(&run.root).join("book");
    clear(&folder)?;
    let book = Source::load(&run.root)?;
    let options =
        Options { destination: Some(folder.clone()), live_reload: false };
    book.build(&options)?;
    Ok((folder, book))
}

fn pages(run: &Run) -> Result<Passed> {
    let (folder, book) = built(run)?;
    let (mut wrong, links) = site::links(&folder)?;
    let ms = warm_build(run)?;
    let budget = 1000 + 5 * book.chapters.len() as u128;
    if ms > budget {
        wrong.push(format!(
            "a warm build takes {ms} ms, for {} pages it may take {budget}: \
             see what it spends them on",
            book.chapters.len()
        ));
    }
    wrong.extend(linked::check(&folder, &book)?);
    let addresses = linked::addresses::hold(&folder, &book, run.bless)?;
    wrong.extend(addresses.wrong);
    if !wrong.is_empty() {
        bail!("{}", wrong.join("\n"));
    }
    let unwritten = exercise_addresses(&run.root, &folder)?;
    let plain = logs(&run.root).join("plain");
    clear(&plain)?;
    book.build_plain(&plain)?;
    for (path, _) in &book.chapters {
        let page = plain.join(path).with_extension("html");
        let html = fs::read_to_string(&page)
            .with_context(|| format!("{}", page.display()))?;
        if html.contains("{{#") {
            bail!("{}: plain mdBook left an include", page.display());
        }
    }
    let kept = addresses.note;
    let mut note = format!("built in {ms} ms, {links} links resolve, {kept}");
    if !unwritten.is_empty() {
        note += "; exercises wait for ";
        note += &Vec::from_iter(unwritten).join(", ");
    }
    Passed::note(note)
}

/// How long the book takes to build when its cards are drawn: the best of
/// three, as the machine may be busy.
fn warm_build(run: &Run) -> Result<u128> {
    let mut best = u128::MAX;
    for _ in 0..3 {
        let clock = Instant::now();
        built(run)?;
        best = best.min(clock.elapsed().as_millis());
    }
    Ok(best)
}

fn offline(run: &Run) -> Result<Passed> {
    let (folder, book) = built(run)?;
    let files = Files::of(&book.book.title);
    let (mut wrong, links) = offline::check(&folder, &files)?;
    let readme = fs::read_to_string(run.root.join("README.md"))?;
    for file in [&files.archive, &files.epub] {
        let link = book.book.address.of(file);
        if !readme.contains(&format!("]({link})")) {
            wrong.push(format!("README.md: no link to {link}"));
        }
    }
    if !wrong.is_empty() {
        bail!("{}", wrong.join("\n"));
    }
    let size = |name: &str| fs::metadata(folder.join(name)).map(|m| m.len());
    let note = format!(
        "{} kB and {} kB, {links} links resolve",
        size(&files.archive)? / 1000,
        size(&files.epub)? / 1000
    );
    // Too large to ask everybody for it: what it knows of is asked above.
    let (Some(epubcheck), Some(java)) = (find("epubcheck"), find("java"))
    else {
        return Passed::note(note);
    };
    // Debian's is a Java archive, which only some systems start by itself.
    let is_archive = fs::read(&epubcheck)?.starts_with(b"PK");
    let program = if is_archive { &java } else { &epubcheck };
    command(run, "epubcheck", program, |c| {
        if is_archive {
            c.arg("-jar").arg(&epubcheck);
        }
        c.arg(folder.join(&files.epub)).arg("--failonwarnings");
    })?;
    Passed::note(format!("{note}; epubcheck finds nothing"))
}

/// Checks where the tests of the exercises send their reader, and returns the
/// pages that are not there yet.
fn exercise_addresses(root: &Path, folder: &Path) -> Result<BTreeSet<String>> {
    let address = Regex::new(r#""(([\w/-]+\.html)(?:#[\w-]+)?)""#)?;
    let (mut wrong, mut unwritten) = (Vec::new(), BTreeSet::new());
    let tests = root.join(EXERCISES).join("tests");
    for entry in WalkDir::new(&tests).sort_by_file_name().into_iter().flatten()
    {
        let text = fs::read_to_string(entry.path()).unwrap_or_default();
        for found in address.captures_iter(&text) {
            let (address, page) = (&found[1], &found[2]);
            if !folder.join(page).is_file() {
                unwritten.insert(page.to_string());
            } else if let Some(why) = site::leads_nowhere(folder, address) {
                let file = entry.path().strip_prefix(root)?.display();
                wrong.push(format!("{file}: `{address}`: {why}"));
            }
        }
    }
    if !wrong.is_empty() {
        bail!("{}", wrong.join("\n"));
    }
    Ok(unwritten)
}

/// What the window tests need, on Debian.
const WINDOW: &str = "apt-get install mesa-vulkan-drivers libvulkan1 xvfb xauth \
                      libx11-6 libx11-xcb1 libxcursor1 libxi6 libxkbcommon-x11-0";

/// Each feature is a build of its own: they hold two versions of winit.
fn boundary(run: &Run) -> Result<Passed> {
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

/// Modules with `unsafe` in them run once more under valgrind.
fn memory(run: &Run) -> Result<Passed> {
    let src = run.root.join("listings/src");
    let mut modules = Vec::new();
    for entry in WalkDir::new(&src).sort_by_file_name() {
        let path = entry?.into_path();
        if path.extension().is_some_and(|x| x == "rs")
            && has_unsafe(&fs::read_to_string(&path)?)
        {
            let module = path.strip_prefix(&src)?.with_extension("");
            let module = module.to_string_lossy().replace(['/', '\\'], "::");
            modules.push(module.trim_end_matches("::mod").to_string());
        }
    }
    if modules.is_empty() {
        return Passed::note("no listing has unsafe code");
    }
    let Some(valgrind) = find("valgrind") else {
        return Passed::skip(
            "valgrind is not installed: apt-get install valgrind",
        );
    };
    let log = cargo(
        run,
        "memory-build",
        &[
            "test",
            "-p",
            "listings",
            "--lib",
            "--no-run",
            "--message-format=json",
        ],
        |_| {},
    )?;
    let Some(binary) = log.lines().filter_map(test_binary).next_back() else {
        bail!("cargo built no test binary: see target/ci/memory-build.log");
    };
    command(run, "memory", &valgrind, |c| {
        c.args(["-q", "--error-exitcode=9", "--leak-check=full"]);
        // std keeps a few blocks of the main thread for ever: "possibly lost".
        c.arg("--errors-for-leak-kinds=definite");
        c.arg("--show-leak-kinds=definite");
        c.arg(binary).args(["--test-threads=1"]).args(&modules);
    })?;
    Passed::note(modules.join(", "))
}

fn has_unsafe(text: &str) -> bool {
    text.lines().map(str::trim_start).any(|line| {
        !line.starts_with("//")
            && ["unsafe {", "unsafe fn", "unsafe impl", "unsafe trait"]
                .iter()
                .any(|word| line.contains(word))
    })
}

fn test_binary(line: &str) -> Option<String> {
    let message: Value = serde_json::from_str(line).ok()?;
    let target = message.get("target")?;
    let is = |key: &str, value: &str| {
        target.get(key)?.get(0)?.as_str().map(|k| k == value)
    };
    is("kind", "lib")?.then_some(())?;
    message.get("executable")?.as_str().map(str::to_string)
}

/// What the steps with a browser need.
struct Browser {
    node: PathBuf,
    chromium: PathBuf,
    /// The folder of their scripts.
    scripts: PathBuf,
}

impl Browser {
    /// The programs on the PATH and the scripts' packages, or what is missing.
    fn find(run: &Run) -> Result<Result<Browser, &'static str>> {
        let Some(node) = find("node") else {
            return Ok(Err("no Node.js on the PATH: install it"));
        };
        let Some(npm) = find("npm") else {
            return Ok(Err("no npm on the PATH: install it"));
        };
        let names = ["chromium", "chromium-browser", "google-chrome"];
        let Some(chromium) = names.iter().find_map(|name| find(name)) else {
            return Ok(Err(
                "no Chromium on the PATH: apt-get install chromium",
            ));
        };
        let scripts = run.root.join("ci/browser");
        command(run, "browser-install", &npm, |c| {
            c.current_dir(&scripts);
            c.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]);
        })?;
        Ok(Ok(Browser { node, chromium, scripts }))
    }

    /// Runs a script and returns its last line, which sums up.
    fn run(
        &self,
        run: &Run,
        log: &str,
        script: &str,
        arguments: &[String],
    ) -> Result<String> {
        let log = command(run, log, &self.node, |c| {
            c.arg(self.scripts.join(script)).args(arguments);
            c.env("CHROMIUM", &self.chromium);
        })?;
        Ok(log.lines().last().unwrap_or_default().to_string())
    }
}

/// The chapters' pages, from the book's root.
fn page_names(book: &Source) -> impl Iterator<Item = String> {
    book.chapters.iter().map(|(path, _)| {
        path.with_extension("html").to_string_lossy().replace('\\', "/")
    })
}

fn browser(run: &Run) -> Result<Passed> {
    let browser = match Browser::find(run)? {
        Ok(browser) => browser,
        Err(why) => return Passed::skip(why),
    };
    // A check that finds none of the mistakes made for it proves nothing.
    let found = browser.run(run, "browser-selftest", "selftest.mjs", &[])?;
    let (folder, book) = built(run)?;
    let url = serve_in_background(&folder)?;
    let mut arguments = vec![url];
    arguments.extend(page_names(&book));
    let said = browser.run(run, "browser", "check.mjs", &arguments)?;
    let unpacked = logs(&run.root).join("unpacked");
    clear(&unpacked)?;
    let files = Files::of(&book.book.title);
    let unpacked = offline::unpack(&folder, &files, &unpacked)?;
    arguments[0] = unpacked.to_string_lossy().into_owned();
    let offline =
        browser.run(run, "browser-offline", "offline.mjs", &arguments)?;
    Passed::note(format!("{said}; {offline}; {found}"))
}

fn lighthouse(run: &Run) -> Result<Passed> {
    let browser = match Browser::find(run)? {
        Ok(browser) => browser,
        Err(why) => return Passed::skip(why),
    };
    let (folder, book) = built(run)?;
    let mut pages: Vec<String> = page_names(&book).collect();
    let size = |page: &String| {
        fs::metadata(folder.join(page)).map_or(0, |page| page.len())
    };
    // The heaviest is first: its speed is measured.
    pages.sort_by_key(|page| std::cmp::Reverse(size(page)));
    let mut arguments = vec![serve_in_background(&folder)?];
    arguments.extend(pages);
    let said = browser.run(run, "lighthouse", "lighthouse.mjs", &arguments)?;
    Passed::note(said)
}

/// Serves `folder` on a free port of loopback until the process ends.
fn serve_in_background(folder: &Path) -> Result<String> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    let listener =
        runtime.block_on(tokio::net::TcpListener::bind(("127.0.0.1", 0)))?;
    let url = format!("http://{}", listener.local_addr()?);
    let (_, unchanged) = tokio::sync::watch::channel(0);
    let pages = serve::router(folder, unchanged);
    thread::spawn(move || {
        // It ends with the process.
        let _ = runtime.block_on(async { axum::serve(listener, pages).await });
    });
    Ok(url)
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
fn cargo_path() -> PathBuf {
    std::env::var_os("CARGO").unwrap_or("cargo".into()).into()
}

fn cargo(
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
fn command(
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

fn as_typed(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|a| a.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The same for a program that may fail.
fn attempt(
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
fn telling(log: &str) -> String {
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
    fn unsafe_in_a_comment_is_not_unsafe_code() {
        assert!(has_unsafe("    unsafe { f() }\n"));
        assert!(!has_unsafe("    // unsafe { f() }\n"));
        assert!(!has_unsafe("//! without `unsafe` code\n"));
    }

    #[test]
    fn an_unknown_step_is_named_with_those_there_are() {
        let asked = Run { root: "/none".into(), bless: false, strict: false };
        let why = run(&asked, &["brwoser".into()]).unwrap_err().to_string();
        assert!(why.contains("no step `brwoser`"), "{why}");
        assert!(why.contains("browser"), "{why}");
    }

    #[test]
    fn a_stub_that_passes_and_a_solution_that_fails_are_named() {
        let said = |a, b| {
            format!(
                "     Running tests/x.rs (target/x-1)\nrunning 2 tests\n\
                 test a ... {a}\ntest b ... {b}\n"
            )
        };
        let (red, green) = (said("FAILED", "FAILED"), said("ok", "ok"));
        let judge = |stubs: &str, solutions: &str| {
            proven(&verdicts(stubs), &verdicts(solutions))
                .map_err(|why| why.to_string())
        };
        assert_eq!(judge(&red, &green).unwrap(), "2 tests of 1 exercises");
        assert_eq!(
            judge(&said("FAILED", "ok"), &said("FAILED", "ok")).unwrap_err(),
            "x::b: passes on what should be a stub\n\
             x::a: the solution fails it"
        );
        let one = "Running tests/x.rs (target/x-1)\ntest b ... ok\n";
        assert_eq!(
            judge(&red, one).unwrap_err(),
            "x::a: it did not run on the solution"
        );
        assert_eq!(
            judge(&one.replace("b ... ok", "a ... FAILED"), &green)
                .unwrap_err(),
            "x::b: it did not run on the stub"
        );
    }

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
