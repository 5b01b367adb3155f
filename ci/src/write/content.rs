//! What is done to a chapter's HTML that mdBook has no setting for, and what a
//! frame needs to know of it.

use std::collections::BTreeMap;

use regex::Captures;

use super::folder::Output;
use crate::links::{leads_outside, png_size, resolve};
use crate::site::OfflineFiles;

patterns! {
    COMMENT = r"(?s)<!--(.*?)-->";
    STYLED = r#" style="(?:text-align: (\w+)|break-before[^"]*)""#;
    PICTURE = r#"<img src="([^"]*)"([^>]*?)\s*/?>"#;
    /// A picture that says which program draws it, with what mdBook puts around a
    /// picture to enlarge it.
    LIVE =
        r#"(?s)<p><label[^>]*><input[^>]*>(<img [^>]*?) title="live: (\w+)"([^>]*>)<span[^>]*><img[^>]*></span></label></p>"#;
    HEADING = r##"(?s)<h([1-6])([^>]*)><a class="header" href="#([^"]*)">(.*?)</a></h[1-6]>"##;
    LINK = r"(?s)</?a\b[^>]*>";
    TAG = r"(?s)<(?:label|img|input|span class=.img-wrapper)[^>]*>|</label>";
}

/// The content as a page has it. `files` are those to take along, where they are
/// written; `pictures` are the book's files.
pub fn finished(page: &str, html: &str, files: Option<&OfflineFiles>, pictures: &Output) -> String {
    // A heading is a link to itself: one within it would end it.
    let html = HEADING.replace_all(html, |found: &Captures<'_>| {
        let inner = LINK.replace_all(&found[4], "");
        format!("<h{n}{}><a class=\"header\" href=\"#{}\">{inner}</a></h{n}>", &found[2], &found[3], n = &found[1])
    });
    let html = COMMENT.replace_all(&html, |found: &Captures<'_>| match files {
        Some(files) if found[1].trim() == "offline" => files.line(page),
        _ => String::new(),
    });
    // A style of its own is what the policy forbids.
    let html = STYLED.replace_all(&html, |found: &Captures<'_>| match found.get(1) {
        Some(side) => format!(" class=\"{}\"", side.as_str()),
        None => " class=\"new-page\"".into(),
    });
    let html = LIVE.replace_all(&html, "<figure class=\"live\" data-program=\"$2\">$1$3</figure>");
    let html = PICTURE.replace_all(&html, |found: &Captures<'_>| {
        let size = picture_size(page, &found[1], pictures);
        let size = size.map(|(w, h)| format!(" width=\"{w}\" height=\"{h}\""));
        format!("<img src=\"{}\"{} loading=\"lazy\"{}>", &found[1], &found[2], size.unwrap_or_default())
    });
    html.trim().to_string()
}

/// How large a picture is, so that the text below it does not move.
fn picture_size(page: &str, src: &str, files: &Output) -> Option<(u32, u32)> {
    if leads_outside(src) {
        return None;
    }
    png_size(files.get(&resolve(page, src)?.file)?)
}

/// A section of a page.
#[derive(Debug, PartialEq, Eq)]
pub struct Section {
    /// The heading's id.
    pub id: String,
    /// Its text as HTML, without links and pictures.
    pub name: String,
    /// Whether a first reading may skip it.
    pub deeper: bool,
}

/// The sections of a page: its headings of the second level.
pub fn sections(html: &str) -> Vec<Section> {
    let second = HEADING.captures_iter(html).filter(|found| &found[1] == "2");
    second
        .map(|found| Section {
            id: found[3].to_string(),
            name: TAG.replace_all(&found[4], "").trim().to_string(),
            deeper: found[2].contains("deeper"),
        })
        .collect()
}

/// What stood on `page` and where it is now: a fragment never reaches a server,
/// so the page's script is told.
pub fn moved<'a>(page: &str, redirects: impl Iterator<Item = (&'a String, &'a String)>) -> BTreeMap<&'a str, &'a str> {
    redirects
        .filter_map(|(from, to)| {
            let from = from.trim_start_matches('/').strip_prefix(page)?;
            from.starts_with('#').then_some((from, to.as_str()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(html: &str) -> String {
        finished("a/b.html", html, None, &Output::new())
    }

    #[test]
    fn a_style_becomes_a_class_and_a_comment_goes() {
        assert_eq!(plain("<td style=\"text-align: right\">1</td><!-- x\ny -->"), "<td class=\"right\">1</td>");
        let new_page = "<div style=\"break-before: page; page-break-before: \
                        always;\"></div>";
        assert_eq!(plain(new_page), "<div class=\"new-page\"></div>");
    }

    #[test]
    fn the_files_to_take_along_stand_where_the_chapter_says() {
        let files = OfflineFiles::of("A & B");
        let html = "<p>a</p><!-- offline --><p>b</p>";
        let html = finished("a/b.html", html, Some(&files), &Output::new());
        let (before, line) = html.split_once("<p class=\"offline\">").unwrap();
        assert!(before.ends_with("<p>a</p>"), "{html}");
        assert!(line.contains("href=\"../a-b.zip\""), "{html}");
        assert!(line.contains("href=\"../a-b.epub\""), "{html}");
        assert!(line.ends_with("</p><p>b</p>"), "{html}");
    }

    #[test]
    fn a_picture_has_its_size() {
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        png.extend(3_u32.to_be_bytes());
        png.extend(2_u32.to_be_bytes());
        let files = Output::from([("a/p.png".to_string(), png)]);
        let html = "<img src=\"p.png\" alt=\"x\">";
        assert_eq!(
            finished("a/b.html", html, None, &files),
            "<img src=\"p.png\" alt=\"x\" loading=\"lazy\" width=\"3\" \
             height=\"2\">"
        );
    }

    #[test]
    fn a_picture_of_a_program_is_a_figure_with_its_name() {
        let picture = |title: &str| {
            let picture = format!("<img src=\"p.png\" title=\"{title}\">");
            format!(
                "<p><label class=\"checkbox-label\"><input \
                 class=\"checkbox-img\" type=\"checkbox\">{picture}<span \
                 class=\"img-wrapper\">{picture}</span></label></p>"
            )
        };
        let other = plain(&picture("alive"));
        let html = picture("alive") + &picture("live: it");
        assert_eq!(
            plain(&html),
            other
                + "<figure class=\"live\" data-program=\"it\"><img \
                   src=\"p.png\" loading=\"lazy\"></figure>"
        );
    }

    #[test]
    fn a_heading_keeps_its_text_and_loses_links_and_pictures() {
        let html = "<h2 id=\"x\" class=\"deeper\"><a class=\"header\" \
                    href=\"#x\">Read <a href=\"y\">x &amp; <code>y</code></a> \
                    first</a></h2><h2 id=\"p\"><a class=\"header\" \
                    href=\"#p\"><label class=\"checkbox-label\"><input>\
                    <img src=\"x.png\" alt=\"pic\"></label> T</a></h2>";
        let html = plain(html);
        assert!(!html.contains("href=\"y\""), "{html}");
        let found = sections(&html);
        let section = |id: &str, name: &str, deeper| Section { id: id.into(), name: name.into(), deeper };
        assert_eq!(found, [section("x", "Read x &amp; <code>y</code> first", true), section("p", "T", false)]);
    }

    #[test]
    fn the_script_is_told_what_moved_on_its_page() {
        let redirects = BTreeMap::from([
            ("/a/b.html#old".to_string(), "c.html#new".to_string()),
            ("/a/c.html#old".to_string(), "d.html".to_string()),
            ("/a/b.html".to_string(), "e.html".to_string()),
        ]);
        let expected = BTreeMap::from([("#old", "c.html#new")]);
        assert_eq!(moved("a/b.html", redirects.iter()), expected);
    }
}
