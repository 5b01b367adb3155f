//! The search's index: small enough to be fetched with the search's code.
//!
//! It knows which section has which word and how much the word counts there,
//! and no running text. `theme/search.js` reads it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use anyhow::Result;
use regex::Regex;
use serde_json::json;

/// How much a word counts where it stands. The index has two bits for it.
const TEXT: u8 = 0;
/// An error code, or a word that the text stresses: a term.
const TERM: u8 = 2;
const HEADING: u8 = 3;

/// A section in more than this share of all sections tells nobody anything.
const COMMON: f64 = 0.5;

/// The words of all pages, by section.
#[derive(Debug, Default)]
pub struct Index {
    /// Address and title.
    pages: Vec<(String, String)>,
    /// The number of its page, its id, its heading.
    sections: Vec<(usize, String, String)>,
    words: BTreeMap<String, BTreeMap<usize, u8>>,
}

impl Index {
    /// Reads the sections of a page: from one heading to the next.
    ///
    /// # Errors
    /// Never for a page that mdBook wrote.
    pub fn add(&mut self, page: &str, title: &str, html: &str) -> Result<()> {
        let heading = Regex::new(r#"(?s)<h[1-6] id="([^"]+)">(.*?)</h[1-6]>"#)?;
        let main = html.split_once("<main>").map_or(html, |(_, main)| main);
        let main = main.split("</main>").next().unwrap_or_default();
        let mut found = heading.captures_iter(main).peekable();
        self.pages.push((page.into(), title.into()));
        while let Some(head) = found.next() {
            let whole = head.get(0).expect("a match has a whole");
            let end = found.peek().and_then(|next| next.get(0));
            let end = end.map_or(main.len(), |next| next.start());
            let section = self.sections.len();
            let name = plain(&head[2]);
            self.sections.push((
                self.pages.len() - 1,
                head[1].to_string(),
                name.clone(),
            ));
            let body = &main[whole.end()..end];
            self.count(section, &name, HEADING);
            for terms in terms(body)? {
                self.count(section, &terms, TERM);
            }
            self.count(section, &plain(body), TEXT);
        }
        Ok(())
    }

    fn count(&mut self, section: usize, text: &str, weight: u8) {
        for word in words(text) {
            let at = self.words.entry(word).or_default();
            let old = at.entry(section).or_insert(weight);
            *old = weight.max(*old);
        }
    }

    /// The index as JSON.
    ///
    /// Words stand in their order, each without what it has in common with the
    /// one before: a letter says how much. Then come the numbers of its sections
    /// (each as the step from the one before) with their weights.
    pub fn json(&self) -> String {
        let mut list = String::new();
        let mut before = "";
        for (word, at) in &self.words {
            let often = at.len() as f64 > COMMON * self.sections.len() as f64;
            let weighty = at.values().any(|weight| *weight > TEXT);
            let at: Vec<(usize, u8)> = at
                .iter()
                .map(|(n, weight)| (*n, *weight))
                .filter(|(_, weight)| !often || *weight > TEXT)
                .collect();
            if at.is_empty() || often && !weighty {
                continue;
            }
            let same = before
                .bytes()
                .zip(word.bytes())
                .take_while(|(a, b)| a == b)
                .count()
                .min(25);
            list.push((b'A' + same as u8) as char);
            list += &word[same..];
            let mut last = 0;
            for (n, weight) in at {
                // A capital ends the word: a step is 0 to 6 and more to come.
                let mut step = n - last;
                while step > 6 {
                    list.push('~');
                    step -= 7;
                }
                let code = (step as u8) * 4 + weight;
                list.push(DIGITS[usize::from(code)] as char);
                last = n;
            }
            before = word;
        }
        let sections: Vec<_> = self
            .sections
            .iter()
            .map(|(page, id, name)| json!([page, id, name]))
            .collect();
        json!({ "pages": self.pages, "sections": sections, "words": list })
            .to_string()
    }
}

/// 28 characters that are in no word: not a small letter, a digit or `_`.
const DIGITS: &[u8; 28] = b"!#$%&()*+,-./:;<=>?@[]^{|}`'";

/// Stressed words and error codes.
fn terms(html: &str) -> Result<Vec<String>> {
    let stressed =
        Regex::new(r"(?s)<(?:em|strong|dt)>(.*?)</(?:em|strong|dt)>")?;
    let code = Regex::new(r"\bE0\d{3}\b")?;
    let mut found: BTreeSet<String> =
        stressed.captures_iter(html).map(|it| plain(&it[1])).collect();
    found.extend(code.find_iter(html).map(|it| it.as_str().to_string()));
    Ok(found.into_iter().collect())
}

/// The text of HTML, with a space for each tag of a block.
fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        text += before;
        let Some((tag, after)) = tag.split_once('>') else { break };
        let name = tag.trim_start_matches('/');
        let inside = ["span", "a ", "code", "em", "strong", "wbr"];
        if tag != "/a" && !inside.iter().any(|it| name.starts_with(it)) {
            text.push(' ');
        }
        rest = after;
    }
    text += rest;
    html_escape::decode_html_entities(&text).into_owned()
}

/// The words of a text, as they are looked up: small letters, without a
/// plural's end.
fn words(text: &str) -> BTreeSet<String> {
    let in_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.split(|c| !in_word(c))
        .map(|word| root(&word.to_ascii_lowercase()))
        .filter(|word| word.len() > 1 && word.len() < 40)
        .filter(|word| word.bytes().any(|b| b.is_ascii_lowercase()))
        .collect()
}

/// `wakers` is looked up as `waker`. `theme/search.js` does the same.
fn root(word: &str) -> String {
    let word = word.trim_matches('_');
    match word.strip_suffix('s') {
        Some(short) if short.len() > 2 && !short.ends_with('s') => short.into(),
        _ => word.into(),
    }
}

/// How many sections and words there are, for a test or a log.
impl std::fmt::Display for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut text = String::new();
        write!(text, "{} sections, ", self.sections.len())?;
        write!(text, "{} words", self.words.len())?;
        f.write_str(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> Index {
        let mut index = Index::default();
        let page = "<main><h1 id=\"a\"><a href=\"#a\">The <code>Waker</code>\
                    </a></h1><p>A future is <em>polled</em> twice.</p>\
                    <h2 id=\"b\">Errors</h2><pre><code>error[E0277]: no \
                    reactor</code></pre></main><p>outside</p>";
        index.add("x.html", "X", page).unwrap();
        index
    }

    #[test]
    fn a_heading_counts_more_than_a_term_and_a_term_more_than_text() {
        let index = index();
        assert_eq!(index.words["waker"][&0], HEADING);
        assert_eq!(index.words["polled"][&0], TERM);
        assert_eq!(index.words["future"][&0], TEXT);
    }

    #[test]
    fn error_codes_and_messages_are_found_in_their_section() {
        let index = index();
        assert_eq!(index.words["e0277"][&1], TERM);
        assert_eq!(index.words["reactor"][&1], TEXT);
        assert!(!index.words.contains_key("outside"));
    }

    #[test]
    fn plurals_are_one_word_with_their_singular() {
        assert_eq!(root("wakers"), "waker");
        assert_eq!(root("class"), "class");
        assert_eq!(root("is"), "is");
    }

    #[test]
    fn no_digit_can_stand_in_a_word() {
        let clash = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
        assert!(!DIGITS.iter().any(clash) && !DIGITS.contains(&b'~'));
    }
}
