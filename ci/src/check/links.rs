//! Checks on the built pages that need no browser: every link and fragment.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::Path;

use anyhow::Result;
use scraper::{ElementRef, Html, Selector};

use crate::disk;
use crate::links::{Resolved, leads_outside, resolve, slashed};

/// The elements of a page that a selector of CSS names.
pub fn select<'a>(html: &'a Html, css: &str) -> Vec<ElementRef<'a>> {
    let selector = Selector::parse(css).expect("a selector");
    html.select(&selector).collect()
}

/// What is wrong with the links of the book in `folder`, one line each, and
/// how many links were looked at. Its pages are the files that end in `ends`.
///
/// # Errors
/// When a page cannot be read.
pub fn broken_links(folder: &Path, ends: &[&str]) -> Result<(Vec<String>, usize)> {
    let mut ids: HashMap<String, HashSet<String>> = HashMap::new();
    let mut pages: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut wrong = Vec::new();
    for path in ends.iter().flat_map(|end| disk::below(folder, end)) {
        let name = slashed(path.strip_prefix(folder)?);
        let html = Html::parse_document(&disk::text(&path)?);
        let on_page = ids.entry(name.clone()).or_default();
        for element in select(&html, "[id], a[name]") {
            let id = element.attr("id").or(element.attr("name"));
            let id = id.unwrap_or_default().to_string();
            if !on_page.insert(id.clone()) && name != "print.html" {
                wrong.push(format!("{name}: the id `{id}` stands twice"));
            }
        }
        // A `base` is where links start, not where one leads.
        for element in select(&html, "[href]:not(base), [src]") {
            let link = element.attr("href").or(element.attr("src"));
            let links = pages.entry(name.clone()).or_default();
            links.push(link.unwrap_or_default().to_string());
        }
    }
    let mut count = 0;
    for (page, links) in &pages {
        // What mdBook writes for the site's root is resolved from there.
        for link in links {
            count += 1;
            if let Some(why) = broken(folder, page, link, &ids) {
                wrong.push(format!("{page}: the link `{link}` {why}"));
            }
        }
    }
    wrong.dedup();
    Ok((wrong, count))
}

/// Why `address`, as in `part/chapter.html#section`, leads nowhere in the book
/// in `folder`, if so.
pub fn leads_nowhere(folder: &Path, address: &str) -> Option<String> {
    let (page, fragment) = address.split_once('#').unwrap_or((address, ""));
    let Ok(text) = fs::read_to_string(folder.join(page)) else {
        return Some(format!("there is no {page}"));
    };
    let html = Html::parse_document(&text);
    let known = select(&html, "[id]").iter().any(|e| e.attr("id") == Some(fragment));
    (!fragment.is_empty() && !known).then(|| format!("{page} has no id `{fragment}`"))
}

fn broken(folder: &Path, page: &str, link: &str, ids: &HashMap<String, HashSet<String>>) -> Option<String> {
    if leads_outside(link) {
        return None;
    }
    let Some(Resolved { file: mut target, fragment }) = resolve(page, link) else {
        return Some("leaves the book".into());
    };
    if folder.join(&target).is_dir() {
        target = format!("{target}/index.html").replace("//", "/");
        target = target.trim_matches('/').to_string();
    }
    if !folder.join(&target).is_file() {
        return Some(format!("leads nowhere: there is no {target}"));
    }
    let fragment = fragment.filter(|f| !f.is_empty())?;
    let known = ids.get(&target)?;
    (!known.contains(&fragment)).then(|| format!("leads nowhere: {target} has no id `{fragment}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book(page: &str) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("a")).unwrap();
        fs::write(dir.path().join("index.html"), "<p id=top></p>").unwrap();
        fs::write(dir.path().join("a/b.html"), page).unwrap();
        dir
    }

    #[test]
    fn a_good_link_and_fragment_pass() {
        let dir = book("<p id=x></p><a href='../index.html#top'></a><a href='#x'></a>");
        assert_eq!(broken_links(dir.path(), &["html"]).unwrap(), (vec![], 2));
    }

    #[test]
    fn a_missing_page_is_named() {
        let dir = book("<a href='c.html'></a>");
        assert_eq!(
            broken_links(dir.path(), &["html"]).unwrap().0,
            ["a/b.html: the link `c.html` leads nowhere: there is no a/c.html"]
        );
    }

    #[test]
    fn a_missing_fragment_is_named() {
        let dir = book("<a href='../index.html#gone'></a>");
        let wrong = broken_links(dir.path(), &["html"]).unwrap().0;
        assert!(wrong[0].contains("index.html has no id `gone`"), "{wrong:?}");
    }

    #[test]
    fn an_address_leads_to_a_page_and_a_section() {
        let dir = book("<p id=x></p>");
        let nowhere = |address| leads_nowhere(dir.path(), address);
        assert_eq!(nowhere("a/b.html"), None);
        assert_eq!(nowhere("a/b.html#x"), None);
        assert_eq!(nowhere("a/b.html#y").unwrap(), "a/b.html has no id `y`");
        assert_eq!(nowhere("a/c.html#x").unwrap(), "there is no a/c.html");
    }

    #[test]
    fn an_id_that_stands_twice_is_named() {
        let dir = book("<p id=x></p><p id=x></p>");
        let wrong = broken_links(dir.path(), &["html"]).unwrap().0;
        assert_eq!(wrong, ["a/b.html: the id `x` stands twice"]);
    }
}
