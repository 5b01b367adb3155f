//! What mdBook makes of the chapters: the HTML of each, without a frame.
//!
//! mdBook writes files and returns no text, so it renders into a folder that is
//! thrown away, with a template that holds nothing but the chapter. What it
//! warns of, and would go on from, is a mistake here.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, Result};
use mdbook_driver::book::{Book, BookItem};
use mdbook_html::HtmlHandlebars;
use mdbook_renderer::{RenderContext, Renderer as _};
use tracing::field::{Field, Visit};
use tracing::span;
use tracing::{Event, Level, Metadata, Subscriber};

use crate::disk;
use crate::draw::kept::Kept;
use crate::links::page_of;
use crate::problem::{self, Problem};
use crate::read::markdown::line_of_warning;
use crate::read::source::Source;

/// The whole of mdBook's template here.
const CONTENT_ONLY: &str = "{{{content}}}";

/// mdBook's own styles that the pages use, and whether they are for print.
const STYLES: [(&str, bool); 4] = [("variables", false), ("general", false), ("chrome", false), ("print", true)];

/// The book as mdBook renders it.
#[derive(Debug, Default)]
pub struct Rendered {
    /// Each page's content: the chapters', `print.html`, `404.html`.
    pub contents: BTreeMap<String, String>,
    /// The pages that lead from an address of before to one of now.
    pub redirects: Vec<(String, String)>,
    /// mdBook's style sheets: name, text, whether it is for print.
    pub styles: Vec<(String, String, bool)>,
}

/// Renders every chapter and the page for lost addresses; of a `live` book only
/// what changed since the last time, of any other the page to print as well.
///
/// # Errors
/// What mdBook refuses or warns of, a line for each with the file and the line.
pub fn rendered(source: &Source, live: bool) -> Result<Rendered> {
    let kept = Kept::below(&source.root.join("target/drawn"));
    // The text, because a table that was read has another order each time.
    let settings = disk::text(&source.root.join("book.toml"))?;
    let mut rendered = Rendered::default();
    let mut missing = Vec::new();
    for (path, chapter) in &source.chapters {
        let page = page_of(path);
        match kept.get([&page, &chapter.content, &settings]) {
            Some(html) if live => drop(rendered.contents.insert(page, html)),
            _ => missing.push(&**path),
        }
    }
    let scratch = tempfile::tempdir()?;
    let out = render_into(scratch.path(), source, &missing, live)?;
    for (path, chapter) in &source.chapters {
        let page = page_of(path);
        if missing.contains(&&**path) {
            let html = read(&out.join(&page))?;
            kept.put([&page, &chapter.content, &settings], &html);
            rendered.contents.insert(page, html);
        }
    }
    // A book begins at its root, whatever its first chapter is called.
    if let Some((first, _)) = source.chapters.first() {
        let html = rendered.contents[&page_of(first)].clone();
        rendered.contents.entry("index.html".into()).or_insert(html);
    }
    let print = (!live).then_some("print.html");
    for page in ["404.html"].into_iter().chain(print) {
        rendered.contents.insert(page.into(), read(&out.join(page))?);
    }
    for from in source.site.redirects.keys() {
        let page = from.trim_start_matches('/').to_string();
        if !from.contains('#') && !rendered.contents.contains_key(&page) {
            let html = read(&out.join(&page))?;
            rendered.redirects.push((page, html));
        }
    }
    for (name, print) in STYLES {
        if !(print && live) {
            let css = read(&out.join("css").join(format!("{name}.css")))?;
            let name = format!("mdBook's {name}.css");
            rendered.styles.push((name, css, print));
        }
    }
    Ok(rendered)
}

/// The redirects of pages that are gone. mdBook refuses those of a section whose
/// page is not rendered this time; the frame of the page has them.
fn redirects_of_pages(source: &Source) -> BTreeMap<&str, &str> {
    let all = &source.site.redirects;
    let is_gone = |from: &str| all.contains_key(from.split_once('#').map_or(from, |(page, _)| page));
    all.iter().map(|(from, to)| (from.as_str(), to.as_str())).filter(|(from, _)| is_gone(from)).collect()
}

/// Renders the chapters at `paths` below `scratch`; returns the folder.
fn render_into(scratch: &Path, source: &Source, paths: &[&Path], live: bool) -> Result<PathBuf> {
    let (theme, out) = (scratch.join("theme"), scratch.join("out"));
    fs::create_dir_all(&theme)?;
    fs::write(theme.join("index.hbs"), CONTENT_ONLY)?;
    // Nothing asks for these, and to parse them takes longer than a chapter.
    for name in ["toc.js.hbs", "toc.html.hbs", "highlight.js", "book.js"] {
        fs::write(theme.join(name), "")?;
    }
    // mdBook copies what lies beside the chapters, which is done elsewhere, and
    // stops at an editor's lock, a link to nowhere.
    let src = scratch.join("src");
    fs::create_dir_all(&src)?;
    let lost = source.root.join(&source.src).join("404.md");
    if lost.is_file() {
        fs::copy(lost, src.join("404.md"))?;
    }
    let mut config = source.config.clone();
    config.book.src = src;
    config.set("output.html.theme", theme.display().to_string())?;
    // The site's address and its files are the frame's matter.
    config.set("output.html.site-url", "/")?;
    config.set("output.html.hash-files", false)?;
    config.set("output.html.additional-css", Vec::<String>::new())?;
    config.set("output.html.additional-js", Vec::<String>::new())?;
    config.set("output.html.print.enable", !live)?;
    config.set("output.html.redirect", redirects_of_pages(source))?;
    let mut book = Book::new();
    for item in source.book.iter() {
        let BookItem::Chapter(chapter) = item else { continue };
        let Some(path) = chapter.path.as_deref() else { continue };
        if let Some((_, read)) = source.chapters.iter().find(|(p, _)| p == path)
            && paths.contains(&path)
        {
            let mut chapter = chapter.clone();
            chapter.content = read.content.clone();
            chapter.sub_items.clear();
            book.push_item(chapter);
        }
    }
    let context = RenderContext::new(&source.root, book, config, &out);
    let warnings = Warnings::default();
    let done = tracing::subscriber::with_default(warnings.clone(), || HtmlHandlebars::new().render(&context));
    let problems = problems(source, &warnings.take());
    problem::none_of(&problems)?;
    done.context("mdBook cannot render the book")?;
    Ok(out)
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("mdBook wrote no {}: has it another form now?", path.display()))
}

/// Each warning with the chapter it names, and the line where that can be told.
fn problems(source: &Source, warnings: &[String]) -> Vec<Problem> {
    let mut problems: Vec<Problem> = Vec::new();
    for said in warnings {
        let named = |path: &Path| said.contains(&path.display().to_string());
        let chapter = source.chapters.iter().find(|(path, _)| named(path));
        let said = said.lines().next().unwrap_or_default();
        let problem = match chapter {
            Some((path, chapter)) => Problem::new(
                source.src.join(path),
                line_of_warning(&chapter.written, said),
                format!("mdBook warns: {said}"),
            ),
            None => Problem::new("book.toml", 0, format!("mdBook warns: {said}")),
        };
        // The page to print says all of it a second time.
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    }
    problems
}

/// Collects what is logged as a warning or an error.
#[derive(Debug, Default, Clone)]
struct Warnings(Arc<Mutex<Vec<String>>>);

impl Warnings {
    fn take(&self) -> Vec<String> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut all)
    }
}

struct Message(String);

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "message" {
            let _ = write!(self.0, "{value:?}");
        }
    }
}

impl Subscriber for Warnings {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= Level::WARN
    }

    fn event(&self, event: &Event<'_>) {
        let mut message = Message(String::new());
        event.record(&mut message);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(message.0);
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}
