//! What the world outside sees of a page: its description, its preview card,
//! its place in the sitemap and the feed.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::card::{self, Card, chosen_excerpt};
use super::feeds;
use super::head::{self as meta, Page};
use crate::read::excerpt::Excerpt;
use crate::read::history;
use crate::read::source::Source;

/// A page with what its card and its feed entry need.
#[derive(Debug, Clone)]
pub struct Linked {
    pub page: Page,
    /// The part of the book it stands in.
    pub part: Option<String>,
    pub excerpt: Option<Excerpt>,
    /// When its source changed last, where that is known.
    pub changed: Option<String>,
}

/// The pages of a book. One without a description has the book's.
pub fn pages(source: &Source) -> Vec<Linked> {
    let times = history::changed(&source.root, &source.src);
    let each = source.chapters.iter().map(|(path, chapter)| {
        let slashed = |path: &Path| path.to_string_lossy().replace('\\', "/");
        let excerpt =
            chosen_excerpt(chapter.diagram.clone(), chapter.code.clone());
        let what = match chapter.title == source.book.title {
            true => "The book".to_string(),
            false => format!("The chapter {}", chapter.title),
        };
        let card_alt = match &excerpt {
            Some(excerpt) => format!("{what}, with {}", excerpt.alt()),
            None => what,
        };
        let description = chapter.description.text.clone();
        Linked {
            page: Page {
                file: slashed(&path.with_extension("html")),
                title: chapter.title.clone(),
                description: description
                    .unwrap_or_else(|| source.book.description.clone()),
                card_alt,
            },
            part: chapter.part.clone(),
            excerpt,
            changed: times.get(&slashed(&source.src.join(path))).cloned(),
        }
    });
    each.collect()
}

/// Writes the heads of the built pages in `folder`, their cards, the feed, the
/// sitemap and `robots.txt`. Cards are kept in `target/cards` from build to
/// build.
///
/// # Errors
/// When a page has no head to write to, or a file cannot be read or written.
pub fn finish(folder: &Path, source: &Source) -> Result<()> {
    let (book, pages) = (&source.book, &pages(source));
    let style = fs::read_to_string(source.root.join("theme/diagrams.css"));
    for Linked { page, .. } in pages {
        let path = folder.join(&page.file);
        let html = fs::read_to_string(&path)
            .with_context(|| path.display().to_string())?;
        let html = meta::put(&html, &meta::head(page, book))
            .with_context(|| page.file.clone())?;
        fs::write(&path, html)?;
    }
    let cards: Vec<(String, Card)> = pages
        .iter()
        .map(|linked| (linked.page.card(), Card::of(linked, book)))
        .collect();
    let cache = source.root.join("target/cards");
    card::write(folder, &cards, &style.unwrap_or_default(), &cache)?;
    let pages: Vec<_> =
        pages.iter().map(|l| (l.page.clone(), l.changed.clone())).collect();
    for (name, text) in [
        (feeds::FEED, feeds::feed(book, &pages)),
        ("sitemap.xml", feeds::sitemap(book, &pages)),
        ("robots.txt", feeds::robots(book)),
    ] {
        fs::write(folder.join(name), text)?;
    }
    Ok(())
}
