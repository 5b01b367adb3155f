//! Where the book stands on the web: one setting, `site-url` in `book.toml`.

use std::sync::LazyLock;

use regex::Regex;

static FORM: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^https://[a-z0-9.-]+(?::[0-9]+)?(/(?:[A-Za-z0-9._~-]+/)*)$")
        .expect("a pattern")
});

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
            None => Err(format!(
                "book.toml: `[output.html]` does not say where the book is \
                 published: add {example}"
            )),
            Some(url) if !FORM.is_match(url) => Err(format!(
                "book.toml: `site-url = \"{url}\"` is not the whole address \
                 of a site: write it like {example}, with `https://` and the \
                 last `/`"
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
        FORM.captures(&self.0)
            .and_then(|found| found.get(1))
            .map_or("/", |path| path.as_str())
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
        assert_eq!(
            of("a/myindex.html"),
            "https://example.org/book/a/myindex.html"
        );
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
}
