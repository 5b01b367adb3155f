//! What the published book has besides its pages: what others show for a link,
//! the cards, the feed, the sitemap, and the files to take along.

use anyhow::Result;

use super::build::Facts;
use super::card::{self, Card, chosen_excerpt};
use super::feeds;
use super::folder::Output;
use super::head::facts_html;
use super::offline;
use super::programs::{FOLDER, Program};
use crate::draw::kept::Kept;
use crate::links::{page_of, slashed};
use crate::read::excerpt::Excerpt;
use crate::read::source::Source;
use crate::site::chapters;

/// A page, as those that show a link to it are told.
#[derive(Debug, Default, Clone)]
pub struct PublishedPage {
    /// Its file below the book's folder: `futures/poll.html`.
    pub file: String,
    pub title: String,
    /// What it answers.
    pub description: String,
    /// The part of the book it stands in.
    pub part: Option<String>,
    /// Its number in the table of contents.
    pub number: Option<String>,
    /// What its card shows, and that in words.
    pub excerpt: Option<Excerpt>,
    pub card_alt: String,
    /// When its source changed last, where that is known.
    pub changed: Option<String>,
}

impl PublishedPage {
    /// Its card, below the book's folder.
    pub fn card(&self) -> String {
        format!("cards/{}.png", self.file.trim_end_matches(".html"))
    }
}

/// The pages of a book. One without a description has the book's.
pub fn published_pages(source: &Source) -> Vec<PublishedPage> {
    let number_of = |page: &str| {
        let mut all = chapters(&source.contents);
        all.find(|(_, it, _)| *it == page)?.2.map(str::to_string)
    };
    let each = source.chapters.iter().map(|(path, chapter)| {
        let excerpt = chosen_excerpt(chapter.diagram.clone(), chapter.code.clone());
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
            file,
            title: chapter.title.clone(),
            description: description.unwrap_or_else(|| source.site.description.clone()),
            card_alt,
            part: chapter.part.clone(),
            excerpt,
            changed: source.changed.get(&slashed(&source.src.join(path))).cloned(),
        }
    });
    each.collect()
}

/// What the head of each page says.
pub fn published_facts(source: &Source) -> Facts {
    let facts = |page: PublishedPage| {
        let html = facts_html(&page, &source.site);
        (page.file, html)
    };
    published_pages(source).into_iter().map(facts).collect()
}

/// Adds to `output`, which has the pages, what is published with them. Cards are
/// kept in `target/cards` from build to build.
///
/// # Errors
/// When a card cannot be drawn, or the EPUB not be made.
pub fn add_published(source: &Source, programs: &[Program], output: &mut Output) -> Result<()> {
    let (site, pages) = (&source.site, published_pages(source));
    let css = std::fs::read_to_string(source.root.join("theme/diagrams.css"))?;
    for program in programs {
        let name = format!("{FOLDER}/{}.rs", program.name);
        output.insert(name, program.text.clone().into_bytes());
    }
    let of_programs = programs.iter().map(|program| &program.published);
    let all = pages.iter().chain(of_programs);
    let cards: Vec<(String, Card)> = all.clone().map(|page| (page.card(), Card::of(page, site))).collect();
    let kept = Kept::below(&source.root.join("target/cards"));
    output.extend(card::drawn_cards(&cards, &css, &kept)?);
    for (name, text) in [
        (feeds::FEED, feeds::feed(site, &pages)),
        ("sitemap.xml", feeds::sitemap(site, all)),
        ("robots.txt", feeds::robots(site)),
    ] {
        output.insert(name.into(), text.into_bytes());
    }
    offline::add(source, output)
}
