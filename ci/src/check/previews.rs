//! What is shown for a link to a page, as those who show it read the page: its
//! static HTML, without a script.
//!
//! Discourse and Mastodon are read after their sources ([`open_graph.rb`] and
//! [`allowlisted_generic_onebox.rb`], [`link_details_extractor.rb`]), Discord
//! and Slack, which are closed, after what they are known to do.
//!
//! [`open_graph.rb`]: https://github.com/discourse/discourse/blob/main/lib/onebox/open_graph.rb
//! [`allowlisted_generic_onebox.rb`]: https://github.com/discourse/discourse/blob/main/lib/onebox/engine/allowlisted_generic_onebox.rb
//! [`link_details_extractor.rb`]: https://github.com/mastodon/mastodon/blob/main/app/lib/link_details_extractor.rb

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use scraper::{Html, Selector};

use crate::read::source::Source;
use crate::site::Site;
use crate::write::card::MOST;
use crate::write::feeds;
use crate::write::head::{CARD_SIZE, Page};
use crate::write::outside::{Linked, pages};

/// What someone shows for a link.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preview {
    pub site: String,
    pub title: String,
    pub description: String,
    /// Where a click leads; where it is not asked for, the link itself.
    pub url: Option<String>,
    pub image: String,
    /// Said in place of the image, by those who do.
    pub alt: Option<String>,
    /// Whether the image is shown large.
    pub large: bool,
}

/// Somebody who shows previews: how a page is read, and the most characters
/// of its title and description that are shown.
pub struct Service {
    pub name: &'static str,
    pub read: fn(&Head) -> Preview,
    pub title: usize,
    pub description: usize,
}

/// Those who show a link where programmers talk.
pub const SERVICES: [Service; 4] = [
    Service { name: "Discord", read: discord, title: 256, description: 350 },
    Service { name: "Slack", read: slack, title: 256, description: 350 },
    Service { name: "Discourse", read: discourse, title: 80, description: 250 },
    Service { name: "Mastodon", read: mastodon, title: 256, description: 350 },
];

/// What of a page they look at.
#[derive(Debug, Default)]
pub struct Head {
    /// Each `meta`: its `property`, its `name` and its `content`.
    metas: Vec<[String; 3]>,
    /// Each `link`: its `rel`, its `type` and its `href`.
    links: Vec<[String; 3]>,
    title: String,
    /// Data that Mastodon prefers to the tags.
    structured: bool,
}

impl Head {
    /// Reads a page.
    pub fn read(html: &str) -> Head {
        let html = Html::parse_document(html);
        let all = |name: &str, attributes: [&str; 3]| -> Vec<[String; 3]> {
            let selector = Selector::parse(name).expect("a selector");
            let each = html.select(&selector).map(|element| {
                attributes
                    .map(|a| element.attr(a).unwrap_or_default().to_string())
            });
            each.collect()
        };
        let title = Selector::parse("title").expect("a selector");
        let title = html.select(&title).next();
        let structured = all("script", ["type", "id", "src"]);
        Head {
            metas: all("meta", ["property", "name", "content"]),
            links: all("link", ["rel", "type", "href"]),
            title: title.map(|t| t.text().collect()).unwrap_or_default(),
            structured: structured
                .iter()
                .any(|[kind, ..]| kind == "application/ld+json"),
        }
    }

    /// The first of `keys` in the order of the page, as property or name.
    fn first_of(&self, keys: &[&str]) -> Option<String> {
        let is = |key: &String| keys.contains(&key.as_str());
        let mut metas = self.metas.iter();
        let found = metas.find(|[property, name, content]| {
            (is(property) || is(name)) && !content.is_empty()
        });
        found.map(|[.., content]| content.clone())
    }

    /// The first of `keys` in the order given.
    fn prefer(&self, keys: &[&str]) -> Option<String> {
        keys.iter().find_map(|key| self.first_of(&[key]))
    }

    fn link(&self, rel: &str) -> Option<&str> {
        let found = self.links.iter().find(|[r, ..]| r == rel);
        found.map(|[.., href]| href.as_str())
    }
}

/// Open Graph first, then Twitter's tags, then the page's own.
fn discord(head: &Head) -> Preview {
    let prefer = |keys: &[&str]| head.prefer(keys);
    Preview {
        site: prefer(&["og:site_name"]).unwrap_or_default(),
        title: prefer(&["og:title", "twitter:title"])
            .unwrap_or_else(|| head.title.trim().to_string()),
        description: prefer(&[
            "og:description",
            "twitter:description",
            "description",
        ])
        .unwrap_or_default(),
        url: prefer(&["og:url"]),
        image: prefer(&["og:image", "twitter:image"]).unwrap_or_default(),
        alt: None,
        large: prefer(&["twitter:card"]).as_deref()
            == Some("summary_large_image"),
    }
}

/// Open Graph or Twitter's tags, whichever stands first.
fn slack(head: &Head) -> Preview {
    let first = |keys: &[&str]| head.first_of(keys);
    Preview {
        site: first(&["og:site_name"]).unwrap_or_default(),
        title: first(&["og:title", "twitter:title"])
            .unwrap_or_else(|| head.title.trim().to_string()),
        description: first(&["og:description", "twitter:description"])
            .or_else(|| first(&["description"]))
            .unwrap_or_default(),
        url: None,
        image: first(&["og:image", "twitter:image"]).unwrap_or_default(),
        alt: None,
        large: first(&["twitter:card"]).as_deref()
            == Some("summary_large_image"),
    }
}

/// Open Graph alone, the first of each; `og:image:secure_url` and
/// `og:image:url` go before `og:image`. A page of the type article with a title
/// and a description is shown as one, others as soon as they have both.
fn discourse(head: &Head) -> Preview {
    let prefer = |keys: &[&str]| head.prefer(keys);
    let title = prefer(&["og:title"]).unwrap_or_else(|| head.title.clone());
    Preview {
        site: prefer(&["og:site_name"]).unwrap_or_default(),
        title,
        description: prefer(&["og:description"]).unwrap_or_default(),
        url: prefer(&["og:url"]),
        image: prefer(&["og:image:secure_url", "og:image:url", "og:image"])
            .unwrap_or_default(),
        alt: None,
        large: true,
    }
}

/// Structured data, then Open Graph, then the page's own; the link is the
/// canonical one.
fn mastodon(head: &Head) -> Preview {
    let prefer = |keys: &[&str]| head.prefer(keys);
    if head.structured {
        // The book has none: what it would say is not what is checked here.
        return Preview::default();
    }
    Preview {
        site: prefer(&["og:site_name"]).unwrap_or_default(),
        title: prefer(&["og:title"])
            .unwrap_or_else(|| head.title.clone())
            .trim()
            .to_string(),
        description: prefer(&["og:description", "description"])
            .unwrap_or_default(),
        url: head
            .link("canonical")
            .map(str::to_string)
            .or_else(|| prefer(&["og:url"])),
        image: prefer(&["og:image"]).unwrap_or_default(),
        alt: prefer(&["og:image:alt"]),
        large: true,
    }
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
    for Linked { page, .. } in pages(source) {
        let html = String::from_utf8(read(&page.file)?)?;
        let card = read(&page.card())?;
        wrong.extend(wrong_previews(&page, &source.book, &html, &card));
        let url = source.book.address.of(&page.file);
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
    page: &Page,
    book: &Site,
    html: &str,
    card: &[u8],
) -> Vec<String> {
    let head = Head::read(html);
    let mut wrong = Vec::new();
    let mut say = |what: String| wrong.push(format!("{}: {what}", page.file));
    let url = book.address.of(&page.file);
    let image = book.address.of(&page.card());
    for service in &SERVICES {
        let name = service.name;
        let shown = (service.read)(&head);
        for (what, shown, meant) in [
            ("title", &shown.title, &page.title),
            ("description", &shown.description, &page.description),
            ("site", &shown.site, &book.title),
            ("image", &shown.image, &image),
            ("link", shown.url.as_ref().unwrap_or(&url), &url),
        ] {
            if shown != meant || meant.is_empty() {
                say(format!(
                    "the {what} that {name} shows is `{shown}`, not `{meant}`"
                ));
            }
        }
        if !shown.large {
            say(format!("{name} shows the card small: `twitter:card`"));
        }
        for (what, text, most) in [
            ("title", &shown.title, service.title),
            ("description", &shown.description, service.description),
        ] {
            if text.chars().count() > most {
                say(format!("{name} cuts the {what} after {most} characters"));
            }
        }
    }
    if mastodon(&head).alt.as_ref() != Some(&page.card_alt) {
        say("Mastodon has no text in place of the card".into());
    }
    for key in ["description", "og:title", "og:image", "og:url", "twitter:card"]
    {
        let is =
            |[property, name, _]: &&[String; 3]| property == key || name == key;
        let count = head.metas.iter().filter(is).count();
        if count != 1 {
            say(format!("`{key}` stands {count} times in the head, not once"));
        }
    }
    if !head.title.contains(&page.title) || !head.title.contains(&book.title) {
        say(format!("its <title> is `{}`", head.title.trim()));
    }
    if head.link("canonical") != Some(url.as_str()) {
        say(format!("its canonical address is not {url}"));
    }
    let oembed = |[_, kind, _]: &[String; 3]| kind.ends_with("json+oembed");
    if head.links.iter().any(oembed) {
        say("oEmbed would go before every tag that is checked here".into());
    }
    let said = ["og:image:width", "og:image:height"]
        .map(|key| head.prefer(&[key]).and_then(|n| n.parse::<u32>().ok()));
    let meant = [Some(CARD_SIZE.0), Some(CARD_SIZE.1)];
    let is = png_size(card).map(|(width, height)| [Some(width), Some(height)]);
    if said != meant || is != Some(meant) {
        say(format!(
            "the card is said to be {said:?} pixels large and is {is:?}, \
             not {meant:?}"
        ));
    }
    if card.len() >= MOST {
        say(format!("the card has {} bytes, more than {MOST}", card.len()));
    }
    wrong
}

/// The width and height that the header of a PNG gives.
fn png_size(png: &[u8]) -> Option<(u32, u32)> {
    let header = png.strip_prefix(b"\x89PNG\r\n\x1a\n")?.get(4..16)?;
    let sizes = header.strip_prefix(b"IHDR")?;
    let (width, height) = sizes.split_at(4);
    Some((
        u32::from_be_bytes(width.try_into().ok()?),
        u32::from_be_bytes(height.try_into().ok()?),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::small_site as book;
    use crate::write::head as meta;

    fn page() -> Page {
        Page {
            file: "a/b.html".into(),
            title: "What `<T>` & \"T\" mean".into(),
            description: "Why is 1 < 2 & \"two\" > 'one'? A page that says so."
                .into(),
            card_alt: "The chapter, with the code of \"x\"".into(),
        }
    }

    fn html() -> String {
        let old = "<!DOCTYPE HTML><html><head><title>Old</title>\
                   <meta name=\"description\" content=\"Old\"></head></html>";
        meta::put(old, &meta::head(&page(), &book())).unwrap()
    }

    fn card() -> Vec<u8> {
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        png.extend(CARD_SIZE.0.to_be_bytes());
        png.extend(CARD_SIZE.1.to_be_bytes());
        png
    }

    fn wrong(html: &str) -> String {
        wrong_previews(&page(), &book(), html, &card()).join("\n")
    }

    #[test]
    fn each_service_shows_what_was_meant() {
        let head = Head::read(&html());
        for service in &SERVICES {
            let shown = (service.read)(&head);
            assert_eq!(shown.title, page().title, "{}", service.name);
            assert_eq!(shown.description, page().description);
            assert_eq!(shown.site, "Small");
            assert_eq!(shown.image, "https://example.org/small/cards/a/b.png");
            assert!(shown.large, "{}", service.name);
        }
        let shown = mastodon(&head);
        let url = shown.url.as_deref();
        assert_eq!(url, Some("https://example.org/small/a/b.html"));
        assert_eq!(shown.alt, Some(page().card_alt));
        assert_eq!(wrong(&html()), "");
    }

    #[test]
    fn a_tag_that_is_missing_is_named_with_who_misses_it() {
        for (tag, said) in [
            ("og:title", "the title that Discord shows is `What `<T>`"),
            ("og:description", "the description that Discourse shows is ``"),
            ("og:site_name", "the site that Slack shows is ``"),
            ("og:image\"", "the image that Mastodon shows is ``"),
            ("og:image:alt", "Mastodon has no text in place of the card"),
            ("og:image:width", "is said to be [None, Some(630)]"),
            ("twitter:card", "Discord shows the card small"),
        ] {
            let html = html().replace(tag, "x\"");
            let wrong = wrong(&html);
            assert!(wrong.contains(said), "{tag}: {wrong}");
        }
    }

    #[test]
    fn a_tag_that_stands_twice_is_named() {
        let twice = html().replace(
            "</head>",
            "<meta property=\"og:title\" content=\"Other\"></head>",
        );
        assert!(wrong(&twice).contains("`og:title` stands 2 times"));
    }

    #[test]
    fn a_relative_image_is_named() {
        let relative =
            html().replace("https://example.org/small/cards", "cards");
        assert!(wrong(&relative).contains("`cards/a/b.png`, not `https://"));
    }

    #[test]
    fn a_card_of_another_size_is_named() {
        let mut small = card();
        small[18] = 1;
        let wrong = wrong_previews(&page(), &book(), &html(), &small);
        assert!(wrong[0].contains("and is Some([Some(432)"), "{wrong:?}");
        let wrong = wrong_previews(&page(), &book(), &html(), b"GIF89a");
        assert!(wrong[0].contains("and is None"), "{wrong:?}");
    }

    #[test]
    fn a_title_that_a_forum_would_cut_is_named() {
        let page = Page { title: "long ".repeat(20).trim().into(), ..page() };
        let html = meta::put(
            "<title></title><meta name=\"description\">",
            &meta::head(&page, &book()),
        )
        .unwrap();
        let wrong = wrong_previews(&page, &book(), &html, &card());
        assert_eq!(
            wrong,
            ["a/b.html: Discourse cuts the title after 80 characters"]
        );
    }
}
