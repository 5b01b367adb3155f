//! One chapter: its fences, and the figure that each include becomes.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use html_escape::encode_text;

use super::description::{self, Described};
use super::excerpt::Excerpt;
use super::figure::{self, Figure, GrownFrom, Record, as_markdown, changed_lines, code_block};
use super::include::{self, Taken, Target};
use super::listing::{self, BOUNDARY, CRATE, Kind};
use super::made::{Made, TABLES};
use super::markdown::{self, Edit, Fence, directives, edited, line_of, unescaped};
use super::marks::{Marks, Tests};
use crate::draw::kept::Kept;
use crate::draw::{chart, code, diagram};
use crate::problem::Problem;

/// What the chapters are read with.
pub struct ChapterReader {
    /// The book's root: the folder of `book.toml`.
    pub root: PathBuf,
    /// The chapters' folder, relative to the root.
    pub src: PathBuf,
    /// The address of the repository, for links to files.
    pub repository: Option<String>,
    /// What a page may name as a proof.
    pub tests: Tests,
    pub kept: Kept,
}

/// A chapter that was read, with what was found on the way.
#[derive(Debug, Default)]
pub struct Chapter {
    /// As its author wrote it.
    pub written: String,
    /// Markdown for mdBook, with figures and drawings in place of the fences.
    pub content: String,
    /// Mistakes, in the order of the page.
    pub problems: Vec<Problem>,
    /// What the chapter includes, with the line of each.
    pub uses: Vec<(Target, usize)>,
    /// The files of the tests that prove its sentences.
    pub proved_in: Vec<String>,
    /// What its programs printed and what the compiler said.
    pub records: Vec<Record>,
    /// Whether it shows a table that is made from all chapters.
    pub asks: bool,
    /// The ids of its listings and diagrams.
    pub ids: Vec<String>,
    /// Its name in `SUMMARY.md`, and the part that it stands in.
    pub title: String,
    pub part: Option<String>,
    /// What its author says it answers.
    pub description: Described,
    /// Its first listing and its first diagram, for its card.
    pub code: Option<Excerpt>,
    pub diagram: Option<Excerpt>,
}

impl ChapterReader {
    /// Reads the chapter at `path`, relative to `src`, whose text is `content`.
    /// The tables that it asks for come from `made`; they are left out as long
    /// as the other chapters have not been read.
    pub fn read(&self, path: &Path, content: &str, made: Option<&Made>) -> Chapter {
        let file = self.src.join(path);
        let folder = file.parent().unwrap_or(Path::new("")).to_path_buf();
        let mut reading = Reading {
            reader: self,
            file,
            folder,
            out: Chapter { written: content.into(), ..Chapter::default() },
            output_at: BTreeMap::new(),
        };
        if let Some((line, why)) = unprintable(content) {
            reading.problem(line, why);
        }
        let read = markdown::read(content);
        for (line, why) in read.problems {
            reading.problem(line, why);
        }
        reading.place_outputs(&read.fences);
        let mut edits = reading.running_text(content, &read.fences);
        for fence in &read.fences {
            let shown = match TABLES.contains(&&*fence.language) {
                true => reading.table(fence, made),
                false => reading.fence(fence).map(|html| as_markdown(&html)),
            };
            match shown {
                Ok(text) => edits.push((fence.range.clone(), text)),
                Err(problem) => reading.out.problems.push(problem),
            }
        }
        reading.out.description = description::described(content);
        edits.extend(description::taken_out(content));
        let repository = self.repository.as_deref();
        let marks = Marks::find(content, path, &self.tests, repository);
        for (at, why) in marks.problems {
            reading.problem(line_of(content, at), why);
        }
        edits.extend(marks.edits);
        reading.out.proved_in = marks.proved_in;
        reading.out.content = edited(content, edits);
        let mut seen = HashSet::new();
        for id in reading.out.ids.clone().into_iter().filter(|id| !seen.insert(id.clone())) {
            reading.problem(0, format!("`#{id}` stands twice on the page"));
        }
        reading.out.problems.sort_by_key(|problem| problem.line);
        reading.out
    }
}

/// The first character that no page, feed or EPUB may hold.
fn unprintable(text: &str) -> Option<(usize, String)> {
    let bad = |c: char| c.is_control() && !matches!(c, '\n' | '\t' | '\r') || c == '\u{feff}';
    let (at, c) = text.char_indices().find(|(_, c)| bad(*c))?;
    let why = format!("the character U+{:04X} cannot be shown or be in an EPUB: remove it", u32::from(c));
    Some((line_of(text, at), why))
}

struct Reading<'a> {
    reader: &'a ChapterReader,
    file: PathBuf,
    folder: PathBuf,
    out: Chapter,
    /// Where a program's output goes: under the part that has its `main`, else
    /// under the last one.
    output_at: BTreeMap<String, (bool, usize)>,
}

impl Reading<'_> {
    fn problem(&mut self, line: usize, message: impl Into<String>) {
        let problem = self.wrong(line, message);
        self.out.problems.push(problem);
    }

    fn wrong(&self, line: usize, message: impl Into<String>) -> Problem {
        Problem::new(&self.file, line, message)
    }

    fn place_outputs(&mut self, fences: &[Fence]) {
        for fence in fences {
            let Some(directive) = fence.only_directive() else { continue };
            let Ok(target) = Target::parse(&self.folder, &directive.argument) else { continue };
            let text = include::take(&self.reader.root, &target);
            let has_main = text.is_ok_and(|it| it.text.contains("fn main("));
            let place = self.output_at.entry(target.file).or_default();
            if !place.0 {
                *place = (has_main, fence.line);
            }
        }
    }

    /// Running text has no directives but escaped ones.
    fn running_text(&mut self, content: &str, fences: &[Fence]) -> Vec<Edit> {
        let is_outside = |place: &Range<usize>| !fences.iter().any(|fence| fence.range.contains(&place.start));
        for directive in directives(content).into_iter().filter(|it| is_outside(&it.range)) {
            let why = match directive.helper.as_str() {
                "include" => "a file is included in a fence, not in running text".to_string(),
                other => format!(
                    "`{{{{#{other}}}}}` is not used in this book; use `{{{{#include path:anchor}}}}` in a fence"
                ),
            };
            self.problem(line_of(content, directive.range.start), why);
        }
        unescaped(content).filter(|(place, _)| is_outside(place)).collect()
    }

    fn resolve(&mut self, argument: &str, line: usize) -> Result<(Target, Taken), Problem> {
        let found = Target::parse(&self.folder, argument).and_then(|target| {
            let taken = include::take(&self.reader.root, &target)?;
            Ok((target, taken))
        });
        let (target, taken) = found.map_err(|why| self.wrong(line, why))?;
        self.printable(&target.file, &taken.text, taken.first);
        self.out.uses.push((target.clone(), line));
        Ok((target, taken))
    }

    /// Says so where a file holds what cannot be shown; its text begins in the
    /// line `first`.
    fn printable(&mut self, file: &str, text: &str, first: usize) {
        if let Some((line, why)) = unprintable(text) {
            let line = first + line - 1;
            self.out.problems.push(Problem::new(file, line, why));
        }
    }

    /// The table that a fence asks for, as Markdown.
    fn table(&mut self, fence: &Fence, made: Option<&Made>) -> Result<String, Problem> {
        self.out.asks = true;
        let Some(made) = made else { return Ok(String::new()) };
        let table = made.table(&fence.language, &fence.inner);
        table.map_err(|why| self.wrong(fence.line, why))
    }

    /// The HTML of a fence.
    fn fence(&mut self, fence: &Fence) -> Result<String, Problem> {
        let found = directives(&fence.inner);
        let only = fence.only_directive();
        let language = fence.language.as_str();
        let (first, line) = (fence.line, fence.line + 1);
        if language == "rust" && only.is_none() {
            let what = "Rust is written inline; move it into `listings/` and \
                        include it: `{{#include ../../listings/src/….rs:anchor}}`";
            return Err(self.wrong(first, what));
        }
        if found.iter().any(|it| it.helper != "include") || !found.is_empty() && only.is_none() {
            let what = "a fence holds either text or exactly one `{{#include path:anchor}}`";
            return Err(self.wrong(line, what));
        }
        let Some(include) = only else {
            fence.no_option().map_err(|why| self.wrong(first, why))?;
            let text = fence.inner.trim_end();
            let text = edited(text, unescaped(text));
            let what = "a chart is drawn from the file that a benchmark wrote: \
                        `{{#include ../../proofs/benches/results/….txt}}`";
            return match language {
                "mermaid" => self.diagram(&text, None, first),
                "chart" => Err(self.wrong(first, what)),
                _ => Ok(code_block(&self.colored(language, &text, first)?)),
            };
        };
        let (target, taken) = self.resolve(&include.argument, line)?;
        if matches!(language, "mermaid" | "chart") || Kind::of(&target.file) == Kind::Other {
            fence.no_option().map_err(|why| self.wrong(first, why))?;
        }
        match (language, Kind::of(&target.file)) {
            ("mermaid", _) => self.diagram(&taken.text, Some(&target), line),
            ("chart", _) => self.chart(&taken.text, &target),
            ("rust", Kind::Other) => {
                let what = format!(
                    "`{}` is no step and no program of `listings` or `boundary`, no test of `proofs`, nor a stub in \
                     `exercises/src`: nothing compiles it",
                    target.file
                );
                Err(self.wrong(line, what))
            }
            (_, Kind::Other) => {
                self.in_the_browser(&target.file, &taken.text);
                Ok(code_block(&self.colored(language, &taken.text, line)?))
            }
            (_, kind) => self.figure(fence, target, taken, kind),
        }
    }

    /// What a program said in the browser stands on the page as a text of its own, below the program.
    fn in_the_browser(&mut self, file: &str, text: &str) {
        let name = file.strip_prefix("boundary/examples/browser/");
        if let Some(name) = name.and_then(|it| it.strip_suffix(".txt")) {
            let id = format!("listing-examples-{name}");
            self.out.records.push(Record { id, compiler: false, text: text.into() });
        }
    }

    fn colored(&self, language: &str, text: &str, line: usize) -> Result<String, Problem> {
        let color = || code::html(language, text);
        let html = self.reader.kept.or_draw(["code", language, text], color);
        html.map_err(|why| self.wrong(line, format!("{why:#}")))
    }

    fn figure(&mut self, fence: &Fence, target: Target, taken: Taken, kind: Kind) -> Result<String, Problem> {
        let (mut grown_from, line, file) = (None, fence.line, &target.file);
        for option in &fence.options {
            match option.split_once('=') {
                Some(("step", name)) => match self.grown_from(name, &target, &taken) {
                    Ok(step) => grown_from = Some(step),
                    Err(why) => self.problem(line, format!("step={name}: {why}")),
                },
                None if option == "compile_fail" && kind == Kind::CompileFail => {}
                None if option == "compile_fail" => {
                    let what = format!("`{file}` compiles; code that must not belongs in `proofs/tests/compile_fail/`");
                    self.problem(line, what);
                }
                _ => self.problem(line, format!("`{option}` means nothing here; `step=…` and `compile_fail` do")),
            }
        }
        let record = self.record(fence, &target, &kind)?;
        self.out.ids.push(listing::id(&target));
        self.out.code.get_or_insert_with(|| Excerpt::code(&target, &taken));
        let code = self.colored(&fence.language, &taken.text, line)?;
        let (root, repository) = (&self.reader.root, self.reader.repository.as_deref());
        Ok(Figure { root, repository, target: &target, taken: &taken, code, grown_from, record }.html())
    }

    /// What the program printed, or what the compiler says.
    fn record(&mut self, fence: &Fence, target: &Target, kind: &Kind) -> Result<Option<Record>, Problem> {
        let root = &self.reader.root;
        let (path, id) = match kind {
            Kind::Program(name) | Kind::Script(name) => {
                let at = self.output_at.get(&target.file);
                if at.is_none_or(|(_, line)| *line != fence.line) {
                    return Ok(None);
                }
                let package = listing::package(&target.file).map_or(CRATE, |(package, _)| package);
                (format!("{package}/examples/outputs/{name}.txt"), format!("output-{name}"))
            }
            Kind::CompileFail => (
                target.file.replace(".rs", ".stderr"),
                listing::id(&Target { anchor: None, ..target.clone() }).replacen("listing-", "message-", 1),
            ),
            _ => return Ok(None),
        };
        match fs::read_to_string(root.join(&path)) {
            Ok(text) => {
                self.printable(&path, &text, 1);
                // As trybuild writes the root.
                let text = text.replace("$WORKSPACE/", "");
                let compiler = *kind == Kind::CompileFail;
                if !compiler {
                    self.out.ids.push(id.clone());
                }
                let record = Record { id, compiler, text };
                self.out.records.push(record.clone());
                Ok(Some(record))
            }
            // It may draw instead of print; then a test runs it by name.
            Err(_) if target.file.starts_with(BOUNDARY) => Ok(None),
            Err(_) => {
                let what = format!("`{path}` is missing: `cargo ci --bless` records what a run gives");
                Err(self.wrong(fence.line + 1, what))
            }
        }
    }

    /// The step that `name` says, or why it can be none.
    fn grown_from(&self, name: &str, target: &Target, taken: &Taken) -> Result<GrownFrom, String> {
        let (path, anchor) = match name.split_once(':') {
            Some((path, anchor)) => (path, Some(anchor.to_string())),
            None => (name, target.anchor.clone()),
        };
        let own = target.file.rsplit_once('/').map_or("", |(own, _)| own).to_string();
        let folder = if path.contains('/') { format!("{CRATE}/src") } else { own };
        let old = Target { file: format!("{folder}/{path}.rs"), anchor };
        let text = include::take(&self.reader.root, &old)?.text;
        if text == taken.text {
            return Err("nothing changed since that step".into());
        }
        let id = listing::id(&old);
        let link = self.out.ids.contains(&id).then_some(id);
        Ok(GrownFrom { name: path.to_string(), link, changed: changed_lines(&text, &taken.text) })
    }

    fn diagram(&mut self, source: &str, target: Option<&Target>, line: usize) -> Result<String, Problem> {
        let source = source.trim_end();
        let id = diagram_id(source, target);
        let draw = || diagram::draw(source, &id);
        let drawn = self.reader.kept.or_draw(["diagram", &id, source], draw);
        let svg = drawn.map_err(|why| {
            let what = format!("the diagram cannot be drawn: {}", why.reason);
            match target {
                // In a file of its own it starts at the first line.
                Some(target) => Problem::new(&target.file, why.line, what),
                None => self.wrong(line + why.line, what),
            }
        })?;
        self.out.diagram.get_or_insert_with(|| Excerpt::diagram(source, &svg));
        self.out.ids.push(id.clone());
        // A trace is text, which others may use as they like.
        let caption = target.map_or(String::new(), |target| {
            let shown = format!("<code>{}</code>", listing::shown(&target.file));
            let link = figure::link(self.reader.repository.as_deref(), &target.file, &shown);
            format!("<figcaption>recorded from a run: {link}</figcaption>")
        });
        Ok(figure::drawing(&svg, &id, &caption))
    }

    /// The chart of measured ratios, and the table below it.
    fn chart(&mut self, results: &str, target: &Target) -> Result<String, Problem> {
        let name = target.file.rsplit('/').next().unwrap_or_default();
        let id = format!("chart-{}", name.trim_end_matches(".txt"));
        let draw = || chart::draw(results, &id);
        let drawn = self.reader.kept.or_draw(["chart", &id, results], draw);
        let svg = drawn.map_err(|why| {
            let what = format!("the chart cannot be drawn: {}", why.reason);
            Problem::new(&target.file, why.line, what)
        })?;
        self.out.ids.push(id.clone());
        let table = code_block(&encode_text(results));
        Ok(figure::drawing(&svg, &id, "") + &table)
    }
}

/// The id of a diagram: its file's name, or its title.
fn diagram_id(source: &str, target: Option<&Target>) -> String {
    let title = || source.lines().find_map(|line| line.trim().strip_prefix("accTitle:")).unwrap_or("untitled");
    let file = target.and_then(|target| target.file.rsplit('/').next());
    let name = file.map_or_else(title, |file| file.trim_end_matches(".mmd")).to_lowercase();
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    ["diagram"].into_iter().chain(words).collect::<Vec<_>>().join("-")
}
