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
use super::page::{Frame, PageText};
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
    problem::none_of(&source.problems())?;
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
    let searched = source.chapters.iter().map(|(path, chapter)| {
        let page = page_of(path);
        let html = &*rendered.contents[&page];
        (page, &*chapter.title, html)
    });
    let index = Index::of_pages(&searched.collect::<Vec<_>>());
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
    let text = |(page, content): (&&'a str, &'a String)| {
        let text = PageText {
            page,
            title: source.site.title.clone(),
            description: source.site.description.clone(),
            facts: facts.get(*page).cloned().unwrap_or_default(),
            content,
            file: None,
        };
        match source.chapters.iter().find(|(path, _)| page_of(path) == *page) {
            Some((path, chapter)) => PageText {
                title: chapter.title.clone(),
                description: chapter.description.text.clone().unwrap_or(text.description),
                file: Some(slashed(&source.src.join(path))),
                ..text
            },
            None if *page == "404.html" => PageText { title: "Page not found".into(), ..text },
            None => text,
        }
    };
    contents.iter().map(text).collect()
}

/// The files beside the chapters: pictures, and whatever a page links to. What
/// an editor leaves there is not published.
fn pictures(source: &Source) -> Result<Output> {
    let src = source.root.join(&source.src);
    let mut files = Output::new();
    let is_part = |path: &Path| !is_left_over(&path.file_name().unwrap_or_default().to_string_lossy());
    for entry in WalkDir::new(&src).follow_links(true) {
        let entry = match entry {
            // An editor's lock is a link to nowhere.
            Err(why) if why.path().is_some_and(|path| !is_part(path)) => continue,
            entry => entry?,
        };
        let path = entry.path();
        let is_text = path.extension().is_some_and(|end| end == "md");
        if entry.file_type().is_file() && is_part(path) && !is_text {
            files.insert(slashed(path.strip_prefix(&src)?), disk::bytes(path)?);
        }
    }
    Ok(files)
}
