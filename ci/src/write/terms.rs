//! The glossary and the pages that explain its terms, linked both ways: each row
//! of its tables has a link to a section, and that section's page has one to the
//! row.

use std::collections::BTreeMap;

use regex::Captures;

use crate::links::{resolve, to_root};

/// The page whose rows explain terms.
const GLOSSARY: &str = "back/glossary.html";

patterns! {
    ROW = r"(?s)<tr>\s*<td>(.*?)</td>(\s*<td>(.*?)</td>)";
    TAG = "<[^>]*>";
}

/// What the glossary explains, by the page that it leads to: id and term.
#[derive(Debug, Default)]
pub struct Terms(BTreeMap<String, Vec<(String, String)>>);

impl Terms {
    /// Reads the glossary among the pages, if there is one.
    pub fn of(pages: &BTreeMap<String, String>) -> Terms {
        let mut terms = Terms::default();
        let glossary = pages.get(GLOSSARY).map_or("", String::as_str);
        for row in ROW.captures_iter(glossary) {
            let link = row[3].split_once("<a href=\"");
            let link = link.and_then(|(_, link)| link.split('"').next());
            if let Some(to) = link.and_then(|it| resolve(GLOSSARY, it)) {
                let of_page = terms.0.entry(to.file).or_default();
                of_page.push((id(&row[1]), row[1].to_string()));
            }
        }
        terms
    }

    /// Adds to the glossary an id for each row, and to the pages that it leads to
    /// the links that lead back.
    pub fn linked(&self, page: &str, html: &mut String) {
        if page == GLOSSARY {
            let with_id = |row: &Captures<'_>| {
                let (term, rest) = (&row[1], &row[2]);
                format!("<tr><td id=\"{}\">{term}</td>{rest}", id(term))
            };
            *html = ROW.replace_all(html, with_id).into_owned();
            return;
        }
        let Some(terms) = self.0.get(page) else { return };
        let to = format!("{}{GLOSSARY}", to_root(page));
        let links = terms.iter().map(|(id, term)| format!("<a href=\"{to}#{id}\">{term}</a>"));
        *html += &format!("\n<p>In the glossary: {}.</p>", links.collect::<Vec<_>>().join(", "));
    }
}

/// `term-lost-wake`.
fn id(term: &str) -> String {
    let text = TAG.replace_all(term, "").to_lowercase();
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    let words = words.filter(|word| !word.is_empty());
    ["term"].into_iter().chain(words).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_and_the_page_that_explains_it_lead_to_each_other() {
        let glossary = "<table><tbody><tr><td>runner, <code>block_on</code>\
                        </td><td>It <a href=\"../a/b.html#c\">polls</a>.</td>\
                        </tr>\n<tr><td>none</td><td>no link</td></tr>\
                        </tbody></table>";
        let pages = [(GLOSSARY, glossary), ("a/b.html", "<h2 id=\"c\">C</h2>")];
        let pages = pages.map(|(page, html)| (page.into(), html.to_string()));
        let pages = BTreeMap::from(pages);
        let terms = Terms::of(&pages);
        let linked = |page: &str| {
            let mut html = pages[page].clone();
            terms.linked(page, &mut html);
            html
        };
        let row = "<tr><td id=\"term-runner-block_on\">runner,";
        assert!(linked(GLOSSARY).contains(row), "{}", linked(GLOSSARY));
        let link = "<a href=\"../back/glossary.html#term-runner-block_on\">\
                    runner, <code>block_on</code></a>.";
        assert!(linked("a/b.html").contains(link), "{}", linked("a/b.html"));
        let mut other = String::new();
        terms.linked("a/other.html", &mut other);
        assert_eq!(other, "");
    }
}
