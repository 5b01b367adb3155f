//! What the published book has besides its pages: what others show for a link,
//! the cards, the feed, the sitemap, and the files to take along.

use anyhow::Result;

use super::build::Facts;
use super::card::{self, Card, chosen_excerpt};
use super::feeds;
use super::folder::Output;
use super::head::{PageFacts, facts_html};
use super::offline;
use super::programs::Program;
use crate::links::{page_of, slashed};
use crate::read::excerpt::Excerpt;
use crate::read::source::Source;
use crate::site::chapters;

/// A page with what its card and its feed entry need.
#[derive(Debug, Clone)]
pub struct PublishedPage {
    pub facts: PageFacts,
    /// The part of the book it stands in.
    pub part: Option<String>,
    /// Its number in the table of contents.
    pub number: Option<String>,
    pub excerpt: Option<Excerpt>,
    /// When its source changed last, where that is known.
    pub changed: Option<String>,
}

/// The pages of a book. One without a description has the book's.
pub fn published_pages(source: &Source) -> Vec<PublishedPage> {
    let number_of = |page: &str| {
        let mut all = chapters(&source.contents);
        all.find(|(_, it, _)| *it == page)?.2.map(str::to_string)
    };
    let each = source.chapters.iter().map(|(path, chapter)| {
        let excerpt =
            chosen_excerpt(chapter.diagram.clone(), chapter.code.clone());
        let what = match chapter.title == source.site.title {
            true => "The book".to_string(),
            false => format!("The chapter {}", chapter.title),
        };
        let card_alt = match &excerpt {
            Some(excerpt) => format!("{what}, with {}", excerpt.alt()),
            None => what,
        };
        let file = page_of(path);
        let description = chapter.description.text.clone();
        PublishedPage {
            number: number_of(&file),
            facts: PageFacts {
                file,
                title: chapter.title.clone(),
                description: description
                    .unwrap_or_else(|| source.site.description.clone()),
                card_alt,
            },
            part: chapter.part.clone(),
            excerpt,
            changed: source
                .changed
                .get(&slashed(&source.src.join(path)))
                .cloned(),
        }
    });
    each.collect()
}

/// What the head of each page says.
pub fn published_facts(source: &Source) -> Facts {
    let pages = published_pages(source).into_iter();
    pages
        .map(|page| {
            let html = facts_html(&page.facts, &source.site);
            (page.facts.file, html)
        })
        .collect()
}

/// Adds to `output`, which has the pages, what is published with them. Cards are
/// kept in `target/cards` from build to build.
///
/// # Errors
/// When a card cannot be drawn, or the EPUB not be made.
pub fn add_published(
    source: &Source,
    programs: &[Program],
    output: &mut Output,
) -> Result<()> {
    let (site, pages) = (&source.site, published_pages(source));
    let css = std::fs::read_to_string(source.root.join("theme/diagrams.css"))?;
    for program in programs {
        program.add_file(output);
    }
    let of_programs: Vec<PublishedPage> =
        programs.iter().map(|program| program.published.clone()).collect();
    let cards: Vec<(String, Card)> = pages
        .iter()
        .chain(&of_programs)
        .map(|page| (page.facts.card(), Card::of(page, site)))
        .collect();
    let cache = source.root.join("target/cards");
    output.extend(card::drawn_cards(&cards, &css, &cache)?);
    let dated = |pages: &[PublishedPage]| -> Vec<_> {
        let each = pages.iter();
        each.map(|it| (it.facts.clone(), it.changed.clone())).collect()
    };
    let all = [dated(&pages), dated(&of_programs)].concat();
    for (name, text) in [
        (feeds::FEED, feeds::feed(site, &dated(&pages))),
        ("sitemap.xml", feeds::sitemap(site, &all)),
        ("robots.txt", feeds::robots(site)),
    ] {
        output.insert(name.into(), text.into_bytes());
    }
    offline::add(source, output)
}
