//! What tells others which pages there are: the sitemap, the feed of chapters
//! and `robots.txt`.

use serde_json::json;

use super::publish::PublishedPage;
use super::templates::filled;
use crate::site::Site;

/// The feed's file, below the book's folder.
pub const FEED: &str = "feed.xml";

/// The time of a page whose history is not known.
pub const UNKNOWN: &str = "2026-01-01T00:00:00Z";

/// `sitemap.xml`: every page with the day it changed.
pub fn sitemap<'a>(book: &Site, pages: impl Iterator<Item = &'a PublishedPage>) -> String {
    let pages = pages.map(|page| json!({ "url": book.address.of(&page.file), "changed": page.changed }));
    filled("sitemap.xml", &json!({ "pages": pages.collect::<Vec<_>>() }))
}

/// `feed.xml`: the chapters as an Atom feed, in the order of the book.
pub fn feed(book: &Site, pages: &[PublishedPage]) -> String {
    let time = |page: &PublishedPage| page.changed.clone().unwrap_or_else(|| UNKNOWN.to_string());
    let chapters = pages.iter().filter(|page| page.file != "index.html");
    let entries = chapters.map(|page| {
        json!({
            "url": book.address.of(&page.file),
            "title": page.title,
            "changed": time(page),
            "description": page.description,
        })
    });
    let data = json!({
        "language": book.language,
        "home": book.address.of("index.html"),
        "title": book.title,
        "description": book.description,
        "newest": pages.iter().map(time).max().unwrap_or(UNKNOWN.into()),
        "authors": book.authors,
        "address": book.address.of(FEED),
        "pages": entries.collect::<Vec<_>>(),
    });
    filled("feed.xml", &data)
}

/// `robots.txt`: everything may be read, and where the sitemap is.
pub fn robots(book: &Site) -> String {
    format!("User-agent: *\nAllow: /\n\nSitemap: {}\n", book.address.of("sitemap.xml"))
}

#[cfg(test)]
mod tests {
    use roxmltree::{Document, Node};

    use super::*;
    use crate::site::small_site as book;

    fn pages() -> Vec<PublishedPage> {
        let page = |file: &str, title: &str, at: Option<&str>| PublishedPage {
            file: file.into(),
            title: title.into(),
            description: "What is <b> & why?".into(),
            changed: at.map(str::to_string),
            ..PublishedPage::default()
        };
        vec![
            page("index.html", "Small", None),
            page("a/b.html", "A & B", Some("2026-11-21T05:00:00Z")),
            page("a/c.html", "C", None),
        ]
    }

    fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Node<'a, 'i> {
        let mut all = node.children().filter(|n| n.has_tag_name(name));
        let first = all.next();
        first.unwrap_or_else(|| panic!("no {name} in {node:?}"))
    }

    fn text<'a>(node: Node<'a, '_>, name: &str) -> &'a str {
        child(node, name).text().unwrap_or_default()
    }

    #[test]
    fn the_feed_has_what_atom_asks_for() {
        let feed = feed(&book(), &pages());
        let document = Document::parse(&feed).unwrap();
        let root = document.root_element();
        assert!(root.has_tag_name(("http://www.w3.org/2005/Atom", "feed")));
        assert_eq!(text(root, "id"), "https://example.org/small/");
        assert_eq!(text(root, "updated"), "2026-11-21T05:00:00Z");
        assert_eq!(text(child(root, "author"), "name"), "Someone");
        let entries: Vec<_> = root.children().filter(|n| n.has_tag_name("entry")).collect();
        assert_eq!(entries.len(), 2, "every chapter, without the first page");
        let [b, c] = entries[..] else { unreachable!() };
        assert_eq!(text(b, "id"), "https://example.org/small/a/b.html");
        assert_eq!(text(b, "title"), "A & B");
        assert_eq!(text(b, "summary"), "What is <b> & why?");
        assert_eq!(text(b, "updated"), "2026-11-21T05:00:00Z");
        assert_eq!(text(c, "updated"), UNKNOWN);
        let link = child(b, "link").attribute("href");
        assert_eq!(link, Some("https://example.org/small/a/b.html"));
    }

    #[test]
    fn the_sitemap_has_every_page() {
        let sitemap = sitemap(&book(), pages().iter());
        let document = Document::parse(&sitemap).unwrap();
        let urls: Vec<_> = document.descendants().filter(|n| n.has_tag_name("loc")).filter_map(|n| n.text()).collect();
        assert_eq!(
            urls,
            ["https://example.org/small/", "https://example.org/small/a/b.html", "https://example.org/small/a/c.html"]
        );
        assert!(robots(&book()).contains("https://example.org/small/sitemap.xml"));
    }
}
