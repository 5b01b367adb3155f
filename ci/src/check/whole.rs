//! Every program as one file compiles alone, apart from the book, and prints what
//! is recorded, or its tests pass; its manifest asks for what it was compiled
//! with; each link to the playground has that file; the main program of a page is
//! short.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use scraper::{Html, Selector};
use serde_json::Value;
use toml::{Table, Value as Toml};

use super::run::{PROVEN, Passed, Run, WINDOW, built, find, logs, messages, wait};
use super::screen::Screen;
use crate::problem;
use crate::read::listing::{BOUNDARY, CRATE};
use crate::write::programs::{ASKED, FOLDER, Kind, Program, programs};

/// No program of the book takes this long, on however busy a machine.
const LIMIT: Duration = Duration::from_secs(60);

/// The main program of a page is to be read as a whole.
const MOST_LINES: usize = 400;

/// The last chapter's is a whole application: it may have more.
const APPLICATION: (&str, usize) = ("app", 1620);

/// What clippy is told in the workspace's `Cargo.toml`.
const LINTS: [&str; 4] = ["--warn", "clippy::undocumented_unsafe_blocks", "--allow", "clippy::type_complexity"];

/// Compiles each program with the crates that the listings were compiled with,
/// runs it, and compares.
///
/// # Errors
/// What is wrong, a line for each.
pub fn run(run: &Run) -> Result<Passed> {
    let (folder, source) = built(run)?;
    let programs = programs(&source)?;
    let build = ["test", "--lib", "--no-run", "--message-format=json"];
    let crates = |log, packages: &[&str]| {
        let log = run.said(log, run.cargo_by_clippy().args(build).args(packages))?;
        anyhow::Ok(Crates::of(&log))
    };
    let of_listings = crates("whole-crates", &PROVEN)?;
    let windows = programs.iter().any(Program::has_window);
    let of_boundary = match windows {
        true => crates("whole-boundary", &WINDOW)?,
        false => Crates::default(),
    };
    let screen = Mutex::new(Screen::open()?);
    let scratch = logs(&run.root).join("whole");
    fs::create_dir_all(&scratch)?;
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let look = |program: &Program| -> Result<()> {
        same_on_pages(&folder, program)?;
        let lines = program.text.lines().count();
        let most = match APPLICATION {
            (name, most) if program.name == name => most,
            _ => MOST_LINES,
        };
        ensure!(
            !program.is_main || lines <= most,
            "the main program of a page has {lines} lines as one file, and not \
             {most} at most: let it use less"
        );
        let crates = match program.has_window() {
            true => &of_boundary,
            false => &of_listings,
        };
        let file = crates.compile(program, &scratch)?;
        let runs = runs_as_recorded(program, &file, &screen);
        fs::remove_dir_all(scratch.join(&program.name))?;
        runs
    };
    let worker = || {
        while let Some(program) = programs.get(next.fetch_add(1, Ordering::Relaxed)) {
            if let Err(why) = look(program) {
                let mut wrong = wrong.lock().unwrap_or_else(PoisonError::into_inner);
                wrong.push(format!("{}: {why:#}", program.name));
            }
        }
    };
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        (0..cores).for_each(|_| {
            scope.spawn(worker);
        });
    });
    let mut wrong = wrong.into_inner().unwrap_or_else(PoisonError::into_inner);
    wrong.extend(manifests(run, &scratch, &programs)?);
    wrong.extend(without_feature(&run.root, &programs)?);
    wrong.sort();
    problem::none_of(&wrong)?;
    let linked = programs.iter().filter(|p| p.playground.is_ok()).count();
    let long = |p: &&Program| p.text.lines().count() > MOST_LINES;
    let tested = |p: &&Program| matches!(p.kind, Kind::Tests(..));
    let note = format!(
        "{} programs and steps ({}) as one file each, {linked} with a link to \
         the playground, {} longer than {MOST_LINES} lines",
        programs.len(),
        programs.iter().filter(tested).count(),
        programs.iter().filter(long).count()
    );
    let screen = screen.into_inner().unwrap_or_else(PoisonError::into_inner);
    let skipped = (windows && screen.is_none()).then(|| {
        "the programs with a window were compiled and not run: no display and \
         no Xvfb: apt-get install xvfb"
            .to_string()
    });
    Ok(Passed { note, skipped: skipped.into_iter().collect() })
}

/// The compiled crates that a program may name.
#[derive(Default)]
struct Crates {
    /// Package, version, and what the compiler is told of it.
    files: Vec<(String, String, PathBuf)>,
}

impl Crates {
    /// As cargo's messages name them.
    fn of(log: &str) -> Crates {
        let mut files = Vec::new();
        for message in messages(log) {
            let id = message["package_id"].as_str().unwrap_or_default();
            let Some((package, version)) = package(id) else { continue };
            let made = message["filenames"].as_array();
            let made = made.into_iter().flatten().filter_map(Value::as_str);
            for file in made.map(PathBuf::from) {
                let kind = file.extension().unwrap_or_default();
                // A macro's crate is a library that the compiler loads.
                let of_macro = std::env::consts::DLL_EXTENSION;
                if kind == "rlib" || kind == of_macro {
                    files.push((package.into(), version.into(), file));
                }
            }
        }
        Crates { files }
    }

    /// Compiles the file that readers download in a project of its own, and says
    /// where the program is.
    fn compile(&self, program: &Program, scratch: &Path) -> Result<PathBuf> {
        let project = scratch.join(&program.name);
        fs::create_dir_all(&project)?;
        fs::write(project.join("Cargo.toml"), &program.manifest)?;
        let source = project.join("program.rs");
        fs::write(&source, &program.text)?;
        let compiled = source.with_extension(std::env::consts::EXE_EXTENSION);
        // The compiler, which finds what clippy finds as well where it is there.
        let clippy = find("clippy-driver");
        let mut rustc = Command::new(match &clippy {
            Some(clippy) => clippy.as_path(),
            None => Path::new("rustc"),
        });
        rustc.args(["--edition", "2024", "--deny", "warnings"]);
        if clippy.is_some() {
            rustc.args(LINTS);
        }
        // As cargo says it: macros look there for what they name.
        rustc.env("CARGO_MANIFEST_DIR", &project);
        if matches!(program.kind, Kind::Tests(..)) {
            rustc.arg("--test");
        }
        rustc.arg(source).arg("-o").arg(&compiled);
        for (name, package, version) in asked(&program.manifest)? {
            let file = self.files.iter().find(|(of, locked, _)| *of == package && fits(&version, locked));
            // What only another system has, this compiler does not ask for.
            let Some((.., file)) = file else { continue };
            let name = name.replace('-', "_");
            rustc.arg("--extern").arg(format!("{name}={}", file.display()));
            let folder = file.parent().unwrap_or(file);
            rustc.arg("-L").arg(format!("dependency={}", folder.display()));
            // What a build script made: SQLite.
            let built = folder.parent().map(|folder| folder.join("build"));
            for entry in built.iter().flat_map(fs::read_dir).flatten() {
                let out = entry?.path().join("out");
                if out.join("libsqlite3.a").is_file() {
                    rustc.arg("-L").arg(format!("native={}", out.display()));
                }
            }
        }
        let done = rustc.output().context("rustc does not start")?;
        let said = String::from_utf8_lossy(&done.stderr);
        ensure!(done.status.success(), "it does not compile:\n{said}");
        Ok(compiled)
    }
}

/// That the file to download and the page have the program's text.
fn same_on_pages(folder: &Path, program: &Program) -> Result<()> {
    let read = |end| {
        let file = format!("{FOLDER}/{}.{end}", program.name);
        fs::read_to_string(folder.join(&file)).context(file)
    };
    ensure!(read("rs")? == program.text, "the file to download is another");
    same_text(&read("html")?, program)
}

fn runs_as_recorded(program: &Program, file: &Path, screen: &Mutex<Option<Screen>>) -> Result<()> {
    match &program.kind {
        Kind::Tests(..) => {
            let said = printed(file, None)?;
            ensure!(said.contains("\ntest result: ok."), "a test fails:\n{said}");
        }
        Kind::Prints(package, Some(recorded)) => {
            let same = |screen: Option<&Screen>| -> Result<()> {
                let said = printed(file, screen)?;
                ensure!(said == *recorded, "as one file it prints something else:\n{said}");
                Ok(())
            };
            if *package == CRATE {
                // What a scheduler decides may come out once as it is recorded.
                same(None)?;
                return same(None);
            }
            // One window after the other: one in front would hide others.
            let screen = screen.lock().unwrap_or_else(PoisonError::into_inner);
            if screen.is_some() {
                same(screen.as_ref())?;
            }
        }
        // A window that is there until somebody closes it.
        Kind::Prints(_, None) => {}
    }
    Ok(())
}

/// What is wrong with the manifests: each asks for versions that `Cargo.lock`
/// has, and cargo takes what they ask for, all of it in one project.
fn manifests(run: &Run, scratch: &Path, programs: &[Program]) -> Result<Vec<String>> {
    let lock = fs::read_to_string(run.root.join("Cargo.lock"))?;
    let locked = Locked::read(&lock)?;
    let (mut wrong, mut all) = (Vec::new(), Table::new());
    for program in programs {
        match locked.dependencies(&program.manifest) {
            Ok(dependencies) => all.extend(dependencies),
            Err(why) => {
                wrong.push(format!("{}: Cargo.toml: {why:#}", program.name));
            }
        }
    }
    let project = scratch.join("manifest");
    fs::create_dir_all(project.join("src"))?;
    fs::write(project.join("src/main.rs"), "fn main() {}\n")?;
    fs::write(project.join("Cargo.lock"), lock)?;
    let manifest = format!(
        "[package]\nname = \"all\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [dependencies]\n{all}"
    );
    fs::write(project.join("Cargo.toml"), manifest)?;
    run.said("whole-manifests", run.cargo().current_dir(&project).args(["tree", "--offline"]))?;
    Ok(wrong)
}

/// Programs that use an optional crate, and whose `[[example]]` entry names no
/// feature that has it: `cargo run --example` would not compile them.
fn without_feature(root: &Path, programs: &[Program]) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    for of in [CRATE, BOUNDARY] {
        let manifest: Table = fs::read_to_string(root.join(of).join("Cargo.toml"))?.parse()?;
        for program in programs {
            if matches!(program.kind, Kind::Prints(package, _) if package == of) {
                let lacks = lacking(&manifest, &program.name, &program.manifest);
                wrong.extend(lacks?.map(|package| {
                    format!(
                        "{}: it uses `{package}`, which is optional, and its \
                         `[[example]]` in {of}/Cargo.toml requires no feature \
                         that has it",
                        program.name
                    )
                }));
            }
        }
    }
    Ok(wrong)
}

/// The first optional crate of the package `of` that its example `name` asks for
/// without a feature.
fn lacking(of: &Table, name: &str, asks: &str) -> Result<Option<String>> {
    let examples = of.get("example").and_then(Toml::as_array);
    let example = examples.into_iter().flatten().find(|it| it.get("name").and_then(Toml::as_str) == Some(name));
    let required = example.and_then(|it| it.get("required-features"));
    let required = required.and_then(Toml::as_array).into_iter().flatten();
    let features: Vec<&str> = required.filter_map(Toml::as_str).collect();
    let has = |package: &str| {
        let crates = |feature: &&str| of.get("features")?.get(*feature);
        let wanted = Toml::String(format!("dep:{package}"));
        features.iter().filter_map(crates).any(|crates| crates.as_array().is_some_and(|it| it.contains(&wanted)))
    };
    let optional = |name: &str| {
        let crates = of.get("dependencies")?.get(name)?;
        crates.get("optional")?.as_bool()
    };
    Ok(lines(&asks.parse()?).map(|(name, _)| name).find(|name| optional(name) == Some(true) && !has(name)))
}

/// The versions that the book was compiled with, by their crates.
struct Locked(Vec<(String, String)>);

impl Locked {
    fn read(lock: &str) -> Result<Locked> {
        let lock: Table = lock.parse().context("Cargo.lock")?;
        let packages = lock.get("package").and_then(Toml::as_array);
        let of = |package: &Toml, key: &str| Some(package.get(key)?.as_str()?.to_string());
        let each = packages.into_iter().flatten();
        let each = each.filter_map(|it| Some((of(it, "name")?, of(it, "version")?)));
        Ok(Locked(each.collect()))
    }

    /// What a manifest asks for, if the book was compiled with it.
    fn dependencies(&self, manifest: &str) -> Result<Table> {
        for (_, package, version) in asked(manifest)? {
            let mut known = self.0.iter().filter(|(it, _)| *it == package);
            ensure!(
                known.any(|(_, locked)| fits(&version, locked)),
                "Cargo.lock has no `{package}` of version {version}"
            );
        }
        Ok(lines(&manifest.parse()?).collect())
    }
}

/// The package and the version at the end of what cargo calls a package's id.
fn package(id: &str) -> Option<(&str, &str)> {
    id.rsplit_once('#')?.1.split_once('@')
}

/// What a manifest asks for, for any system.
fn lines(manifest: &Table) -> impl Iterator<Item = (String, Toml)> {
    let table = |of: &Table| {
        let table = of.get("dependencies").and_then(Toml::as_table);
        table.cloned().unwrap_or_default()
    };
    let targets = manifest.get("target").and_then(Toml::as_table);
    let targets = targets.into_iter().flatten();
    let targets = targets.filter_map(|(_, of)| Some(table(of.as_table()?)));
    let all = targets.chain([table(manifest)]);
    all.flatten().collect::<Vec<_>>().into_iter()
}

/// The crates that a manifest asks for: the name in code, the package, the
/// version.
fn asked(manifest: &str) -> Result<BTreeSet<(String, String, String)>> {
    lines(&manifest.parse()?)
        .map(|(name, value)| {
            let version = value.get("version").unwrap_or(&value).as_str();
            let version = version.with_context(|| format!("`{name}` has no version: {value}"))?;
            let package = value.get("package").and_then(Toml::as_str);
            let package = package.unwrap_or(&name).to_string();
            Ok((name, package, version.to_string()))
        })
        .collect()
}

/// Whether cargo takes the version `locked` for `asked`: a version that is not
/// older, up to the first number that is not 0.
fn fits(asked: &str, locked: &str) -> bool {
    let numbers = |version: &str| -> Vec<u64> {
        let version = version.split(['-', '+']).next().unwrap_or_default();
        version.split('.').map_while(|it| it.parse().ok()).collect()
    };
    let exact = asked.trim_start_matches(['=', '^', ' ']);
    let (asked_for, locked) = (numbers(exact), numbers(locked));
    let same = asked_for.iter().zip(&locked).take_while(|(a, b)| a == b).count();
    let first = asked_for.iter().position(|n| *n > 0).unwrap_or(0);
    match asked.starts_with('=') || asked_for.is_empty() {
        true => asked_for == locked,
        false => same > first && locked >= asked_for,
    }
}

/// What a program prints.
fn printed(program: &Path, screen: Option<&Screen>) -> Result<String> {
    let out = program.with_extension("out");
    let mut child = Command::new(program)
        .envs(screen.iter().flat_map(|screen| screen.variables()))
        .stdin(Stdio::null())
        .stdout(File::create(&out)?)
        .stderr(Stdio::null())
        .spawn()?;
    let status = wait(&mut child, LIMIT)?;
    let status = status.with_context(|| format!("it did not end within {LIMIT:?}"))?;
    let text = fs::read_to_string(&out)?;
    fs::remove_file(&out)?;
    Ok(match status.success() {
        true => text,
        // As the record of a program that fails says it.
        false => format!("{text}[{status}]\n"),
    })
}

/// That the page shows the program's text, and its link carries it.
fn same_text(page: &str, program: &Program) -> Result<()> {
    let html = Html::parse_document(page);
    let select = |what| Selector::parse(what).expect("a selector");
    let shown: String = html.select(&select("#program .code code")).flat_map(|code| code.text()).collect();
    ensure!(shown == program.text, "its page shows something else");
    let link = html.select(&select("a.playground")).next();
    let link = link.and_then(|link| link.attr("href"));
    ensure!(link == program.playground.as_deref().ok(), "its page has another link to the playground, or none");
    if let Some(link) = link {
        let (asked, code) = link.split_once("&code=").unwrap_or((link, ""));
        ensure!(asked == ASKED, "the playground is asked for {asked}");
        ensure!(decoded(code)? == program.text, "its link to the playground has another program");
    }
    Ok(())
}

/// The value of a form's field, as a server reads it.
fn decoded(value: &str) -> Result<String> {
    let mut bytes = Vec::new();
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let hex = [rest.next(), rest.next()].map(|b| b.unwrap_or(b'?'));
                u8::from_str_radix(std::str::from_utf8(&hex)?, 16)?
            }
            b'&' | b'#' => bail!("the value ends at `{}`", char::from(byte)),
            byte => byte,
        });
    }
    Ok(String::from_utf8(bytes)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_asks_for_the_feature_of_an_optional_crate() {
        let of: Table = "[features]\na = [\"dep:x\"]\nb = [\"dep:y\"]\n\
             [dependencies]\nx = { version = \"1\", optional = true }\n\
             z = \"1\"\n[[example]]\nname = \"right\"\n\
             required-features = [\"a\"]\n[[example]]\nname = \"other\"\n\
             required-features = [\"b\"]\n"
            .parse()
            .unwrap();
        let asks = "[dependencies]\nx = \"1\"\nz = \"1\"\n";
        let lacks = |name, asks| lacking(&of, name, asks).unwrap();
        assert_eq!(lacks("right", asks), None);
        for name in ["none", "other"] {
            assert_eq!(lacks(name, asks).as_deref(), Some("x"));
        }
        assert_eq!(lacks("none", "[dependencies]\nz = \"1\"\n"), None);
    }

    #[test]
    fn a_value_is_read_as_a_server_reads_it() {
        assert_eq!(decoded("a+%2B+b;%0A%22%C3%A9%22").unwrap(), "a + b;\n\"é\"");
        assert!(decoded("a&b").is_err());
        assert!(decoded("%zz").is_err());
    }

    #[test]
    fn a_version_fits_as_cargo_says() {
        let all = [
            ("1", "1.52.3", true),
            ("1.53", "1.52.3", false),
            ("1.52", "2.52.0", false),
            ("0.4.1", "0.4.9", true),
            ("0.4", "0.5.0", false),
            ("=0.5.4", "0.5.4", true),
            ("=0.5.4", "0.5.5", false),
            ("x", "1.0.0", false),
        ];
        for (asked, locked, expected) in all {
            assert_eq!(fits(asked, locked), expected, "{asked}, {locked}");
        }
    }

    #[test]
    fn a_manifest_asks_for_what_the_lock_has() {
        let lock = "[[package]]\nname = \"a\"\nversion = \"1.2.3\"\n";
        let locked = Locked::read(lock).unwrap();
        let of = |line: &str| locked.dependencies(&format!("[dependencies]\n{line}\n"));
        let fine = of("a = { version = \"1\", features = [\"x\"] }").unwrap();
        assert_eq!(fine.len(), 1);
        for line in ["a = \"2\"", "b = \"1\"", "a = { path = \"x\" }", "a"] {
            assert!(of(line).is_err(), "{line}");
        }
    }
}
