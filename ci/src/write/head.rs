//! What a page says about itself in its head: for search engines, and for
//! whatever shows a link to it before it is followed.

use std::sync::LazyLock;

use anyhow::{Context as _, Result};
use html_escape::encode_double_quoted_attribute as quoted;
use html_escape::encode_text;
use regex::Regex;

static TITLE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?s)<title>.*?</title>\s*").expect("a pattern")
});
static DESCRIPTION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"<meta name="?description"?[^>]*>\s*"#).expect("a pattern")
});

/// A page, as its head tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its file below the book's folder: `futures/poll.html`.
    pub file: String,
    /// The chapter's title.
    pub title: String,
    /// What it answers.
    pub description: String,
    /// What its card shows.
    pub card_alt: String,
}

impl Page {
    /// Its card, below the book's folder.
    pub fn card(&self) -> String {
        format!("cards/{}.png", self.file.trim_end_matches(".html"))
    }
}

/// The size of a card in pixels.
pub const CARD_SIZE: (u32, u32) = (1200, 630);

/// The elements for the head of `page`.
pub fn head(page: &Page, book: &crate::site::Site) -> String {
    let title = match page.title == book.title {
        true => page.title.clone(),
        false => format!("{} - {}", page.title, book.title),
    };
    let url = book.address.of(&page.file);
    let up = "../".repeat(page.file.matches('/').count());
    let kind = if page.file == "index.html" { "website" } else { "article" };
    let (width, height) = (CARD_SIZE.0.to_string(), CARD_SIZE.1.to_string());
    let card = book.address.of(&page.card());
    let mut out = format!(
        "<title>{}</title>\n\
         <meta name=\"description\" content=\"{}\">\n\
         <link rel=\"canonical\" href=\"{url}\">\n\
         <link rel=\"alternate\" type=\"application/atom+xml\" title=\"{}\" \
         href=\"{up}{}\">\n",
        encode_text(&title),
        quoted(&page.description),
        quoted(&book.title),
        super::feeds::FEED,
    );
    for (property, content) in [
        ("og:site_name", book.title.as_str()),
        ("og:type", kind),
        ("og:title", &page.title),
        ("og:description", &page.description),
        ("og:url", &url),
        ("og:image", &card),
        ("og:image:type", "image/png"),
        ("og:image:width", &width),
        ("og:image:height", &height),
        ("og:image:alt", &page.card_alt),
    ] {
        out += &format!(
            "<meta property=\"{property}\" content=\"{}\">\n",
            quoted(content)
        );
    }
    out += "<meta name=\"twitter:card\" content=\"summary_large_image\">\n";
    out
}

/// `html` with `head` in place of its title and description.
///
/// # Errors
/// When it does not have one of each.
pub fn put(html: &str, head: &str) -> Result<String> {
    let end = html.find("</head>").unwrap_or(html.len());
    let once = |pattern: &Regex, what: &str| {
        let mut all = pattern.find_iter(&html[..end]);
        match (all.next(), all.next()) {
            (Some(found), None) => Ok(found.range()),
            _ => Err(format!("not one {what} in the page's head")),
        }
        .map_err(anyhow::Error::msg)
        .context("mdBook's theme changed")
    };
    let title = once(&TITLE, "<title>")?;
    let description = once(&DESCRIPTION, "description")?;
    let mut out = html.to_string();
    // The later one first, so that the other still stands where it was found.
    let (first, second) = match title.start < description.start {
        true => ((title, head), (description, "")),
        false => ((description, ""), (title, head)),
    };
    out.replace_range(second.0, second.1);
    out.replace_range(first.0, first.1);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_takes_the_place_of_title_and_description() {
        let html = "<head><title>Old\n</title><meta charset=\"UTF-8\">\
                    <meta name=\"description\" content=\"old\"><style></style>";
        let put = put(html, "<title>New</title>").unwrap();
        assert_eq!(
            put,
            "<head><title>New</title><meta charset=\"UTF-8\"><style></style>"
        );
    }

    #[test]
    fn a_page_without_a_title_is_not_passed_over() {
        assert!(put("<meta name=\"description\" content=\"\">", "").is_err());
        assert!(put("<title></title>", "").is_err());
    }
}
