//! What the world outside sees of a page: its description, its preview card,
//! its place in the sitemap and the feed, and the addresses that stay.

pub mod address;
pub mod addresses;
pub mod card;
pub mod feeds;
pub mod meta;
pub mod previews;

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use mdbook_driver::config::Config;

use crate::book::Source;
use address::Address;
use card::{Card, Excerpt};
use meta::Page;

/// What every page says about the book.
#[derive(Debug, Clone)]
pub struct Book {
    pub title: String,
    pub description: String,
    pub authors: String,
    pub language: String,
    pub address: Address,
    /// Addresses of before and where each leads: `[output.html.redirect]`.
    pub redirects: HashMap<String, String>,
}

impl Book {
    /// Reads `book.toml`.
    ///
    /// # Errors
    /// When it does not say, or not well, where the book is published.
    pub fn read(config: &Config) -> Result<Book> {
        let html = config.html_config().unwrap_or_default();
        let address = Address::parse(html.site_url.as_deref());
        let book = config.book.clone();
        Ok(Book {
            title: book.title.unwrap_or_default(),
            description: book.description.unwrap_or_default(),
            authors: book.authors.join(", "),
            language: book.language.unwrap_or_else(|| "en".into()),
            address: address.map_err(anyhow::Error::msg)?,
            redirects: html.redirect,
        })
    }
}

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
    let times = feeds::changed(&source.root, &source.src);
    let each = source.chapters.iter().map(|(path, chapter)| {
        let slashed = |path: &Path| path.to_string_lossy().replace('\\', "/");
        let excerpt =
            Excerpt::choose(chapter.diagram.clone(), chapter.code.clone());
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

/// What is wrong with what the outside world sees of the book in `folder`, a
/// line for each.
///
/// # Errors
/// When a file cannot be read.
pub fn check(folder: &Path, source: &Source) -> Result<Vec<String>> {
    let read = |name: &str| {
        let path = folder.join(name);
        fs::read(&path).with_context(|| path.display().to_string())
    };
    let mut wrong = Vec::new();
    let mut listed = String::new();
    for name in [feeds::FEED, "sitemap.xml"] {
        let text = String::from_utf8(read(name)?)?;
        if let Err(why) = roxmltree::Document::parse(&text) {
            wrong.push(format!("{name}: {why}"));
        }
        listed += &text;
    }
    for Linked { page, .. } in pages(source) {
        let html = String::from_utf8(read(&page.file)?)?;
        let card = read(&page.card())?;
        wrong.extend(previews::check(&page, &source.book, &html, &card));
        let url = source.book.address.of(&page.file);
        for list in [format!("<loc>{url}</loc>"), format!("<id>{url}</id>")] {
            if !listed.contains(&list) {
                wrong.push(format!("{}: no {list} lists it", page.file));
            }
        }
    }
    Ok(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    pub fn book() -> Book {
        let address = Address::parse(Some("https://example.org/small/"));
        Book {
            title: "Small".into(),
            description: "A small book.".into(),
            authors: "Someone".into(),
            language: "en".into(),
            address: address.expect("an address"),
            redirects: HashMap::new(),
        }
    }
}
