//! One chapter: its fences, and what each include becomes.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use mdbook_markdown::pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd};
use mdbook_markdown::{MarkdownOptions, new_cmark_parser};

use super::description::{self, Described};
use super::excerpt::Excerpt;
use super::figure::{self, Figure, Record, Step};
use super::include::{self, Taken, Target};
use super::listing::{self, CRATE, Kind};
use super::marks::{Marks, Tests, Words};
use crate::draw::diagram;
use crate::problem::Problem;

/// What the chapters are expanded with.
pub struct Expander {
    /// The book's root: the folder of `book.toml`.
    pub root: PathBuf,
    /// The chapters' folder, relative to the root.
    pub src: PathBuf,
    /// The address of the repository, for links to files.
    pub repository: Option<String>,
    /// What a page may name as a proof.
    tests: Tests,
    drawn: Mutex<BTreeMap<(String, String), Arc<Drawn>>>,
}

/// A drawing, or why there is none.
pub type Drawn = Result<String, diagram::DrawError>;

/// A chapter with its includes resolved, and what was found on the way.
#[derive(Debug, Default)]
pub struct Expanded {
    /// Markdown for mdBook.
    pub content: String,
    /// Mistakes, in the order of the page.
    pub problems: Vec<Problem>,
    /// What the chapter includes, with the line of each.
    pub uses: Vec<(Target, usize)>,
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

struct Fence {
    range: std::ops::Range<usize>,
    info: String,
    inner: String,
    /// The line of the opening fence, counted from 1.
    line: usize,
    /// `> ` when the fence stands in a quote or an admonition.
    prefix: String,
}

impl Expander {
    /// For the book in `root`, whose chapters are in `src`.
    pub fn new(root: &Path, src: &Path, repository: Option<String>) -> Self {
        Expander {
            root: root.to_path_buf(),
            src: src.to_path_buf(),
            repository,
            tests: Tests::read(root),
            drawn: Mutex::default(),
        }
    }

    /// Resolves every include of `chapter` (relative to `src`) and wraps each
    /// listing in its figure.
    pub fn expand(&self, chapter: &Path, content: &str) -> Expanded {
        let file = self.src.join(chapter);
        let folder = file.parent().unwrap_or(Path::new("")).to_path_buf();
        let mut page = Page {
            expander: self,
            file,
            folder,
            out: Expanded::default(),
            output_at: BTreeMap::new(),
        };
        let fences = fences(content);
        for fence in &fences {
            let Some(target) = page.quietly(fence) else { continue };
            let text = include::take(&self.root, &target).map(|t| t.text);
            let has_main = text.is_ok_and(|text| text.contains("fn main("));
            let known = page.output_at.get(&target.file);
            if !known.is_some_and(|(main, _)| *main) {
                page.output_at.insert(target.file, (has_main, fence.line));
            }
        }
        let mut at = 0;
        let mut content_out = String::new();
        for fence in &fences {
            let before = &content[at..fence.range.start];
            content_out += &page.prose(before, content, at);
            let replaced = page.fence(fence);
            content_out += &prefixed(&replaced, &fence.prefix);
            at = fence.range.end;
        }
        content_out += &page.prose(&content[at..], content, at);
        page.out.description = description::described(content);
        for (at, why) in page.marks(chapter, content).problems {
            page.problem(line_of(content, at), why);
        }
        let plain = description::without_description(&content_out);
        let marked = page.marks(chapter, &plain).apply(&plain);
        page.out.content = Words::of(content).under_title(&marked);
        let mut seen = HashSet::new();
        for id in page.out.ids.clone() {
            if !seen.insert(id.clone()) {
                page.problem(0, format!("`#{id}` stands twice on the page"));
            }
        }
        page.out
    }

    /// Draws a diagram, once for each source and id.
    pub fn draw(&self, source: &str, id: &str) -> Arc<Drawn> {
        let key = (source.to_string(), id.to_string());
        let known =
            || self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(drawn) = known().get(&key) {
            return drawn.clone();
        }
        // Without the lock: other chapters draw meanwhile.
        let drawn = Arc::new(diagram::draw(source, id));
        known().entry(key).or_insert(drawn).clone()
    }
}

struct Page<'a> {
    expander: &'a Expander,
    file: PathBuf,
    folder: PathBuf,
    out: Expanded,
    /// Where a program's output goes: under the part that has its `main`, else
    /// under the last one.
    output_at: BTreeMap<String, (bool, usize)>,
}

impl Page<'_> {
    fn problem(&mut self, line: usize, message: impl Into<String>) {
        self.out.problems.push(Problem::new(&self.file, line, message));
    }

    fn marks(&self, chapter: &Path, text: &str) -> Marks {
        let Expander { tests, repository, .. } = self.expander;
        Marks::find(text, chapter, tests, repository.as_deref())
    }

    /// The target of a fence that is exactly one include, errors aside.
    fn quietly(&self, fence: &Fence) -> Option<Target> {
        let found = include::directives(&fence.inner);
        match found.as_slice() {
            [one] if one.range.len() == fence.inner.trim().len() => {
                Target::parse(&self.folder, &one.argument).ok()
            }
            _ => None,
        }
    }

    /// Running text: includes are resolved, other helpers refused.
    fn prose(&mut self, text: &str, whole: &str, offset: usize) -> String {
        let mut out = String::new();
        let mut at = 0;
        for directive in include::directives(text) {
            let line = line_of(whole, offset + directive.range.start);
            out += &text[at..directive.range.start];
            at = directive.range.end;
            match directive.helper.as_str() {
                "title" => out += &text[directive.range.clone()],
                "include" => {
                    if let Some((target, taken)) =
                        self.resolve(&directive.argument, line)
                    {
                        if target.file.ends_with(".rs") {
                            self.problem(
                                line,
                                "a listing is included in a ```rust fence, \
                                 not in running text",
                            );
                        }
                        out += &taken.text;
                    }
                }
                other => self.problem(
                    line,
                    format!(
                        "`{{{{#{other}}}}}` is not used in this book; \
                             use `{{{{#include path:anchor}}}}`"
                    ),
                ),
            }
        }
        out += &text[at..];
        out
    }

    fn resolve(
        &mut self,
        argument: &str,
        line: usize,
    ) -> Option<(Target, Taken)> {
        let found = Target::parse(&self.folder, argument).and_then(|target| {
            let taken = include::take(&self.expander.root, &target)?;
            Ok((target, taken))
        });
        match found {
            Ok((target, taken)) => {
                self.out.uses.push((target.clone(), line));
                Some((target, taken))
            }
            Err(why) => {
                self.problem(line, why);
                None
            }
        }
    }

    fn fence(&mut self, fence: &Fence) -> String {
        let mut words = fence.info.split([',', ' ', '\t']);
        let language = words.next().unwrap_or_default().to_string();
        let options: Vec<&str> = words.filter(|w| !w.is_empty()).collect();
        let found: Vec<_> = include::directives(&fence.inner);
        let whole = match found.as_slice() {
            [] => false,
            [one] => one.range.len() == fence.inner.trim().len(),
            _ => false,
        };
        if language == "rust" && !whole {
            self.problem(
                fence.line,
                "Rust is written inline; move it into `listings/` and \
                 include it: `{{#include ../../listings/src/….rs:anchor}}`",
            );
            return String::new();
        }
        if found.iter().any(|d| d.helper != "include")
            || !found.is_empty() && !whole
        {
            self.problem(
                fence.line + 1,
                "a fence holds either text or exactly one \
                 `{{#include path:anchor}}`",
            );
            return String::new();
        }
        if !whole {
            return match language.as_str() {
                "mermaid" => self.diagram(&fence.inner, None, fence.line),
                _ => figure::fence(&fence.info, fence.inner.trim_end()),
            };
        }
        let line = fence.line + 1;
        let Some((target, taken)) = self.resolve(&found[0].argument, line)
        else {
            return String::new();
        };
        if language == "mermaid" {
            return self.diagram(&taken.text, Some(&target), line);
        }
        match Kind::of(&target.file) {
            Kind::Other if language == "rust" => {
                self.problem(
                    line,
                    format!(
                        "`{}` is not in `listings/src`, `examples`, `tests` \
                         or `benches`, nor a stub in `exercises/src`: \
                         nothing compiles it",
                        target.file
                    ),
                );
                String::new()
            }
            Kind::Other => figure::fence(&language, &taken.text),
            kind => {
                self.figure(fence, &language, &options, target, taken, kind)
            }
        }
    }

    fn figure(
        &mut self,
        fence: &Fence,
        language: &str,
        options: &[&str],
        target: Target,
        taken: Taken,
        kind: Kind,
    ) -> String {
        let mut step = None;
        for option in options {
            match option.split_once('=') {
                Some(("step", name)) => {
                    step = self.step(name, fence.line, &target, &taken);
                }
                None if *option == "compile_fail" => {
                    if kind != Kind::CompileFail {
                        self.problem(
                            fence.line,
                            format!(
                                "`{}` compiles; code that must not belongs \
                                 in `listings/tests/compile_fail/`",
                                target.file
                            ),
                        );
                    }
                }
                _ => self.problem(
                    fence.line,
                    format!(
                        "`{option}` means nothing here; \
                         `step=…` and `compile_fail` do"
                    ),
                ),
            }
        }
        let record = self.record(fence, &target, &kind);
        self.out.ids.push(listing::id(&target));
        self.out.code.get_or_insert_with(|| Excerpt::code(&target, &taken));
        Figure {
            root: &self.expander.root,
            repository: self.expander.repository.as_deref(),
            target: &target,
            taken: &taken,
            language,
            step,
            record,
        }
        .markdown()
    }

    /// What the program printed, or what the compiler says.
    fn record(
        &mut self,
        fence: &Fence,
        target: &Target,
        kind: &Kind,
    ) -> Option<Record> {
        let root = &self.expander.root;
        let (path, id) = match kind {
            Kind::Program(name) | Kind::Script(name) => {
                let at = self.output_at.get(&target.file);
                if at.is_none_or(|(_, line)| *line != fence.line) {
                    return None;
                }
                (
                    format!("{CRATE}/examples/outputs/{name}.txt"),
                    format!("output-{name}"),
                )
            }
            Kind::CompileFail => (
                target.file.replace(".rs", ".stderr"),
                listing::id(&Target { anchor: None, ..target.clone() })
                    .replacen("listing-", "message-", 1),
            ),
            _ => return None,
        };
        match fs::read_to_string(root.join(&path)) {
            Ok(text) if *kind == Kind::CompileFail => {
                let codes = figure::error_codes(&text);
                let caption = match codes.as_slice() {
                    [] => "The compiler says:".to_string(),
                    codes => {
                        format!("The compiler says ({}):", codes.join(", "))
                    }
                };
                Some(Record { id, caption, text })
            }
            Ok(text) => {
                self.out.ids.push(id.clone());
                Some(Record { id, caption: "It prints:".into(), text })
            }
            // A program behind a feature may draw instead of print.
            Err(_) if listing::feature(root, &target.file).is_some() => None,
            Err(_) => {
                self.problem(
                    fence.line + 1,
                    format!(
                        "`{path}` is missing: \
                         `cargo ci --bless` records what a run gives"
                    ),
                );
                None
            }
        }
    }

    fn step(
        &mut self,
        name: &str,
        line: usize,
        target: &Target,
        taken: &Taken,
    ) -> Option<Step> {
        let (path, anchor) = match name.split_once(':') {
            Some((path, anchor)) => (path, Some(anchor.to_string())),
            None => (name, target.anchor.clone()),
        };
        let folder = match path.contains('/') {
            true => format!("{CRATE}/src"),
            false => target.file.rsplit_once('/')?.0.to_string(),
        };
        let old = Target { file: format!("{folder}/{path}.rs"), anchor };
        let text = match include::take(&self.expander.root, &old) {
            Ok(taken) => taken.text,
            Err(why) => {
                self.problem(line, format!("step={name}: {why}"));
                return None;
            }
        };
        if text == taken.text {
            self.problem(
                line,
                format!("step={name}: nothing changed since that step"),
            );
            return None;
        }
        let id = listing::id(&old);
        let link = self.out.ids.contains(&id).then_some(id);
        let name = path.to_string();
        let changed = figure::changed_lines(&text, &taken.text);
        Some(Step { name, link, changed })
    }

    /// A diagram stays a `mermaid` fence until mdbook-mermaid has seen it; it
    /// is drawn here already, where its line is known.
    fn diagram(
        &mut self,
        source: &str,
        target: Option<&Target>,
        line: usize,
    ) -> String {
        let source = source.trim_end();
        let id = diagram_id(source, target);
        let drawn = self.expander.draw(source, &id);
        if let Err(why) = &*drawn {
            // In a file of its own the diagram starts at the first line.
            let (file, first) = match target {
                Some(target) => (PathBuf::from(&target.file), 0),
                None => (self.file.clone(), line),
            };
            self.out.problems.push(Problem::new(
                file,
                first + why.line,
                format!("the diagram cannot be drawn: {}", why.reason),
            ));
            return String::new();
        }
        if let (Ok(svg), None) = (&*drawn, &self.out.diagram) {
            self.out.diagram = Some(Excerpt::diagram(source, svg));
        }
        self.out.ids.push(id.clone());
        let caption = target.map_or(String::new(), |target| {
            format!(
                "<figcaption>recorded from a run: <code>{}</code></figcaption>\n",
                target.file.strip_prefix("listings/").unwrap_or(&target.file)
            )
        });
        format!(
            "<figure class=\"drawing\" data-diagram=\"{id}\">\n\n{}\n{caption}</figure>\n",
            figure::fence("mermaid", source)
        )
    }
}

/// The id of a diagram: its file's name, or its title.
pub fn diagram_id(source: &str, target: Option<&Target>) -> String {
    let name = match target {
        Some(target) => {
            let name = target.file.rsplit('/').next().unwrap_or_default();
            name.trim_end_matches(".mmd").to_string()
        }
        None => source
            .lines()
            .find_map(|l| l.trim().strip_prefix("accTitle:"))
            .unwrap_or("untitled")
            .to_string(),
    };
    let slug: String = name
        .trim()
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    let parts: Vec<&str> = slug.split('-').filter(|p| !p.is_empty()).collect();
    format!("diagram-{}", parts.join("-"))
}

fn line_of(text: &str, offset: usize) -> usize {
    text[..offset].matches('\n').count() + 1
}

fn prefixed(text: &str, prefix: &str) -> String {
    if prefix.is_empty() {
        return text.to_string();
    }
    let lines: Vec<String> = text
        .lines()
        .enumerate()
        .map(|(n, l)| if n == 0 { l.into() } else { format!("{prefix}{l}") })
        .collect();
    lines.join("\n") + "\n"
}

fn fences(content: &str) -> Vec<Fence> {
    let mut fences = Vec::new();
    let mut open: Option<Fence> = None;
    let parser = new_cmark_parser(content, &MarkdownOptions::default());
    for (event, range) in parser.into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                let start =
                    content[..range.start].rfind('\n').map_or(0, |n| n + 1);
                open = Some(Fence {
                    line: line_of(content, range.start),
                    prefix: content[start..range.start].to_string(),
                    range,
                    info: info.to_string(),
                    inner: String::new(),
                });
            }
            Event::Text(text) => {
                if let Some(fence) = &mut open {
                    fence.inner += &text;
                }
            }
            Event::End(TagEnd::CodeBlock) => fences.extend(open.take()),
            _ => {}
        }
    }
    fences
}
