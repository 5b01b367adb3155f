//! What others show for a link to a page: the tags that each of them asks for,
//! the card, the feed and the sitemap.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use scraper::{Html, Selector};

use crate::links::png_size;
use crate::read::source::Source;
use crate::site::Site;
use crate::write::card::MOST;
use crate::write::feeds;
use crate::write::head::{CARD_SIZE, PageFacts};
use crate::write::programs::programs;
use crate::write::publish::published_pages;

/// Longer titles and descriptions are cut: Discourse cuts a title after 80
/// characters and a description after 250.
const LONGEST: [(&str, usize); 2] = [("og:title", 80), ("og:description", 250)];

/// The tags in the head of `page`, what each must say, and who asks for it:
/// [Open Graph](https://ogp.me) for all that show links (Discord, Slack,
/// Discourse, Mastodon), [X's cards](https://developer.x.com/en/docs/x-for-websites/cards/overview/summary-card-with-large-image)
/// for a large picture, the
/// [description](https://developers.google.com/search/docs/appearance/snippet)
/// for search results.
fn required_tags(
    page: &PageFacts,
    site: &Site,
) -> [(&'static str, String); 11] {
    let (width, height) = CARD_SIZE;
    [
        ("description", page.description.clone()),
        ("og:site_name", site.title.clone()),
        (
            "og:type",
            match page.file == "index.html" {
                true => "website".into(),
                false => "article".into(),
            },
        ),
        ("og:title", page.title.clone()),
        ("og:description", page.description.clone()),
        ("og:url", site.address.of(&page.file)),
        ("og:image", site.address.of(&page.card())),
        ("og:image:width", width.to_string()),
        ("og:image:height", height.to_string()),
        ("og:image:alt", page.card_alt.clone()),
        ("twitter:card", "summary_large_image".into()),
    ]
}

/// What is wrong with what the outside world sees of the book in `folder`, a
/// line for each.
///
/// # Errors
/// When a file cannot be read.
pub fn outside_world(folder: &Path, source: &Source) -> Result<Vec<String>> {
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
    let mut titles = BTreeSet::new();
    for program in programs(source)? {
        let page = program.published.facts;
        // It is read without the page that shows the program.
        if page.title.starts_with("The same ")
            || !titles.insert(page.title.clone())
        {
            wrong.push(format!(
                "{}:1: its first sentence is the title of {}, and `{}` could \
                 be that of another program",
                program.file, page.file, page.title
            ));
        }
        let html = String::from_utf8(read(&page.file)?)?;
        let card = read(&page.card())?;
        wrong.extend(wrong_previews(&page, &source.site, &html, &card));
        let url = source.site.address.of(&page.file);
        if !listed.contains(&format!("<loc>{url}</loc>")) {
            wrong.push(format!("{}: the sitemap lacks it", page.file));
        }
    }
    for page in published_pages(source) {
        let page = page.facts;
        let html = String::from_utf8(read(&page.file)?)?;
        let card = read(&page.card())?;
        wrong.extend(wrong_previews(&page, &source.site, &html, &card));
        let url = source.site.address.of(&page.file);
        for list in [format!("<loc>{url}</loc>"), format!("<id>{url}</id>")] {
            if !listed.contains(&list) {
                wrong.push(format!("{}: no {list} lists it", page.file));
            }
        }
    }
    Ok(wrong)
}

/// What is wrong with what others show for a link to `page`, whose HTML and
/// card these are.
pub fn wrong_previews(
    page: &PageFacts,
    site: &Site,
    html: &str,
    card: &[u8],
) -> Vec<String> {
    let html = Html::parse_document(html);
    let select = |what: &str| {
        let selector = Selector::parse(what).expect("a selector");
        let attribute = if what.contains("meta") { "content" } else { "href" };
        let found = html.select(&selector);
        let texts = found.map(|element| match what {
            "title" => element.text().collect(),
            _ => element.attr(attribute).unwrap_or_default().to_string(),
        });
        texts.collect::<Vec<String>>()
    };
    let mut wrong = Vec::new();
    let mut say = |what: String| wrong.push(format!("{}: {what}", page.file));
    for (key, meant) in required_tags(page, site) {
        let tags = select(&format!(
            "head > meta[property=\"{key}\"], head > meta[name=\"{key}\"]"
        ));
        match &tags[..] {
            [said] if *said == meant && !meant.is_empty() => {}
            [said] => say(format!("`{key}` says `{said}`, not `{meant}`")),
            _ => say(format!(
                "`{key}` stands {} times in the head, not once",
                tags.len()
            )),
        }
        let longest = LONGEST.iter().find(|(name, _)| *name == key);
        if let Some((_, most)) = longest
            && meant.chars().count() > *most
        {
            say(format!("`{key}` is cut after {most} characters"));
        }
    }
    let url = site.address.of(&page.file);
    if select("head > link[rel=canonical]") != [url.as_str()] {
        say(format!("its canonical address is not {url}"));
    }
    let title = select("title").concat();
    if !title.contains(&page.title) || !title.contains(&site.title) {
        say(format!("its <title> is `{}`", title.trim()));
    }
    // Both would go before every tag that is looked at here.
    for (other, what) in [
        ("script[type=\"application/ld+json\"]", "structured data"),
        ("link[type$=\"json+oembed\"]", "oEmbed"),
    ] {
        if !select(other).is_empty() {
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
    use crate::write::head::facts_html;

    fn page() -> PageFacts {
        PageFacts {
            file: "a/b.html".into(),
            title: "What `<T>` & \"T\" mean".into(),
            description: "Why is 1 < 2 & \"two\" > 'one'? A page that says so."
                .into(),
            card_alt: "The chapter, with the code of \"x\"".into(),
        }
    }

    fn html(page: &PageFacts) -> String {
        let quoted = html_escape::encode_double_quoted_attribute;
        format!(
            "<!DOCTYPE HTML><html><head><title>{} - Small</title><meta \
             name=\"description\" content=\"{}\">{}</head></html>",
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
        for (key, _) in required_tags(&page(), &small_site()) {
            let gone = html.replace(&format!("\"{key}\""), "\"x\"");
            let expected = format!("`{key}` stands 0 times");
            assert!(wrong(&gone).contains(&expected), "{key}");
        }
        let relative = html.replace("https://example.org/small/cards", "cards");
        assert!(wrong(&relative).contains("says `cards/a/b.png`, not `https:"));
        let twice = html.replace(
            "</head>",
            "<meta property=\"og:title\" content=\"Other\"></head>",
        );
        assert!(wrong(&twice).contains("`og:title` stands 2 times"));
        let other = html.replace("canonical", "other");
        assert!(wrong(&other).contains("its canonical address is not"));
        let title = html.replace(" - Small</title>", "</title>");
        assert!(wrong(&title).contains("its <title> is"));
        let data = html.replace(
            "</head>",
            "<script type=\"application/ld+json\"></script></head>",
        );
        assert!(wrong(&data).contains("structured data would be shown"));
    }

    #[test]
    fn a_card_of_another_size_and_a_title_that_is_cut_are_named() {
        let mut small = card();
        small[18] = 1;
        for card in [&small[..], b"GIF89a"] {
            let said =
                wrong_previews(&page(), &small_site(), &html(&page()), card);
            assert!(said[0].contains("is not (1200, 630) pixels"), "{said:?}");
        }
        let long =
            PageFacts { title: "long ".repeat(20).trim().into(), ..page() };
        let said = wrong_previews(&long, &small_site(), &html(&long), &card());
        assert_eq!(said, ["a/b.html: `og:title` is cut after 80 characters"]);
    }
}
