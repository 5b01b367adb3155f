//! From the chapters to the files of the book: each is made once, in memory, and
//! written once.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use rayon::iter::{
    IntoParallelIterator, IntoParallelRefIterator, ParallelIterator,
};
use walkdir::WalkDir;

use super::assets::Theme;
use super::content::finished;
use super::folder::{Destination, Output};
use super::page::{Frame, PageText, edited_file};
use super::render;
use super::search::Index;
use super::terms::Terms;
use crate::links::{page_of, slashed};
use crate::problem;
use crate::read::source::Source;
use crate::site::OfflineFiles;

/// How the book is written.
#[derive(Debug, Default, Clone)]
pub struct Options {
    /// Another folder than `book.toml`'s `build-dir`.
    pub destination: Option<PathBuf>,
    /// Whether a changed page reloads: when it is served to an author. Such a
    /// book has nothing of what only readers elsewhere need.
    pub live_reload: bool,
}

/// Writes the book. Returns the folder it is in and how many pages it has.
///
/// # Errors
/// The mistakes in the chapters, one a line, before anything is written; a
/// folder that holds more than a book; or what the file system refuses.
pub fn build_book(
    source: &Source,
    options: &Options,
) -> Result<(PathBuf, usize)> {
    let folder = options.destination.as_ref();
    let folder = folder.unwrap_or(&source.config.build.build_dir);
    let destination = Destination::check(&source.root, folder)?;
    let output = book_files(source, options.live_reload)?;
    destination.write(&output)?;
    Ok((destination.folder().to_path_buf(), source.chapters.len()))
}

/// Every file of the book.
///
/// # Errors
/// The mistakes in the chapters, one a line, or what mdBook refuses.
pub fn book_files(source: &Source, live: bool) -> Result<Output> {
    let problems = source.problems();
    if !problems.is_empty() {
        bail!("{}", problem::lines(&problems).trim_end());
    }
    let mut rendered = render::rendered(source, live)?;
    let programs = match live {
        true => Vec::new(),
        false => programs(source)?,
    };
    mark_steps(&programs, &mut rendered.contents);
    let theme = Theme::read(&source.root, &rendered.styles)?;
    let mut output = pictures(source)?;
    let offline = (!live).then(|| OfflineFiles::of(&source.site.title));
    let terms = Terms::of(&rendered.contents);
    let mut contents: BTreeMap<&str, String> = rendered
        .contents
        .par_iter()
        .map(|(page, html)| {
            let mut html = finished(page, html, offline.as_ref(), &output);
            terms.linked(page, &mut html);
            (&**page, html)
        })
        .collect();
    if !live {
        add_live(source, &mut output, &mut contents)?;
    }
    let searched: Vec<(String, &str, &str)> = source
        .chapters
        .iter()
        .map(|(path, chapter)| {
            let page = page_of(path);
            let html = rendered.contents[&page].as_str();
            (page, chapter.title.as_str(), html)
        })
        .collect();
    let index = Index::of_pages(&searched)?;
    let facts = match live {
        true => Facts::new(),
        false => published_facts(source),
    };
    let texts = contents.values().map(String::as_str);
    let texts = texts.chain(programs.iter().map(Program::content));
    let assets = theme.put(&mut output, &index.json(), texts, live);
    let frame = Frame::new(source, &theme, &assets, live)?;
    let mut pages = texts_of_pages(source, &contents, &facts);
    pages.extend(programs.iter().map(Program::page));
    let framed = |text: PageText<'_>| -> Result<_> {
        Ok((text.page.to_string(), frame.around(&text)?))
    };
    let pages =
        pages.into_par_iter().map(framed).collect::<Result<Vec<_>>>()?;
    let all = pages.into_iter().chain(rendered.redirects);
    output.extend(all.map(|(page, html)| (page, html.into_bytes())));
    if !live {
        add_published(source, &programs, &mut output)?;
    }
    Ok(output)
}

/// HTML for the head of each page that has more to say than its title.
pub type Facts = BTreeMap<String, String>;

#[cfg(feature = "publish")]
use super::live::put as add_live;
#[cfg(feature = "publish")]
use super::programs::{Program, mark_steps, programs};
#[cfg(feature = "publish")]
use super::publish::{add_published, published_facts};

/// Without the feature `publish` a book has its pages and nothing else.
#[cfg(not(feature = "publish"))]
fn published_facts(_: &Source) -> Facts {
    Facts::new()
}

#[cfg(not(feature = "publish"))]
fn add_live(
    _: &Source,
    _: &mut Output,
    _: &mut BTreeMap<&str, String>,
) -> Result<()> {
    Ok(())
}

#[cfg(not(feature = "publish"))]
fn add_published(_: &Source, _: &[Program], _: &mut Output) -> Result<()> {
    Ok(())
}

/// A program's page, of which there is none.
#[cfg(not(feature = "publish"))]
enum Program {}

#[cfg(not(feature = "publish"))]
impl Program {
    fn page(&self) -> PageText<'_> {
        match *self {}
    }

    fn content(&self) -> &str {
        match *self {}
    }
}

#[cfg(not(feature = "publish"))]
fn mark_steps(_: &[Program], _: &mut BTreeMap<String, String>) {}

#[cfg(not(feature = "publish"))]
fn programs(_: &Source) -> Result<Vec<Program>> {
    Ok(Vec::new())
}

/// What goes into the frame of each page.
fn texts_of_pages<'a>(
    source: &Source,
    contents: &'a BTreeMap<&str, String>,
    facts: &'a Facts,
) -> Vec<PageText<'a>> {
    let site = &source.site;
    let mut pages = Vec::new();
    for (page, content) in contents {
        let found =
            source.chapters.iter().find(|(path, _)| page_of(path) == *page);
        let of_chapter = found.map(|(path, chapter)| {
            let description = chapter.description.text.clone();
            (
                chapter.title.clone(),
                description.unwrap_or_else(|| site.description.clone()),
                Some(edited_file(source, path)),
            )
        });
        let (title, description, file) = of_chapter.unwrap_or_else(|| {
            let title = match *page {
                "404.html" => "Page not found".to_string(),
                _ => site.title.clone(),
            };
            (title, site.description.clone(), None)
        });
        pages.push(PageText {
            page,
            title,
            description,
            facts: facts.get(*page).map_or("", String::as_str),
            content,
            file,
        });
    }
    pages
}

/// The files beside the chapters: pictures, and whatever a page links to. What
/// an editor leaves there is not published.
fn pictures(source: &Source) -> Result<Output> {
    let src = source.root.join(&source.src);
    let mut files = Output::new();
    for entry in WalkDir::new(&src).sort_by_file_name() {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy();
        let is_left_over =
            name.starts_with(['.', '#']) || name.ends_with(['~', '#']);
        let is_text = name.ends_with(".md");
        if !entry.file_type().is_dir() && !is_left_over && !is_text {
            let path = entry.path();
            let bytes =
                fs::read(path).with_context(|| path.display().to_string())?;
            files.insert(slashed(path.strip_prefix(&src)?), bytes);
        }
    }
    Ok(files)
}
