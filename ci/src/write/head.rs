//! What a page's head tells search engines, and whoever shows a link to the page
//! before it is followed.

use html_escape::encode_double_quoted_attribute as quoted;

use super::feeds::FEED;
use crate::links::to_root;
use crate::site::Site;

/// A page, as its head tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageFacts {
    /// Its file below the book's folder: `futures/poll.html`.
    pub file: String,
    /// The chapter's title.
    pub title: String,
    /// What it answers.
    pub description: String,
    /// What its card shows.
    pub card_alt: String,
}

impl PageFacts {
    /// Its card, below the book's folder.
    pub fn card(&self) -> String {
        format!("cards/{}.png", self.file.trim_end_matches(".html"))
    }
}

/// The size of a card in pixels.
pub const CARD_SIZE: (u32, u32) = (1200, 630);

/// The elements for the head of `page`, beside its title and description:
/// [Open Graph](https://ogp.me) for all that show links (Discord, Slack,
/// Discourse, Mastodon), [X's cards](https://developer.x.com/en/docs/x-for-websites/cards/overview/summary-card-with-large-image)
/// for a large picture.
pub fn facts_html(page: &PageFacts, site: &Site) -> String {
    let url = site.address.of(&page.file);
    let kind = if page.file == "index.html" { "website" } else { "article" };
    let (width, height) = (CARD_SIZE.0.to_string(), CARD_SIZE.1.to_string());
    let card = site.address.of(&page.card());
    let mut out = format!(
        "<link rel=\"canonical\" href=\"{url}\">\n\
         <link rel=\"alternate\" type=\"application/atom+xml\" title=\"{}\" \
         href=\"{}{FEED}\">\n",
        quoted(&site.title),
        to_root(&page.file),
    );
    for (property, content) in [
        ("og:site_name", site.title.as_str()),
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
    out + "<meta name=\"twitter:card\" content=\"summary_large_image\">"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::small_site;

    #[test]
    fn the_head_has_what_each_asks_for_with_whole_addresses() {
        let page = PageFacts {
            file: "a/b.html".into(),
            title: "A <b> & \"c\"".into(),
            description: "Why?".into(),
            card_alt: "The chapter".into(),
        };
        let html = facts_html(&page, &small_site());
        let root = "https://example.org/small";
        for tag in [
            &format!("<link rel=\"canonical\" href=\"{root}/a/b.html\">"),
            "<meta property=\"og:site_name\" content=\"Small\">",
            "<meta property=\"og:type\" content=\"article\">",
            "<meta property=\"og:title\" content=\"A &lt;b&gt; &amp; &quot;c&quot;\">",
            "<meta property=\"og:description\" content=\"Why?\">",
            &format!("<meta property=\"og:url\" content=\"{root}/a/b.html\">"),
            &format!("content=\"{root}/cards/a/b.png\">"),
            "<meta property=\"og:image:width\" content=\"1200\">",
            "<meta property=\"og:image:height\" content=\"630\">",
            "<meta property=\"og:image:alt\" content=\"The chapter\">",
            "<meta name=\"twitter:card\" content=\"summary_large_image\">",
        ] {
            assert!(html.contains(tag), "{tag}: {html}");
        }
    }
}
