//! What a page says about itself in its head: for search engines, and for
//! whatever shows a link to it before it is followed.

use std::sync::LazyLock;

use anyhow::{Context as _, Result};
use html_escape::encode_double_quoted_attribute as quoted;
use html_escape::encode_text;
use regex::Regex;

/// How long a description may be, in characters: shorter says nothing, longer
/// is cut by search engines.
const LENGTH: std::ops::RangeInclusive<usize> = 50..=160;

static COMMENT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?s)<!--\s*description:\s*(.*?)\s*-->[ \t]*\n?")
        .expect("a pattern")
});
static TITLE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?s)<title>.*?</title>\s*").expect("a pattern")
});
static DESCRIPTION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"<meta name="?description"?[^>]*>\s*"#).expect("a pattern")
});

/// What the author wrote about a chapter: `<!-- description: … -->` under its
/// title, which is a comment to everything else that reads the file.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Described {
    /// The text, in one line.
    pub text: Option<String>,
    /// Its line in the file, counted from 1.
    pub line: usize,
    /// What is wrong with it, with the line.
    pub problems: Vec<(usize, String)>,
}

/// Reads the description of a chapter.
pub fn described(content: &str) -> Described {
    let mut out = Described { line: 1, ..Described::default() };
    for found in COMMENT.captures_iter(content) {
        let start = found.get(0).map_or(0, |whole| whole.start());
        let line = content[..start].matches('\n').count() + 1;
        if out.text.is_some() {
            out.problems
                .push((line, "a second description: a chapter has one".into()));
            continue;
        }
        let before = content[..start].trim_end();
        if !before.starts_with("# ") || before.contains('\n') {
            out.problems.push((
                line,
                "the description belongs directly under the title".into(),
            ));
        }
        let words: Vec<&str> = found[1].split_whitespace().collect();
        let text = words.join(" ");
        let length = text.chars().count();
        if !LENGTH.contains(&length) {
            out.problems.push((
                line,
                format!(
                    "the description has {length} characters: write {} to {}",
                    LENGTH.start(),
                    LENGTH.end()
                ),
            ));
        } else if !text.ends_with(['.', '?']) {
            out.problems.push((
                line,
                "the description is not a whole sentence: end it with a \
                 period or a question mark"
                    .into(),
            ));
        }
        if text.contains(['`', '*']) || text.contains("](") {
            out.problems.push((
                line,
                "the description is shown as it is: leave out the markup"
                    .into(),
            ));
        }
        out.line = line;
        out.text = Some(text);
    }
    if out.text.is_none() {
        out.problems.push((
            1,
            format!(
                "no description: write `<!-- description: … -->` under the \
                 title, {} to {} characters for search results and previews",
                LENGTH.start(),
                LENGTH.end()
            ),
        ));
    }
    out
}

/// The chapter without its description.
pub fn without_description(content: &str) -> String {
    COMMENT.replace_all(content, "").into_owned()
}

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
pub fn head(page: &Page, book: &super::Book) -> String {
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

    const TEXT: &str =
        "Why does a future do nothing until someone polls it by hand?";

    fn problems(content: &str) -> Vec<String> {
        let each = described(content).problems.into_iter();
        each.map(|(line, what)| format!("{line}: {what}")).collect()
    }

    #[test]
    fn a_description_is_read_and_taken_out() {
        let content = format!("# One\n<!-- description: {TEXT} -->\n\nText.\n");
        let found = described(&content);
        assert_eq!(found.text.as_deref(), Some(TEXT));
        assert_eq!((found.line, found.problems), (2, vec![]));
        assert_eq!(without_description(&content), "# One\n\nText.\n");
    }

    #[test]
    fn it_may_stand_on_several_lines() {
        let content = format!(
            "# One\n\n<!-- description:\n     {}\n-->\nText.\n",
            TEXT.replacen(" until ", "\n     until ", 1)
        );
        let found = described(&content);
        assert_eq!(found.text.as_deref(), Some(TEXT));
        assert_eq!(found.problems, []);
    }

    #[test]
    fn what_is_wrong_with_it_is_said_with_its_line() {
        let with = |text: &str| {
            problems(&format!("# One\n<!-- description: {text} -->\n"))
        };
        assert!(problems("# One\n\nText.\n")[0].starts_with("1: no descr"));
        assert!(
            with("Too short.")[0].starts_with("2: the description has 10 ")
        );
        assert!(with(&"long ".repeat(40))[0].contains("199 characters"));
        assert!(with(&TEXT.replace('?', ""))[0].contains("whole sentence"));
        assert!(
            with(&TEXT.replace("future", "`Future`"))[0].contains("markup")
        );
        let twice = format!(
            "# One\n<!-- description: {TEXT} -->\n\n<!-- description: {TEXT} -->\n"
        );
        assert!(problems(&twice)[0].starts_with("4: a second description"));
        let late = format!("# One\n\nText.\n\n<!-- description: {TEXT} -->\n");
        assert!(problems(&late)[0].starts_with("5: the description belongs"));
    }

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
