//! What a page's head tells search engines, and whoever shows a link to the page
//! before it is followed.

use serde_json::json;

use super::feeds::FEED;
use super::publish::PublishedPage;
use super::templates::filled;
use crate::links::to_root;
use crate::site::Site;

/// The size of a card in pixels.
pub const CARD_SIZE: (u32, u32) = (1200, 630);

/// The elements for the head of `page`, beside its title and description:
/// [Open Graph](https://ogp.me) for all that show links (Discord, Slack,
/// Discourse, Mastodon), [X's cards](https://developer.x.com/en/docs/x-for-websites/cards/overview/summary-card-with-large-image)
/// for a large picture.
pub fn facts_html(page: &PublishedPage, site: &Site) -> String {
    let is_first = page.file == "index.html";
    let data = json!({
        "url": site.address.of(&page.file),
        "feed": to_root(&page.file) + FEED,
        "book": site.title,
        "kind": if is_first { "website" } else { "article" },
        "page": {
            "title": page.title,
            "description": page.description,
            "card_alt": page.card_alt,
        },
        "card": site.address.of(&page.card()),
        "size": CARD_SIZE,
    });
    filled("head.html", &data).trim_end().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::small_site;

    #[test]
    fn the_head_has_what_each_asks_for_with_whole_addresses() {
        let page = PublishedPage {
            file: "a/b.html".into(),
            title: "A <b> & \"c\"".into(),
            description: "Why?".into(),
            card_alt: "The chapter".into(),
            ..PublishedPage::default()
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
