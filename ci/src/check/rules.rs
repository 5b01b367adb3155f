//! The rules between the chapters and the listings, which no compiler keeps.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

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

/// Every mistake of the book: those within the chapters, then those between
/// the chapters and the listings.
pub fn problems(book: &Source) -> Vec<Problem> {
    let mut problems = book.problems();
    let files = Files::read(&book.root);
    problems.extend(orphan_chapters(book));
    problems.extend(unused_anchors(book, &files));
    problems.extend(unshown(book, &files));
    problems.extend(untested(book, &files));
    problems.extend(unrun(&files));
    problems.extend(exercises(book, &files));
    problems.extend(out_of_order(book, &files));
    problems.extend(ids_on_two_pages(book));
    problems.extend(descriptions(book));
    problems
}

/// Every text file of the listings and of the exercises, by its path relative
/// to the root.
struct Files(BTreeMap<String, String>);

impl Files {
    fn read(root: &Path) -> Files {
        let mut files = BTreeMap::new();
        let folders = [CRATE, PROOFS, BOUNDARY, EXERCISES];
        let walk = folders
            .into_iter()
            .flat_map(|folder| WalkDir::new(root.join(folder)).into_iter().filter_entry(|e| e.file_name() != "target"));
        for entry in walk.flatten().filter(|e| e.file_type().is_file()) {
            let path = entry.path().strip_prefix(root).unwrap_or(entry.path());
            if let Ok(text) = fs::read_to_string(entry.path()) {
                let name = slashed(path);
                files.insert(name, text);
            }
        }
        Files(files)
    }

    /// The Rust files of all steps, with the module of each.
    fn steps(&self) -> impl Iterator<Item = (&String, &String, String)> {
        self.0.iter().filter_map(|(name, text)| Some((name, text, listing::module(name)?)))
    }

    fn under<'a>(&'a self, folder: &'a str, extension: &'a str) -> impl Iterator<Item = (&'a String, &'a String)> {
        self.0.iter().filter(move |(name, _)| name.starts_with(folder) && name.ends_with(extension))
    }
}

fn used(book: &Source) -> BTreeSet<&str> {
    let uses = book.chapters.iter().flat_map(|(_, c)| &c.uses);
    uses.map(|(target, _)| target.file.as_str()).collect()
}

/// A page that no line of SUMMARY.md names is never built.
fn orphan_chapters(book: &Source) -> Vec<Problem> {
    let known: HashSet<_> = book.chapters.iter().map(|(p, _)| p).collect();
    let src = book.root.join(&book.src);
    let pages = disk::below(&src, "md");
    pages
        .filter_map(|path| path.strip_prefix(&src).ok().map(Path::to_path_buf))
        .filter(|path| {
            let own = ["SUMMARY.md", "404.md"].map(Path::new);
            !own.contains(&&**path) && !known.contains(path)
        })
        .map(|path| {
            let what = "is not in SUMMARY.md: add its line, or remove the page";
            Problem::new(book.src.join(path), 0, what)
        })
        .collect()
}

fn unused_anchors(book: &Source, files: &Files) -> Vec<Problem> {
    let uses = book.chapters.iter().flat_map(|(_, c)| &c.uses);
    let used: HashSet<(&str, &str)> = uses.filter_map(|(t, _)| Some((t.file.as_str(), t.anchor.as_deref()?))).collect();
    let mut problems = Vec::new();
    // The anchor of an exercise waits for its chapter: see `exercises`.
    let listings = files.0.iter().filter(|f| listing::package(f.0).is_some());
    for (name, text) in listings {
        for (anchor, line) in include::anchors(text) {
            if !used.contains(&(name.as_str(), anchor.as_str())) {
                let what = format!(
                    "no page includes the anchor `{anchor}`: include it \
                         (`{{{{#include …:{anchor}}}}}`) or remove it"
                );
                problems.push(Problem::new(name, line, what));
            }
        }
    }
    problems
}

/// Whether a source file holds more than module declarations.
fn has_items(text: &str) -> bool {
    text.lines().map(str::trim).any(|line| {
        !(line.is_empty()
            || line.starts_with("//")
            || line.starts_with("#[cfg")
            || line.starts_with("#![")
            || (line.starts_with("pub mod ") || line.starts_with("mod ")) && line.ends_with(';')
            || line.starts_with("pub use ") && line.ends_with(';'))
    })
}

/// Whether a shown step stands on `module`, so that a reader who runs the one has
/// the other.
fn stands_under(module: &str, files: &Files, used: &BTreeSet<&str>) -> bool {
    let Some((folder, name)) = module.rsplit_once("::") else { return false };
    let chapter = folder.split("::").take(2).collect::<Vec<_>>().join("::");
    files.steps().any(|(file, text, other)| {
        let is_near = other.starts_with(&chapter);
        let names =
            |line: &str| line.contains(&format!("::{module}::")) || is_near && line.contains(&format!("::{name}::"));
        used.contains(file.as_str()) && text.lines().any(|line| line.starts_with("use ") && names(line))
    })
}

/// What nobody shows is not part of the book. A file whose tests prove a sentence
/// is shown by the mark that leads to it.
fn unshown(book: &Source, files: &Files) -> Vec<Problem> {
    let mut used = used(book);
    let proved_in = book.chapters.iter().flat_map(|(_, c)| &c.proved_in);
    used.extend(proved_in.map(String::as_str));
    let mut problems = Vec::new();
    for (name, text) in &files.0 {
        let module = listing::module(name).unwrap_or_default();
        let step = !module.is_empty()
            && !name.starts_with(PROOFS)
            && module.split("::").next() != Some("proof")
            && has_items(text)
            && !stands_under(&module, files, &used);
        let program = matches!(Kind::of(name), Kind::Program(_) | Kind::Script(_));
        let is = |folder: &str, end: &str| name.starts_with(folder) && name.ends_with(end);
        let what = match () {
            () if step => "listing",
            () if program => "program",
            () if is("proofs/tests/compile_fail/", ".rs") => "compile failure",
            () if is("listings/traces/", ".mmd") => "trace",
            () => continue,
        };
        if !used.contains(name.as_str()) {
            let what = format!("no page includes this {what}");
            problems.push(Problem::new(name, 0, what));
        }
    }
    for name in files.0.keys() {
        let Some((folder, file)) = name.split_once("/examples/outputs/") else {
            continue;
        };
        let stem = file.trim_end_matches(".txt");
        let source = |x| format!("{folder}/examples/{stem}.{x}");
        if !["rs", "js"].iter().any(|x| files.0.contains_key(&source(*x))) {
            let what = "no program prints this any more: remove it";
            problems.push(Problem::new(name, 0, what));
        }
    }
    for (name, text) in files.under("proofs/tests/compile_fail/", ".stderr") {
        // How rustc lays the message out depends on the length of the path.
        if let Some(line) = text.lines().position(|l| l.contains("@$DIR")) {
            let what = "names an async block or a closure by its path, so the \
                 message changes with the folder of the clone: use a named \
                 `async fn` or `fn`";
            problems.push(Problem::new(name, line + 1, what));
        }
        if !files.0.contains_key(&name.replace(".stderr", ".rs")) {
            let what = "no listing gives this message any more: remove it";
            problems.push(Problem::new(name, 0, what));
        }
    }
    problems
}

/// The command above a step runs a test: cargo looks for the module's path
/// in the paths of the tests.
fn untested(book: &Source, files: &Files) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in used(book) {
        let Some(module) = listing::module(file) else { continue };
        let tested = files.steps().any(|(_, text, other)| other.contains(&module) && TEST.is_match(text));
        // A window has the main thread, so its tests have a harness of ours,
        // in which each has its listing's path.
        let in_window = module.strip_prefix("boundary::").is_some_and(|it| {
            let named = format!("\"{it}::");
            let of = files.under("boundary/tests/windows/", ".rs");
            of.into_iter().any(|(_, text)| text.contains(&named))
        });
        let tested = tested || in_window;
        if !tested && files.0.contains_key(file) {
            let what = "this listing has no test, and the command above it runs \
                 none: end it with `#[cfg(test)] mod tests`";
            problems.push(Problem::new(file, 0, what));
        }
    }
    problems
}

/// A program prints what is recorded, or a test runs it by its name.
fn unrun(files: &Files) -> Vec<Problem> {
    let mut problems = Vec::new();
    for name in files.0.keys() {
        let Kind::Program(program) = Kind::of(name) else { continue };
        let Some((package, _)) = listing::package(name) else { continue };
        let output = format!("{package}/examples/outputs/{program}.txt");
        let tests = format!("{package}/tests/");
        let named = format!("\"{program}\"");
        let run = files.0.contains_key(&output) || files.under(&tests, ".rs").any(|(_, t)| t.contains(&named));
        if !run {
            let what = format!(
                "nobody runs this program: record what it prints in \
                     `{output}` with `cargo ci --bless`, or run it in a test"
            );
            problems.push(Problem::new(name, 0, what));
        }
    }
    problems
}

/// An exercise has a stub, a solution and tests, each test is watched, and
/// it stands on the page of its chapter as soon as there is one.
fn exercises(book: &Source, files: &Files) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut say = |file: &str, line, message: String| {
        problems.push(Problem::new(file, line, message));
    };
    for (file, stub) in files.under("exercises/src/", ".rs") {
        let Kind::Exercise(name) = Kind::of(file) else { continue };
        let solution = format!("{EXERCISES}/solutions/{name}.rs");
        let tests = format!("{EXERCISES}/tests/{name}.rs");
        for (other, what) in [(&solution, "solution"), (&tests, "tests")] {
            if !files.0.contains_key(other) {
                say(file, 0, format!("has no {what}: write `{other}`"));
            }
        }
        let text = files.0.get(&tests).map_or("", String::as_str);
        let include = format!("include!(concat!(env!(\"OUT_DIR\"), \"/{name}.rs\"));");
        if files.0.contains_key(&tests) && !text.contains(&include) {
            say(&tests, 1, format!("begin it with `{include}`"));
        }
        let mut line = 1;
        for (n, test) in text.split("#[test]").enumerate() {
            if n > 0 && !test.contains("watched(") {
                let what = "one that hangs would not end: put what it does \
                            into `watched`";
                say(&tests, line, what.to_string());
            }
            line += test.matches('\n').count();
        }
        let Some(chapter) = EXERCISE_TO.captures(stub).map(|c| c[1].to_string()) else {
            let what = "does not say where it belongs: begin it with \
                        `//! Exercise to part/chapter.html: …`";
            say(file, 1, what.to_string());
            continue;
        };
        let page = Path::new(&chapter).with_extension("md");
        let found = book.chapters.iter().find(|(path, _)| *path == page);
        if let Some((_, chapter)) = found
            && !chapter.uses.iter().any(|(target, _)| target.file == *file)
        {
            let what = format!(
                "`{}` does not include it: \
                 `{{{{#include ../../{file}:stub}}}}` near its end",
                book.src.join(&page).display()
            );
            say(file, 1, what);
        }
    }
    problems
}

/// A chapter's module may use only modules of chapters before it.
fn out_of_order(book: &Source, files: &Files) -> Vec<Problem> {
    let order: Vec<String> = book
        .chapters
        .iter()
        .map(|(path, _)| {
            let path = path.with_extension("");
            slashed(&path).replace('-', "_")
        })
        .collect();
    let place = |chapter: &str| order.iter().position(|c| c == chapter);
    let mut problems = Vec::new();
    for (name, text, module) in files.steps() {
        let parts: Vec<&str> = module.split("::").collect();
        let [part, chapter, ..] = parts[..] else { continue };
        if part == "proof" || name.starts_with(PROOFS) {
            continue;
        }
        let Some(own) = place(&format!("{part}/{chapter}")) else {
            let what = format!("there is no chapter `{part}/{}` in SUMMARY.md", chapter.replace('_', "-"));
            problems.push(Problem::new(name, 0, what));
            continue;
        };
        for (n, line) in text.lines().enumerate() {
            for used in MODULE_USE.captures_iter(line) {
                let other = format!("{}/{}", &used[1], &used[2]);
                if place(&other).is_some_and(|at| at > own) {
                    let what = format!(
                        "uses `{}::{}`, a later chapter: a listing builds \
                             only on what the reader has seen",
                        &used[1], &used[2]
                    );
                    problems.push(Problem::new(name, n + 1, what));
                }
            }
        }
    }
    problems
}

/// An id is one listing's, so that a link to it means one place.
fn ids_on_two_pages(book: &Source) -> Vec<Problem> {
    let pages = book.chapters.iter();
    let ids = pages.flat_map(|(path, chapter)| chapter.ids.iter().map(move |id| (id, 0, path)));
    twice(book, ids, |id, other| format!("`#{id}` already stands in {other}: link to it there"))
}

/// What search results and previews say about a chapter is its own.
fn descriptions(book: &Source) -> Vec<Problem> {
    let all = || book.chapters.iter().map(|(path, it)| (path, &it.description));
    let texts = all().filter_map(|(path, it)| Some((it.text.as_ref()?, it.line, path)));
    let mut problems =
        twice(book, texts, |_, other| format!("the description is that of {other}: say what this chapter answers"));
    for (path, described) in all() {
        for (line, what) in &described.problems {
            problems.push(Problem::new(book.src.join(path), *line, what));
        }
    }
    problems
}

/// A fault for each text that stands on a page before as well; of each its line
/// and its page.
fn twice<'a>(
    book: &Source,
    all: impl Iterator<Item = (&'a String, usize, &'a PathBuf)>,
    says: impl Fn(&str, std::path::Display<'_>) -> String,
) -> Vec<Problem> {
    let mut first = BTreeMap::new();
    let mut problems = Vec::new();
    for (text, line, page) in all {
        let before = *first.entry(text).or_insert(page);
        if before != page {
            let what = says(text, book.src.join(before).display());
            problems.push(Problem::new(book.src.join(page), line, what));
        }
    }
    problems
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
