//! The rules between the chapters and the listings, which no compiler keeps.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::path::{Display, Path, PathBuf};

use anyhow::Result;
use walkdir::WalkDir;

use super::run::{Passed, Run};
use super::{mutants, toolchain};
use crate::disk;
use crate::links::slashed;
use crate::problem::{self, Problem};
use crate::read::include;
use crate::read::listing::{self, BOUNDARY, CRATE, EXERCISES, Kind, PROOFS};
use crate::read::source::Source;

patterns! {
    TEST = r"#\[(tokio::)?test\b";
    EXERCISE_TO = r"^//! Exercise to ([\w/-]+)\.html: ";
    MODULE_USE = r"\b(?:crate|listings)::(\w+)::(\w+)\b";
    /// A line that declares modules or says something, and does nothing.
    NO_ITEM = r"^\s*(//.*|#\[cfg.*|#!\[.*|(pub )?mod .*;|pub use .*;)?\s*$";
}

/// Looks at the chapters and the listings.
///
/// # Errors
/// What is wrong, a line for each.
pub fn run(run: &Run) -> Result<Passed> {
    let book = Source::load(&run.root)?;
    let mut problems = problems(&book);
    problems.extend(toolchain::others(&run.root)?);
    problems.extend(mutants::outdated(&run.root)?);
    problem::none_of(&problems)?;
    let uses: usize = book.chapters.iter().map(|(_, c)| c.uses.len()).sum();
    Passed::note(format!("{} pages, {uses} includes", book.chapters.len()))
}

/// Every mistake of the book: those within the chapters, then those between the chapters and the listings.
pub fn problems(book: &Source) -> Vec<Problem> {
    let rules = Rules::of(book);
    let mut found = Found(book.problems());
    rules.orphan_chapters(&mut found);
    rules.unused_anchors(&mut found);
    rules.unshown(&mut found);
    rules.records_of_nothing(&mut found);
    rules.untested(&mut found);
    rules.unrun(&mut found);
    rules.exercises(&mut found);
    rules.out_of_order(&mut found);
    rules.ids_on_two_pages(&mut found);
    rules.descriptions(&mut found);
    found.0
}

/// The mistakes so far.
struct Found(Vec<Problem>);

impl Found {
    fn say(&mut self, file: impl AsRef<Path>, line: usize, what: impl Into<String>) {
        self.0.push(Problem::new(file, line, what));
    }
}

struct Rules<'a> {
    book: &'a Source,
    /// Every text file of the listings and of the exercises, by its path relative to the root.
    files: BTreeMap<String, String>,
    /// The files that pages include.
    used: BTreeSet<&'a str>,
}

impl Rules<'_> {
    fn of(book: &Source) -> Rules<'_> {
        let mut files = BTreeMap::new();
        for folder in [CRATE, PROOFS, BOUNDARY, EXERCISES] {
            let walk = WalkDir::new(book.root.join(folder)).into_iter().filter_entry(|e| e.file_name() != "target");
            for entry in walk.flatten().filter(|e| e.file_type().is_file()) {
                let path = entry.path().strip_prefix(&book.root).unwrap_or(entry.path());
                if let Ok(text) = fs::read_to_string(entry.path()) {
                    files.insert(slashed(path), text);
                }
            }
        }
        let uses = book.chapters.iter().flat_map(|(_, c)| &c.uses);
        Rules { book, files, used: uses.map(|(target, _)| target.file.as_str()).collect() }
    }

    /// The Rust files of all steps, with the module of each.
    fn steps(&self) -> impl Iterator<Item = (&String, &String, String)> {
        self.files.iter().filter_map(|(name, text)| Some((name, text, listing::module(name)?)))
    }

    fn under<'s>(&'s self, folder: &'s str, extension: &'s str) -> impl Iterator<Item = (&'s String, &'s String)> {
        self.files.iter().filter(move |(name, _)| name.starts_with(folder) && name.ends_with(extension))
    }

    /// A page that no line of SUMMARY.md names is never built.
    fn orphan_chapters(&self, found: &mut Found) {
        let src = self.book.root.join(&self.book.src);
        let known: HashSet<&Path> = self.book.chapters.iter().map(|(path, _)| path.as_path()).collect();
        for page in disk::below(&src, "md") {
            let page = page.strip_prefix(&src).unwrap_or(&page);
            if !["SUMMARY.md", "404.md"].iter().any(|own| page == Path::new(own)) && !known.contains(page) {
                found.say(self.book.src.join(page), 0, "is not in SUMMARY.md: add its line, or remove the page");
            }
        }
    }

    fn unused_anchors(&self, found: &mut Found) {
        let uses = self.book.chapters.iter().flat_map(|(_, c)| &c.uses);
        let used: HashSet<(&str, &str)> = uses.filter_map(|(t, _)| Some((&*t.file, t.anchor.as_deref()?))).collect();
        // The anchor of an exercise waits for its chapter: see `exercises`.
        for (name, text) in self.files.iter().filter(|(name, _)| listing::package(name).is_some()) {
            for (anchor, line) in include::anchors(text) {
                if !used.contains(&(name, &anchor)) {
                    let what = format!(
                        "no page includes the anchor `{anchor}`: include it (`{{{{#include …:{anchor}}}}}`) or remove it"
                    );
                    found.say(name, line, what);
                }
            }
        }
    }

    /// What nobody shows is not part of the book. A file whose tests prove a sentence is shown by the mark that leads
    /// to it.
    fn unshown(&self, found: &mut Found) {
        let proved_in = self.book.chapters.iter().flat_map(|(_, c)| &c.proved_in);
        let shown: BTreeSet<&str> = self.used.iter().copied().chain(proved_in.map(String::as_str)).collect();
        for (name, text) in self.files.iter().filter(|(name, _)| !shown.contains(name.as_str())) {
            let module = listing::module(name).unwrap_or_default();
            let is_step = !module.is_empty()
                && !name.starts_with(PROOFS)
                && module.split("::").next() != Some("proof")
                && has_items(text)
                && !self.stands_under(&module, &shown);
            let what = match Kind::of(name) {
                _ if is_step => "listing",
                Kind::Program(_) | Kind::Script(_) => "program",
                _ if name.starts_with("proofs/tests/compile_fail/") && name.ends_with(".rs") => "compile failure",
                _ if name.starts_with("listings/traces/") && name.ends_with(".mmd") => "trace",
                _ => continue,
            };
            found.say(name, 0, format!("no page includes this {what}"));
        }
    }

    /// Whether a step that is `shown` stands on `module`, so that a reader who runs the one has the other.
    fn stands_under(&self, module: &str, shown: &BTreeSet<&str>) -> bool {
        let Some((folder, name)) = module.rsplit_once("::") else { return false };
        let chapter = folder.split("::").take(2).collect::<Vec<_>>().join("::");
        let (from_afar, from_near) = (format!("::{module}::"), format!("::{name}::"));
        self.steps().filter(|(file, ..)| shown.contains(file.as_str())).any(|(_, text, other)| {
            let is_near = other.starts_with(&chapter);
            let names = |line: &str| line.contains(&from_afar) || is_near && line.contains(&from_near);
            text.lines().any(|line| line.starts_with("use ") && names(line))
        })
    }

    /// What is recorded is printed by a program or said by the compiler.
    fn records_of_nothing(&self, found: &mut Found) {
        for name in self.files.keys() {
            let Some((folder, file)) = name.split_once("/examples/outputs/") else { continue };
            let program = format!("{folder}/examples/{}", file.trim_end_matches(".txt"));
            if !["rs", "js"].iter().any(|end| self.files.contains_key(&format!("{program}.{end}"))) {
                found.say(name, 0, "no program prints this any more: remove it");
            }
        }
        for (name, text) in self.under("proofs/tests/compile_fail/", ".stderr") {
            // How rustc lays the message out depends on the length of the path.
            if let Some(line) = text.lines().position(|line| line.contains("@$DIR")) {
                let what = "names an async block or a closure by its path, so the message changes with the folder of \
                            the clone: use a named `async fn` or `fn`";
                found.say(name, line + 1, what);
            }
            if !self.files.contains_key(&name.replace(".stderr", ".rs")) {
                found.say(name, 0, "no listing gives this message any more: remove it");
            }
        }
    }

    /// The command above a step runs a test: cargo looks for the module's path in the paths of the tests.
    fn untested(&self, found: &mut Found) {
        for file in self.used.iter().filter(|file| self.files.contains_key(**file)) {
            let Some(module) = listing::module(file) else { continue };
            let tested = self.steps().any(|(_, text, other)| other.contains(&module) && TEST.is_match(text));
            // A window has the main thread, so its tests have a harness of ours, in which each has its listing's path.
            let in_window = module.strip_prefix("boundary::").is_some_and(|it| {
                let named = format!("\"{it}::");
                self.under("boundary/tests/windows/", ".rs").any(|(_, text)| text.contains(&named))
            });
            if !tested && !in_window {
                let what = "this listing has no test, and the command above it runs none: end it with `#[cfg(test)] \
                            mod tests`";
                found.say(file, 0, what);
            }
        }
    }

    /// A program prints what is recorded, or a test runs it by its name.
    fn unrun(&self, found: &mut Found) {
        for name in self.files.keys() {
            let (Kind::Program(program), Some((package, _))) = (Kind::of(name), listing::package(name)) else {
                continue;
            };
            let output = format!("{package}/examples/outputs/{program}.txt");
            let (tests, named) = (format!("{package}/tests/"), format!("\"{program}\""));
            if !self.files.contains_key(&output) && !self.under(&tests, ".rs").any(|(_, text)| text.contains(&named)) {
                let what = format!(
                    "nobody runs this program: record what it prints in `{output}` with `cargo ci --bless`, or run it \
                     in a test"
                );
                found.say(name, 0, what);
            }
        }
    }

    /// An exercise has a stub, a solution and tests, each test is watched, and it stands on the page of its chapter as
    /// soon as there is one.
    fn exercises(&self, found: &mut Found) {
        for (file, stub) in self.under("exercises/src/", ".rs") {
            let Kind::Exercise(name) = Kind::of(file) else { continue };
            let solution = format!("{EXERCISES}/solutions/{name}.rs");
            if !self.files.contains_key(&solution) {
                found.say(file, 0, format!("has no solution: write `{solution}`"));
            }
            let tests = format!("{EXERCISES}/tests/{name}.rs");
            match self.files.get(&tests) {
                Some(text) => tests_of_exercise(&name, &tests, text, found),
                None => found.say(file, 0, format!("has no tests: write `{tests}`")),
            }
            let Some(chapter) = EXERCISE_TO.captures(stub) else {
                let what = "does not say where it belongs: begin it with `//! Exercise to part/chapter.html: …`";
                found.say(file, 1, what);
                continue;
            };
            let page = Path::new(&chapter[1]).with_extension("md");
            let chapter = self.book.chapters.iter().find(|(path, _)| *path == page);
            if chapter.is_some_and(|(_, chapter)| chapter.uses.iter().all(|(target, _)| target.file != *file)) {
                let page = self.book.src.join(&page);
                let what = format!(
                    "`{}` does not include it: `{{{{#include ../../{file}:stub}}}}` near its end",
                    page.display()
                );
                found.say(file, 1, what);
            }
        }
    }

    /// A chapter's module may use only modules of chapters before it.
    fn out_of_order(&self, found: &mut Found) {
        let chapter = |path: &Path| slashed(&path.with_extension("")).replace('-', "_");
        let order: Vec<String> = self.book.chapters.iter().map(|(path, _)| chapter(path)).collect();
        let place = |chapter: &str| order.iter().position(|it| it == chapter);
        for (name, text, module) in self.steps() {
            let mut parts = module.split("::");
            let (Some(part), Some(chapter)) = (parts.next(), parts.next()) else { continue };
            if part == "proof" || name.starts_with(PROOFS) {
                continue;
            }
            let Some(own) = place(&format!("{part}/{chapter}")) else {
                let what = format!("there is no chapter `{part}/{}` in SUMMARY.md", chapter.replace('_', "-"));
                found.say(name, 0, what);
                continue;
            };
            for (n, line) in text.lines().enumerate() {
                for used in MODULE_USE.captures_iter(line) {
                    let (part, chapter) = (&used[1], &used[2]);
                    if place(&format!("{part}/{chapter}")).is_some_and(|at| at > own) {
                        let what = format!(
                            "uses `{part}::{chapter}`, a later chapter: a listing builds only on what the reader has \
                             seen"
                        );
                        found.say(name, n + 1, what);
                    }
                }
            }
        }
    }

    /// An id is one listing's, so that a link to it means one place.
    fn ids_on_two_pages(&self, found: &mut Found) {
        let pages = self.book.chapters.iter();
        let ids = pages.flat_map(|(path, chapter)| chapter.ids.iter().map(move |id| (id, 0, path)));
        let says = |id: &str, other: Display<'_>| format!("`#{id}` already stands in {other}: link to it there");
        self.twice(found, ids, says);
    }

    /// What search results and previews say about a chapter is its own.
    fn descriptions(&self, found: &mut Found) {
        let all = self.book.chapters.iter().map(|(path, it)| (path, &it.description));
        let texts = all.clone().filter_map(|(path, it)| Some((it.text.as_ref()?, it.line, path)));
        self.twice(found, texts, |_, other| {
            format!("the description is that of {other}: say what this chapter answers")
        });
        for (path, described) in all {
            for (line, what) in &described.problems {
                found.say(self.book.src.join(path), *line, what);
            }
        }
    }

    /// Finds each text that stands on a page before as well; of each its line and its page.
    fn twice<'a>(
        &self,
        found: &mut Found,
        all: impl Iterator<Item = (&'a String, usize, &'a PathBuf)>,
        says: impl Fn(&str, Display<'_>) -> String,
    ) {
        let mut first = BTreeMap::new();
        for (text, line, page) in all {
            let before = *first.entry(text).or_insert(page);
            if before != page {
                found.say(self.book.src.join(page), line, says(text, self.book.src.join(before).display()));
            }
        }
    }
}

/// Whether a source file holds more than module declarations.
fn has_items(text: &str) -> bool {
    !text.lines().all(|line| NO_ITEM.is_match(line))
}

/// The tests of an exercise include what is tested, and each is watched.
fn tests_of_exercise(name: &str, tests: &str, text: &str, found: &mut Found) {
    let include = format!("include!(concat!(env!(\"OUT_DIR\"), \"/{name}.rs\"));");
    if !text.contains(&include) {
        found.say(tests, 1, format!("begin it with `{include}`"));
    }
    let mut line = 1;
    for (n, test) in text.split("#[test]").enumerate() {
        if n > 0 && !test.contains("watched(") {
            found.say(tests, line, "one that hangs would not end: put what it does into `watched`");
        }
        line += test.matches('\n').count();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn module_declarations_alone_need_no_page() {
        assert!(!has_items("//! Docs.\n\n#[cfg(x)]\npub mod a;\nmod b;\n"));
        assert!(has_items("//! Docs.\npub fn f() {}\n"));
    }
}
