//! From the chapters to the files of the book: each is made once, in memory, and
//! written once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use rayon::iter::{IntoParallelIterator, IntoParallelRefIterator, ParallelIterator};
use walkdir::WalkDir;

use super::assets::Theme;
use super::content::finished;
use super::folder::{Destination, Output};
use super::page::{Frame, PageText, edited_file};
#[cfg(feature = "publish")]
use super::programs::{mark_steps, programs};
#[cfg(feature = "publish")]
use super::publish::{add_published, published_facts};
use super::render;
use super::search::Index;
use super::terms::Terms;
use crate::disk::{self, is_left_over};
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
pub fn build_book(source: &Source, options: &Options) -> Result<(PathBuf, usize)> {
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
    problem::none_of(&problems)?;
    #[cfg_attr(not(feature = "publish"), expect(unused_mut))]
    let mut rendered = render::rendered(source, live)?;
    #[cfg(feature = "publish")]
    let programs = match live {
        true => Vec::new(),
        false => programs(source)?,
    };
    #[cfg(feature = "publish")]
    mark_steps(&programs, &mut rendered.contents);
    let theme = Theme::read(&source.root, &rendered.styles)?;
    let mut output = pictures(source)?;
    let offline = (!live).then(|| OfflineFiles::of(&source.site.title));
    let terms = Terms::of(&rendered.contents);
    #[cfg_attr(not(feature = "publish"), expect(unused_mut))]
    let mut contents: BTreeMap<&str, String> = rendered
        .contents
        .par_iter()
        .map(|(page, html)| {
            let mut html = finished(page, html, offline.as_ref(), &output);
            terms.linked(page, &mut html);
            (&**page, html)
        })
        .collect();
    #[cfg(feature = "publish")]
    if !live {
        super::live::put(source, &mut output, &mut contents)?;
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
    let index = Index::of_pages(&searched);
    let facts = Facts::new();
    #[cfg(feature = "publish")]
    let facts = if live { facts } else { published_facts(source) };
    let texts = contents.values().map(String::as_str);
    #[cfg(feature = "publish")]
    let texts = texts.chain(programs.iter().map(|program| &*program.content));
    let assets = theme.put(&mut output, &index.json(), texts, live);
    let frame = Frame::new(source, &theme, &assets, live)?;
    let pages = texts_of_pages(source, &contents, &facts);
    #[cfg(feature = "publish")]
    let of_programs = programs.iter().map(|it| it.page(&source.site));
    #[cfg(feature = "publish")]
    let pages = pages.into_iter().chain(of_programs).collect::<Vec<_>>();
    let framed = |text: PageText<'_>| -> Result<_> { Ok((text.page.to_string(), frame.around(&text)?)) };
    let pages = pages.into_par_iter().map(framed).collect::<Result<Vec<_>>>()?;
    for (page, html) in pages.into_iter().chain(rendered.redirects) {
        let other = output.insert(page.clone(), html.into_bytes());
        ensure!(other.is_none(), "two files of the book would be named `{page}`: rename one of them");
    }
    #[cfg(feature = "publish")]
    if !live {
        add_published(source, &programs, &mut output)?;
    }
    Ok(output)
}

/// HTML for the head of each page that has more to say than its title.
pub type Facts = BTreeMap<String, String>;

/// What goes into the frame of each page.
fn texts_of_pages<'a>(source: &Source, contents: &'a BTreeMap<&str, String>, facts: &Facts) -> Vec<PageText<'a>> {
    let site = &source.site;
    let mut pages = Vec::new();
    for (page, content) in contents {
        let found = source.chapters.iter().find(|(path, _)| page_of(path) == *page);
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
            facts: facts.get(*page).cloned().unwrap_or_default(),
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
    let all = WalkDir::new(&src).follow_links(true).sort_by_file_name();
    let is_part = |path: Option<&Path>| {
        let name = path.and_then(Path::file_name).unwrap_or_default();
        !is_left_over(&name.to_string_lossy())
    };
    for entry in all {
        let entry = match entry {
            // An editor's lock is a link to nowhere.
            Err(why) if !is_part(why.path()) => continue,
            entry => entry?,
        };
        let path = entry.path();
        let is_text = path.extension().is_some_and(|end| end == "md");
        if entry.file_type().is_file() && is_part(Some(path)) && !is_text {
            let name = slashed(path.strip_prefix(&src)?);
            files.insert(name, disk::bytes(path)?);
        }
    }
    Ok(files)
}
