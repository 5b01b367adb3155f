//! What others show for a link to a page: the tags that each of them asks for,
//! the card, the feed and the sitemap.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;

use crate::disk;
use crate::links::png_size;
use crate::read::source::Source;
use crate::site::Site;
use crate::write::card::MOST;
use crate::write::feeds;
use crate::write::head::{CARD_SIZE, facts_html};
use crate::write::programs::programs;
use crate::write::publish::{PublishedPage, published_pages};

/// Longer titles and descriptions are cut: Discourse cuts a title after 80
/// characters and a description after 250.
const LONGEST_TITLE: usize = 80;
const LONGEST_DESCRIPTION: usize = 250;

/// What is wrong with what the outside world sees of the book in `folder`, a
/// line for each.
///
/// # Errors
/// When a file cannot be read.
pub fn outside_world(folder: &Path, source: &Source) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    let mut listed = String::new();
    for name in [feeds::FEED, "sitemap.xml"] {
        let text = disk::text(&folder.join(name))?;
        if let Err(why) = roxmltree::Document::parse(&text) {
            wrong.push(format!("{name}: {why}"));
        }
        listed += &text;
    }
    let mut titles = BTreeSet::new();
    let programs = programs(source)?;
    for program in &programs {
        let page = &program.published;
        // It is read without the page that shows the program.
        if page.title.starts_with("The same ") || !titles.insert(&page.title) {
            wrong.push(format!(
                "{}:1: its first sentence is the title of {}, and `{}` could be that of another program",
                program.file, page.file, page.title
            ));
        }
    }
    let of_programs = programs.iter().map(|it| (&it.published, false));
    let published = published_pages(source);
    let chapters = published.iter().map(|it| (it, true));
    for (page, in_feed) in of_programs.chain(chapters) {
        let html = disk::text(&folder.join(&page.file))?;
        let card = disk::bytes(&folder.join(page.card()))?;
        wrong.extend(wrong_previews(page, &source.site, &html, &card));
        let url = source.site.address.of(&page.file);
        let lists = [format!("<loc>{url}</loc>"), format!("<id>{url}</id>")];
        for list in &lists[..1 + usize::from(in_feed)] {
            if !listed.contains(list) {
                wrong.push(format!("{}: no {list} lists it", page.file));
            }
        }
    }
    Ok(wrong)
}

/// What is wrong with what others show for a link to `page`, whose HTML and
/// card these are.
pub fn wrong_previews(page: &PublishedPage, site: &Site, html: &str, card: &[u8]) -> Vec<String> {
    let quoted = html_escape::encode_double_quoted_attribute;
    let mut wrong = Vec::new();
    let mut say = |what: String| wrong.push(format!("{}: {what}", page.file));
    let (head, _) = html.split_once("</head>").unwrap_or((html, ""));
    let description = quoted(&page.description);
    let description = format!("<meta name=\"description\" content=\"{description}\">");
    let facts = facts_html(page, site);
    for tag in facts.lines().chain([&*description]) {
        let times = head.matches(tag).count();
        if times != 1 {
            say(format!("`{tag}` stands {times} times in the head, not once"));
        }
    }
    let named = |html: &str| html.matches("<meta property=\"og:").count();
    if named(head) != named(&facts) {
        say("the head has other tags beside its own".into());
    }
    for (key, said, most) in
        [("og:title", &page.title, LONGEST_TITLE), ("og:description", &page.description, LONGEST_DESCRIPTION)]
    {
        if said.chars().count() > most {
            say(format!("`{key}` is cut after {most} characters"));
        }
    }
    let title = head.split_once("<title>").map_or("", |(_, title)| title);
    let (title, _) = title.split_once("</title>").unwrap_or_default();
    if [&page.title, &site.title].iter().any(|it| !title.contains(&*quoted(it))) {
        say(format!("its <title> is `{}`", title.trim()));
    }
    // Both would go before every tag that is looked at here.
    for (other, what) in [("application/ld+json", "structured data"), ("application/json+oembed", "oEmbed")] {
        if html.contains(&format!("type=\"{other}\"")) {
            say(format!("{what} would be shown in place of its tags"));
        }
    }
    if png_size(card) != Some(CARD_SIZE) {
        say(format!("the card is not {CARD_SIZE:?} pixels large"));
    }
    if card.len() >= MOST {
        say(format!("the card has {} bytes, more than {MOST}", card.len()));
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::small_site;

    fn page() -> PublishedPage {
        PublishedPage {
            file: "a/b.html".into(),
            title: "What `<T>` & \"T\" mean".into(),
            description: "Why is 1 < 2 & \"two\" > 'one'? A page that says so.".into(),
            card_alt: "The chapter, with the code of \"x\"".into(),
            ..PublishedPage::default()
        }
    }

    fn html(page: &PublishedPage) -> String {
        let quoted = html_escape::encode_double_quoted_attribute;
        format!(
            "<!DOCTYPE HTML><html><head><title>{} - Small</title><meta \
             name=\"description\" content=\"{}\">\n{}</head></html>",
            quoted(&page.title),
            quoted(&page.description),
            facts_html(page, &small_site())
        )
    }

    fn card() -> Vec<u8> {
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        png.extend(CARD_SIZE.0.to_be_bytes());
        png.extend(CARD_SIZE.1.to_be_bytes());
        png
    }

    fn wrong(html: &str) -> String {
        wrong_previews(&page(), &small_site(), html, &card()).join("\n")
    }

    #[test]
    fn a_whole_head_passes() {
        assert_eq!(wrong(&html(&page())), "");
    }

    #[test]
    fn a_tag_that_is_missing_says_something_else_or_stands_twice_is_named() {
        let html = html(&page());
        for tag in facts_html(&page(), &small_site()).lines() {
            let expected = format!("`{tag}` stands 0 times");
            assert!(wrong(&html.replace(tag, "")).contains(&expected), "{tag}");
        }
        let twice = html.replace("</head>", "<meta property=\"og:title\" content=\"Other\"></head>");
        assert!(wrong(&twice).contains("other tags beside its own"));
        let title = html.replace(" - Small</title>", "</title>");
        assert!(wrong(&title).contains("its <title> is"));
        let data = html.replace("</head>", "<script type=\"application/ld+json\"></script></head>");
        assert!(wrong(&data).contains("structured data would be shown"));
    }

    #[test]
    fn a_card_of_another_size_and_a_title_that_is_cut_are_named() {
        let mut small = card();
        small[18] = 1;
        for card in [&small[..], b"GIF89a"] {
            let said = wrong_previews(&page(), &small_site(), &html(&page()), card);
            assert!(said[0].contains("is not (1200, 630) pixels"), "{said:?}");
        }
        let long = PublishedPage { title: "long ".repeat(20).trim().into(), ..page() };
        let said = wrong_previews(&long, &small_site(), &html(&long), &card());
        assert_eq!(said, ["a/b.html: `og:title` is cut after 80 characters"]);
    }
}
