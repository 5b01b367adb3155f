//! Every program as one file compiles alone, apart from the book, and prints what is recorded, or its tests pass; its
//! manifest asks for what it was compiled with; each link to the playground has that file; the main program of a page
//! is short.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use percent_encoding::percent_decode_str;
use rayon::prelude::*;
use scraper::Html;
use semver::{Version, VersionReq};
use serde::Deserialize;
use serde_json::Value as Json;
use toml::{Table, Value};

use super::links::select;
use super::run::{PROVEN, Passed, Run, WINDOW, built, find, logs, messages, wait};
use super::screen::Screen;
use super::seen::Seen;
use crate::disk;
use crate::problem;
use crate::read::listing::{BOUNDARY, CRATE};
use crate::write::programs::{ASKED, FOLDER, Kind, Program, programs};

patterns! {
    /// What ends a value, and a `%` without its two digits.
    NO_VALUE = r"[&#]|%(?:.?$|[^0-9A-Fa-f]|.[^0-9A-Fa-f])";
}

/// No program of the book takes this long, on however busy a machine.
const LIMIT: Duration = Duration::from_secs(60);

/// The main program of a page is to be read as a whole.
const MOST_LINES: usize = 400;

/// The last chapter's is a whole application: it may have more.
const APPLICATION: (&str, usize) = ("app", 1520);

/// What clippy is told in the workspace's `Cargo.toml`.
const LINTS: [&str; 4] = ["--warn", "clippy::undocumented_unsafe_blocks", "--allow", "clippy::type_complexity"];

/// Compiles each program with the crates that the listings were compiled with, runs it, and compares.
///
/// # Errors
/// What is wrong, a line for each.
pub fn run(run: &Run) -> Result<Passed> {
    let (folder, source) = built(run)?;
    let programs = programs(&source)?;
    let scratch = logs(&run.root).join("whole");
    let listings = Package::compile(run, CRATE, &PROVEN)?;
    // The names of compiled crates change with their versions, their features and the compiler.
    let tools = format!("{:?} {:?} {}", listings.crates, find("clippy-driver"), include_str!("whole.rs"));
    let held = Held {
        folder,
        lock: toml::from_str(&disk::text(&run.root.join("Cargo.lock"))?)?,
        seen: Seen::by(run, "whole", tools),
        listings,
        boundary: Package::compile(run, BOUNDARY, &WINDOW)?,
        screen: Mutex::new(Screen::open()?),
        scratch,
    };
    // Threads of its own: those of the build, which a step beside may need, are not to wait for programs.
    let threads = rayon::ThreadPoolBuilder::new().build()?;
    let look = |program: &Program| Some(format!("{}: {:#}", program.name, held.look(program).err()?));
    let wrong: Vec<String> = threads.install(|| programs.par_iter().with_max_len(1).filter_map(look).collect());
    problem::none_of(&wrong)?;
    one_project(run, &held.scratch.join("manifest"), &programs)?;
    let count = |which: fn(&Program) -> bool| programs.iter().filter(|it| which(it)).count();
    let note = format!(
        "{} programs and steps ({}) as one file each, {} with a link to the playground, {} longer than {MOST_LINES} \
         lines",
        programs.len(),
        count(|it| matches!(it.kind, Kind::Tests(..))),
        count(|it| it.playground.is_ok()),
        count(|it| it.text.lines().count() > MOST_LINES),
    );
    let skipped = match held.screen.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(_) => Vec::new(),
        None => vec![
            "the programs with a window were compiled and not run: no display and no Xvfb: apt-get install xvfb".into(),
        ],
    };
    Ok(Passed { note, skipped })
}

/// What a program is held against.
struct Held {
    /// Where the book is built.
    folder: PathBuf,
    lock: Lock,
    seen: Seen,
    listings: Package,
    boundary: Package,
    /// One window after the other: one in front would hide others.
    screen: Mutex<Option<Screen>>,
    /// Where programs are compiled.
    scratch: PathBuf,
}

impl Held {
    fn look(&self, program: &Program) -> Result<()> {
        self.is_on_its_pages(program)?;
        let lines = program.text.lines().count();
        let most = if program.name == APPLICATION.0 { APPLICATION.1 } else { MOST_LINES };
        ensure!(
            !program.is_main || lines <= most,
            "the main program of a page has {lines} lines as one file, and not {most} at most: let it use less"
        );
        let (package, of) = match program.has_window() {
            true => (BOUNDARY, &self.boundary),
            false => (CRATE, &self.listings),
        };
        let manifest: Manifest = toml::from_str(&program.manifest)?;
        let asked = manifest.asked().context("Cargo.toml")?;
        self.lock.has(&asked).context("Cargo.toml")?;
        if let (Kind::Prints(..), Some(lacks)) = (&program.kind, of.manifest.lacking(&program.name, &manifest)) {
            bail!(
                "it uses `{lacks}`, which is optional, and its `[[example]]` in {package}/Cargo.toml requires no \
                 feature that has it"
            );
        }
        // What a window draws hangs on the system's driver too.
        let all = format!("{:?} {:?} {:?}", program.text, program.manifest, program.kind);
        if !program.has_window() && self.seen.has(&program.name, &all) {
            return Ok(());
        }
        let project = self.scratch.join(&program.name);
        fs::create_dir_all(&project)?;
        let compiled = of.compiled(program, &asked, &project)?;
        let runs = self.runs_as_recorded(program, &compiled);
        fs::remove_dir_all(project)?;
        runs?;
        self.seen.keep(&program.name, &all);
        Ok(())
    }

    /// That the file to download and the page have the program's text, and that the page's link carries it.
    fn is_on_its_pages(&self, program: &Program) -> Result<()> {
        let read = |end| disk::text(&self.folder.join(format!("{FOLDER}/{}.{end}", program.name)));
        ensure!(read("rs")? == program.text, "the file to download is another");
        let page = Html::parse_document(&read("html")?);
        let shown: String = select(&page, "#program .code code").iter().flat_map(|code| code.text()).collect();
        ensure!(shown == program.text, "its page shows something else");
        let link = select(&page, "a.playground").first().and_then(|link| link.attr("href"));
        ensure!(link == program.playground.as_deref().ok(), "its page has another link to the playground, or none");
        if let Some(link) = link {
            let (asked, code) = link.split_once("&code=").unwrap_or((link, ""));
            ensure!(asked == ASKED, "the playground is asked for {asked}");
            ensure!(decoded(code)? == program.text, "its link to the playground has another program");
        }
        Ok(())
    }

    fn runs_as_recorded(&self, program: &Program, compiled: &Path) -> Result<()> {
        let same = |screen: Option<&Screen>, recorded: &str| {
            let said = printed(compiled, screen)?;
            ensure!(said == recorded, "as one file it prints something else:\n{said}");
            Ok(())
        };
        match &program.kind {
            Kind::Tests(..) => {
                let said = printed(compiled, None)?;
                ensure!(said.contains("\ntest result: ok."), "a test fails:\n{said}");
            }
            // A window that is there until somebody closes it.
            Kind::Prints(_, None) => {}
            Kind::Prints(BOUNDARY, Some(recorded)) => {
                if let Some(screen) = &*self.screen.lock().unwrap_or_else(PoisonError::into_inner) {
                    same(Some(screen), recorded)?;
                }
            }
            Kind::Prints(_, Some(recorded)) => {
                // What a scheduler decides may come out once as it is recorded.
                same(None, recorded)?;
                same(None, recorded)?;
            }
        }
        Ok(())
    }
}

/// A package whose programs these are.
struct Package {
    manifest: Manifest,
    /// The crates that a program may name: package, version, and what the compiler is told of it.
    crates: Vec<(String, Version, PathBuf)>,
}

impl Package {
    /// Compiles its crates, together with those of `packages`.
    fn compile(run: &Run, name: &str, packages: &[&str]) -> Result<Package> {
        let mut test = run.cargo_by_clippy();
        test.args(["test", "--lib", "--no-run", "--message-format=json"]).args(packages);
        let log = run.said(&format!("whole-{name}"), &mut test)?;
        let mut crates = Vec::new();
        for message in messages(&log) {
            // As in `registry+https://…#tokio@1.54.1`.
            let id = message["package_id"].as_str().and_then(|id| id.rsplit_once('#')?.1.split_once('@'));
            let Some((package, version)) = id else { continue };
            let files = message["filenames"].as_array();
            for file in files.into_iter().flatten().filter_map(Json::as_str).map(PathBuf::from) {
                let kind = file.extension().unwrap_or_default();
                // A macro's crate is a library that the compiler loads.
                if kind == "rlib" || kind == std::env::consts::DLL_EXTENSION {
                    crates.push((package.into(), version.parse()?, file));
                }
            }
        }
        let manifest = toml::from_str(&disk::text(&run.root.join(name).join("Cargo.toml"))?)?;
        Ok(Package { manifest, crates })
    }

    /// Compiles the file that readers download in a project of its own, and says where the program is.
    fn compiled(&self, program: &Program, asked: &[Asked], project: &Path) -> Result<PathBuf> {
        fs::write(project.join("Cargo.toml"), &program.manifest)?;
        let source = project.join("program.rs");
        fs::write(&source, &program.text)?;
        let compiled = source.with_extension(std::env::consts::EXE_EXTENSION);
        // The compiler, which finds what clippy finds as well where it is there.
        let clippy = find("clippy-driver");
        let mut rustc = Command::new(clippy.as_deref().unwrap_or(Path::new("rustc")));
        rustc.args(["--edition", "2024", "--deny", "warnings"]);
        if clippy.is_some() {
            rustc.args(LINTS);
        }
        // As cargo says it: macros look there for what they name.
        rustc.env("CARGO_MANIFEST_DIR", project);
        if matches!(program.kind, Kind::Tests(..)) {
            rustc.arg("--test");
        }
        rustc.arg(source).arg("-o").arg(&compiled);
        for asked in asked {
            // What only another system has, this compiler does not ask for.
            let Some((.., file)) = self.crates.iter().find(|it| asked.is(&it.0, &it.1)) else { continue };
            rustc.arg("--extern").arg(format!("{}={}", asked.name.replace('-', "_"), file.display()));
            let folder = file.parent().unwrap_or(file);
            rustc.arg("-L").arg(format!("dependency={}", folder.display()));
            // What a build script made: SQLite.
            for entry in fs::read_dir(folder.with_file_name("build")).into_iter().flatten() {
                let out = entry?.path().join("out");
                if out.join("libsqlite3.a").is_file() {
                    rustc.arg("-L").arg(format!("native={}", out.display()));
                }
            }
        }
        let done = rustc.output().context("rustc does not start")?;
        ensure!(done.status.success(), "it does not compile:\n{}", String::from_utf8_lossy(&done.stderr));
        Ok(compiled)
    }
}

/// What stands here of a `Cargo.toml`.
#[derive(Deserialize)]
struct Manifest {
    #[serde(default)]
    dependencies: Table,
    /// What it asks for on some systems only.
    #[serde(default)]
    target: BTreeMap<String, Manifest>,
    #[serde(default)]
    features: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    example: Vec<Example>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Example {
    name: String,
    #[serde(default)]
    required_features: Vec<String>,
}

/// A crate that a manifest asks for.
struct Asked {
    /// As code names it, but for the `-`.
    name: String,
    package: String,
    version: VersionReq,
}

impl Asked {
    fn is(&self, package: &str, version: &Version) -> bool {
        self.package == package && self.version.matches(version)
    }
}

impl Manifest {
    /// What it asks for, for any system.
    fn crates(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.target.values().flat_map(|of| &of.dependencies).chain(&self.dependencies)
    }

    fn asked(&self) -> Result<Vec<Asked>> {
        let asked = |(name, value): (&String, &Value)| {
            let version = value.get("version").unwrap_or(value).as_str();
            let version = version.with_context(|| format!("`{name}` has no version: {value}"))?;
            let version = version.parse().with_context(|| format!("`{name}`: {version}"))?;
            ensure!(version != VersionReq::STAR, "`{name}` is asked for in any version");
            let package = value.get("package").and_then(Value::as_str).unwrap_or(name);
            Ok(Asked { name: name.clone(), package: package.into(), version })
        };
        self.crates().map(asked).collect()
    }

    /// The first optional crate of this package that its example asks for without a feature: `cargo run --example`
    /// would not compile it.
    fn lacking<'a>(&self, example: &str, asks: &'a Manifest) -> Option<&'a str> {
        let examples = self.example.iter().filter(|it| it.name == example);
        let features = examples.flat_map(|it| &it.required_features).filter_map(|it| self.features.get(it));
        let has: BTreeSet<&str> = features.flatten().filter_map(|it| it.strip_prefix("dep:")).collect();
        let is_optional = |name: &str| self.dependencies.get(name)?.get("optional")?.as_bool();
        let names = asks.crates().map(|(name, _)| name.as_str());
        names.into_iter().find(|name| is_optional(name) == Some(true) && !has.contains(name))
    }
}

/// The versions that the book was compiled with.
#[derive(Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    version: Version,
}

impl Lock {
    fn has(&self, asked: &[Asked]) -> Result<()> {
        for asked in asked {
            let known = self.package.iter().any(|it| asked.is(&it.name, &it.version));
            ensure!(known, "Cargo.lock has no `{}` of version {}", asked.package, asked.version);
        }
        Ok(())
    }
}

/// That cargo takes what the manifests ask for, all of it in one project.
fn one_project(run: &Run, project: &Path, programs: &[Program]) -> Result<()> {
    let mut dependencies = Table::new();
    for program in programs {
        let manifest: Manifest = toml::from_str(&program.manifest)?;
        dependencies.extend(manifest.crates().map(|(name, value)| (name.clone(), value.clone())));
    }
    let manifest =
        format!("[package]\nname = \"all\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n{dependencies}");
    fs::create_dir_all(project.join("src"))?;
    fs::write(project.join("src/main.rs"), "fn main() {}\n")?;
    fs::write(project.join("Cargo.toml"), manifest)?;
    fs::copy(run.root.join("Cargo.lock"), project.join("Cargo.lock"))?;
    run.said("whole-manifests", run.cargo().current_dir(project).args(["tree", "--offline"]))?;
    Ok(())
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
    let status = wait(&mut child, LIMIT)?.with_context(|| format!("it did not end within {LIMIT:?}"))?;
    let text = fs::read_to_string(&out)?;
    Ok(match status.success() {
        true => text,
        // As the record of a program that fails says it.
        false => format!("{text}[{status}]\n"),
    })
}

/// The value of a form's field, as a server reads it.
fn decoded(value: &str) -> Result<String> {
    ensure!(!NO_VALUE.is_match(value), "no server reads this as one value: {value}");
    let spaced = value.replace('+', " ");
    Ok(percent_decode_str(&spaced).decode_utf8()?.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(text: &str) -> Manifest {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn a_program_asks_for_the_feature_of_an_optional_crate() {
        let of = manifest(
            "[features]\na = [\"dep:x\"]\nb = [\"dep:y\"]\n\
             [dependencies]\nx = { version = \"1\", optional = true }\nz = \"1\"\n\
             [[example]]\nname = \"right\"\nrequired-features = [\"a\"]\n\
             [[example]]\nname = \"other\"\nrequired-features = [\"b\"]\n",
        );
        let asks = manifest("[dependencies]\nx = \"1\"\nz = \"1\"\n");
        assert_eq!(of.lacking("right", &asks), None);
        for name in ["none", "other"] {
            assert_eq!(of.lacking(name, &asks), Some("x"));
        }
        assert_eq!(of.lacking("none", &manifest("[dependencies]\nz = \"1\"\n")), None);
    }

    #[test]
    fn a_value_is_read_as_a_server_reads_it() {
        assert_eq!(decoded("a+%2B+b;%0A%22%C3%A9%22").unwrap(), "a + b;\n\"é\"");
        assert!(decoded("a&b").is_err());
        for wrong in ["%zz", "%4", "%ff"] {
            assert!(decoded(wrong).is_err(), "{wrong}");
        }
    }

    fn lock(version: &str) -> Lock {
        toml::from_str(&format!("[[package]]\nname = \"a\"\nversion = \"{version}\"\n")).unwrap()
    }

    /// That the lock has what a line of the manifest asks for.
    fn has(lock: &Lock, line: &str) -> Result<()> {
        let manifest: Manifest = toml::from_str(&format!("[dependencies]\n{line}\n"))?;
        lock.has(&manifest.asked()?)
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
            let fits = has(&lock(locked), &format!("a = \"{asked}\"")).is_ok();
            assert_eq!(fits, expected, "{asked}, {locked}");
        }
    }

    #[test]
    fn a_manifest_asks_for_what_the_lock_has() {
        let lock = lock("1.2.3");
        for line in [
            "a = { version = \"1\", features = [\"x\"] }",
            "a = \"1.2\"",
            "b = { package = \"a\", version = \"=1.2.3\" }",
        ] {
            has(&lock, line).unwrap();
        }
        for line in ["a = \"2\"", "a = \"1.3\"", "b = \"1\"", "a = { path = \"x\" }", "a"] {
            assert!(has(&lock, line).is_err(), "{line}");
        }
        let only_there = manifest("[target.'cfg(windows)'.dependencies]\na = \"2\"\n").asked().unwrap();
        let why = lock.has(&only_there).unwrap_err().to_string();
        assert_eq!(why, "Cargo.lock has no `a` of version ^2");
    }
}
