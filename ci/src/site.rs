//! The one model of the site: what the book is called, where it stands on the
//! web, what its table of contents is, and what its files are named.

use std::collections::HashMap;

use anyhow::{Context as _, Result};
use mdbook_driver::book::{Book, BookItem};
use mdbook_driver::config::{Config, HtmlConfig};

use crate::links::{page_of, to_root};

/// What every page says about the book.
#[derive(Debug, Clone)]
pub struct Site {
    pub title: String,
    pub description: String,
    pub authors: String,
    pub language: String,
    pub address: Address,
    /// Addresses of before and where each leads: `[output.html.redirect]`.
    pub redirects: HashMap<String, String>,
    /// Where the repository is, and where one of its files is edited: an address
    /// with `{path}` in it.
    pub repository: Option<String>,
    pub edit_url: Option<String>,
}

impl Site {
    /// Reads `book.toml`.
    ///
    /// # Errors
    /// When it does not say, or not well, where the book is published.
    pub fn read(config: &Config) -> Result<Site> {
        // An unknown key is an error here; mdBook would go on with its defaults.
        let html = config.get::<HtmlConfig>("output.html");
        let html = html.context("book.toml")?.unwrap_or_default();
        let address = Address::parse(html.site_url.as_deref());
        let book = config.book.clone();
        Ok(Site {
            title: book.title.unwrap_or_default(),
            description: book.description.unwrap_or_default(),
            authors: book.authors.join(", "),
            language: book.language.unwrap_or_else(|| "en".into()),
            address: address.map_err(anyhow::Error::msg)?,
            redirects: html.redirect,
            repository: html.git_repository_url,
            edit_url: html.edit_url_template,
        })
    }
}

/// A line of the table of contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// The name of a part.
    Part(String),
    /// A chapter's title, and its page from the book's root.
    Chapter {
        /// As in `SUMMARY.md`.
        title: String,
        /// `wakers/block-on.html`.
        page: String,
        /// Its number, `7` or `7.1`; the introduction has none.
        number: Option<String>,
        /// How far it is indented: 0, or 1 below another chapter.
        level: usize,
    },
}

/// The table of contents, in the order of `SUMMARY.md`.
pub fn contents(book: &Book) -> Vec<Entry> {
    let entry = |item: &BookItem| match item {
        BookItem::PartTitle(title) => Some(Entry::Part(title.clone())),
        BookItem::Chapter(chapter) => {
            let number = chapter.number.as_ref();
            Some(Entry::Chapter {
                title: chapter.name.clone(),
                page: page_of(chapter.path.as_ref()?),
                number: number.map(|n| n.to_string().trim_end_matches('.').to_string()),
                level: number.map_or(0, |n| n.len().saturating_sub(1)),
            })
        }
        BookItem::Separator => None,
    };
    book.iter().filter_map(entry).collect()
}

/// Of each chapter its title, its page and its number.
pub fn chapters(contents: &[Entry]) -> impl Iterator<Item = (&str, &str, Option<&str>)> {
    contents.iter().filter_map(|entry| match entry {
        Entry::Chapter { title, page, number, .. } => Some((&**title, &**page, number.as_deref())),
        Entry::Part(_) => None,
    })
}

/// Names of the two files, below the book's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfflineFiles {
    /// `from-poll-to-pixel.zip`, with one folder of that name in it.
    pub archive: String,
    /// `from-poll-to-pixel.epub`.
    pub epub: String,
}

impl OfflineFiles {
    /// Named as the book is.
    pub fn of(title: &str) -> OfflineFiles {
        let words = title.split(|c: char| !c.is_ascii_alphanumeric());
        let words = words.filter(|word| !word.is_empty());
        let name = words.collect::<Vec<_>>().join("-").to_ascii_lowercase();
        let name = if name.is_empty() { "book".into() } else { name };
        OfflineFiles { archive: format!("{name}.zip"), epub: format!("{name}.epub") }
    }

    /// What `page` says where its chapter has the comment `<!-- offline -->`.
    pub fn line(&self, page: &str) -> String {
        let OfflineFiles { archive, epub } = self;
        let root = to_root(page);
        format!(
            "<p class=\"offline\">To read the book offline without building \
             it, take <a href=\"{root}{archive}\" download>its pages in one \
             archive</a> or <a href=\"{root}{epub}\" download>the EPUB</a>.\
             </p>"
        )
    }
}

patterns! {
    FORM = r"^https://[a-z0-9.-]+(?::[0-9]+)?(/(?:[A-Za-z0-9._~-]+/)*)$";
}

/// The address of the book, with a `/` at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(String);

impl Address {
    /// Reads `site-url` of `[output.html]`.
    ///
    /// # Errors
    /// When it is not set, or is no `https://` address that ends with `/`.
    pub fn parse(setting: Option<&str>) -> Result<Address, String> {
        let example = "`site-url = \"https://example.org/book/\"`";
        match setting {
            None => Err(format!("book.toml: `[output.html]` does not say where the book is published: add {example}")),
            Some(url) if !FORM.is_match(url) => Err(format!(
                "book.toml: `site-url = \"{url}\"` is not the whole address of a site: write it like {example}, with \
                 `https://` and the last `/`"
            )),
            Some(url) => Ok(Address(url.to_string())),
        }
    }

    /// The address of a file of the book. `index.html` goes without its name,
    /// so that a page has one address.
    pub fn of(&self, file: &str) -> String {
        let folder = file.strip_suffix("index.html").unwrap_or(file);
        match folder.is_empty() || folder.ends_with('/') {
            true => format!("{}{folder}", self.0),
            false => format!("{}{file}", self.0),
        }
    }

    /// The part after the host: `/` or `/book/`.
    pub fn path(&self) -> &str {
        FORM.captures(&self.0).and_then(|found| found.get(1)).map_or("/", |path| path.as_str())
    }
}

/// A small book's site, for tests.
#[cfg(test)]
pub fn small_site() -> Site {
    let address = Address::parse(Some("https://example.org/small/"));
    Site {
        title: "Small".into(),
        description: "A small book.".into(),
        authors: "Someone".into(),
        language: "en".into(),
        address: address.expect("an address"),
        redirects: HashMap::new(),
        repository: None,
        edit_url: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_one_address() {
        let site = Address::parse(Some("https://example.org/book/")).unwrap();
        let of = |file| site.of(file);
        assert_eq!(of("index.html"), "https://example.org/book/");
        assert_eq!(of("a/index.html"), "https://example.org/book/a/");
        assert_eq!(of("a/b.html"), "https://example.org/book/a/b.html");
        assert_eq!(of("a/myindex.html"), "https://example.org/book/a/myindex.html");
        assert_eq!(site.path(), "/book/");
    }

    #[test]
    fn a_missing_or_ill_formed_address_is_one_line_that_says_what_to_write() {
        let ill = [
            "/book/",
            "http://example.org/",
            "https://example.org",
            "https://example.org/book",
            "https://example.org/a b/",
            "https://example.org/?q/",
            "https:///book/",
        ];
        let settings = ill.iter().map(|url| Some(*url)).chain([None]);
        for setting in settings {
            let why = Address::parse(setting).unwrap_err();
            assert!(why.starts_with("book.toml: "), "{why}");
            assert!(why.contains("site-url = \"https://example.org/book/\""));
            assert!(!why.contains('\n'), "{why}");
        }
    }

    #[test]
    fn the_files_are_named_as_the_book_is() {
        let files = OfflineFiles::of("From Poll to Pixel: 2nd, & more");
        assert_eq!(files.archive, "from-poll-to-pixel-2nd-more.zip");
        assert_eq!(files.epub, "from-poll-to-pixel-2nd-more.epub");
        assert_eq!(OfflineFiles::of("本").epub, "book.epub");
    }
}
