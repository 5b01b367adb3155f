//! The addresses that stay: every page, and every heading, listing, output,
//! message, diagram and term on it that a link may name.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use scraper::Html;

use super::links::select;
use crate::disk;
use crate::links::{page_of, resolve, slashed};
use crate::read::source::Source;
use crate::write::programs::FOLDER;

/// The list, relative to the root: an address a line, in order.
pub const LIST: &str = "ci/addresses.txt";

/// What a link may name.
const NAMED: &str = "main :is(h1, h2, h3, h4, h5, h6, dt)[id], main :is(.listing, .record, .diagram)[id]";

/// Compares the built book in `folder` with the list; with `bless`, adds what
/// is new to it. Returns how many stay, and a line for each address that is lost
/// or not yet on the list.
///
/// # Errors
/// When a page cannot be read, or the list not be written.
pub fn compare_with_list(folder: &Path, source: &Source, bless: bool) -> Result<(usize, Vec<String>)> {
    let mut present = BTreeSet::new();
    for (path, _) in &source.chapters {
        let page = page_of(path);
        let html = disk::text(&folder.join(&page))?;
        present.extend(addresses_on(&page, &html));
    }
    // Of a program's page its own address is enough. A page that only redirects
    // is none.
    for program in disk::below(&folder.join(FOLDER), "html") {
        let page = slashed(program.strip_prefix(folder)?);
        if !source.site.redirects.contains_key(&format!("/{page}")) {
            present.insert(page);
        }
    }
    let file = source.root.join(LIST);
    let text = fs::read_to_string(&file).unwrap_or_default();
    let mut list: BTreeSet<String> = text.lines().map(Into::into).collect();
    if bless {
        list.extend(present.iter().cloned());
        let lines: Vec<&str> = list.iter().map(String::as_str).collect();
        let blessed = lines.join("\n") + "\n";
        if blessed != text {
            fs::write(&file, blessed).with_context(|| file.display().to_string())?;
        }
    }
    let wrong = compare(&list, &present, &source.site.redirects);
    Ok((list.len(), wrong))
}

/// The addresses on a page: its own, and `page#id` for each id.
pub fn addresses_on(page: &str, html: &str) -> BTreeSet<String> {
    let html = Html::parse_document(html);
    let ids = select(&html, NAMED).into_iter().filter_map(|element| element.attr("id"));
    ids.map(|id| format!("{page}#{id}")).chain([page.to_string()]).collect()
}

/// A line for each address of `list` that leads nowhere any more, and one for
/// those that are `present` but not on the list.
pub fn compare(
    list: &BTreeSet<String>,
    present: &BTreeSet<String>,
    redirects: &HashMap<String, String>,
) -> Vec<String> {
    let lost = list.iter().filter_map(|address| {
        let to = follow(address, present, redirects)?;
        Some(match to == *address {
            true => format!(
                "{address} is gone and links to it break: put it back, or redirect it with `\"/{address}\" = \"…\"` \
                 under `[output.html.redirect]` in book.toml; if it was never published, remove its line from {LIST}"
            ),
            false => format!(
                "{address} is redirected to {to}, which leads nowhere: mend it under `[output.html.redirect]` in \
                 book.toml"
            ),
        })
    });
    let wrong = wrong_redirects(present, redirects);
    let is_new = |(it, _): &(String, String)| present.contains(it) || !list.contains(it);
    let wrong = wrong.filter(is_new);
    // A new chapter has many: one line is enough.
    let mut new = present.difference(list);
    let said = new.next().map(|first| {
        let (are, stay) = match new.count() {
            0 => ("is".into(), "it stays"),
            more => (format!("and {more} more are"), "they stay"),
        };
        format!("{first} {are} new: `cargo ci --bless pages` puts this on {LIST}, and from then on {stay}")
    });
    lost.chain(wrong.map(|(_, why)| why)).chain(said).collect()
}

/// Each redirect that does not do what it says, and why.
fn wrong_redirects(
    present: &BTreeSet<String>,
    redirects: &HashMap<String, String>,
) -> impl Iterator<Item = (String, String)> {
    let mut from: Vec<&str> = redirects.keys().map(|it| it.trim_start_matches('/')).collect();
    from.sort_unstable();
    let place = "under `[output.html.redirect]` in book.toml";
    from.into_iter().filter_map(move |address| {
        let (page, _) = address.split_once('#').unwrap_or((address, ""));
        let why = if present.contains(address) {
            "is there, and its redirect leads away from it: remove it".into()
        } else if !present.contains(page) && !redirects.contains_key(&format!("/{page}")) {
            format!("is redirected, and there is no {page} that would do so: mend it")
        } else {
            let to = follow(address, present, redirects)?;
            format!("is redirected to {to}, which leads nowhere: mend it")
        };
        Some((address.to_string(), format!("{address} {why} {place}")))
    })
}

/// Goes where a browser would go, as mdBook redirects: first by page and
/// fragment, then by page, which keeps the fragment. Returns where that ends, if
/// it is not there.
fn follow(address: &str, present: &BTreeSet<String>, redirects: &HashMap<String, String>) -> Option<String> {
    let mut at = address.to_string();
    // Redirects that go in a circle end as well.
    for _ in 0..=redirects.len() {
        if present.contains(&at) {
            return None;
        }
        let (page, fragment) = match at.split_once('#') {
            Some((page, fragment)) => (page, Some(fragment)),
            None => (at.as_str(), None),
        };
        let direct = redirects.get(&format!("/{at}")).cloned();
        let by_page = || {
            let to = redirects.get(&format!("/{page}"))?;
            let to = to.split('#').next().unwrap_or_default();
            Some(format!("{to}#{}", fragment?))
        };
        let Some(to) = direct.or_else(by_page) else { break };
        if to.starts_with("https://") {
            return None;
        }
        let Some(to) = resolve(page, &to) else { break };
        at = match to.fragment {
            Some(fragment) => format!("{}#{fragment}", to.file),
            None => to.file,
        };
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(addresses: &[&str]) -> BTreeSet<String> {
        addresses.iter().map(|a| a.to_string()).collect()
    }

    fn compared(list: &[&str], present: &[&str], redirects: &[(&str, &str)]) -> Vec<String> {
        let redirects = redirects.iter();
        let redirects = redirects.map(|(a, b)| (a.to_string(), b.to_string()));
        compare(&set(list), &set(present), &redirects.collect())
    }

    #[test]
    fn an_unchanged_book_passes() {
        let all = ["a/b.html", "a/b.html#x"];
        assert_eq!(compared(&all, &all, &[]), Vec::<String>::new());
    }

    #[test]
    fn an_address_that_is_gone_is_named_with_what_to_do() {
        let wrong = compared(&["a.html", "a.html#old"], &["a.html"], &[]);
        let [line] = &wrong[..] else { panic!("{wrong:?}") };
        assert!(line.starts_with("a.html#old is gone"), "{line}");
        assert!(line.contains("`\"/a.html#old\" = \"…\"`"), "{line}");
        assert!(line.contains("[output.html.redirect]"), "{line}");
    }

    #[test]
    fn a_new_address_is_named_with_what_to_do() {
        let wrong = compared(&["a.html"], &["a.html", "a.html#new"], &[]);
        let [line] = &wrong[..] else { panic!("{wrong:?}") };
        assert!(line.starts_with("a.html#new is new: `cargo ci --bless pages`"));
    }

    #[test]
    fn a_redirected_address_passes() {
        let list = ["a/b.html#old", "a/c.html", "a/c.html#x", "new/d.html"];
        let present = ["a/b.html", "a/b.html#y", "new/d.html", "new/d.html#x"];
        let redirects = [("/a/b.html#old", "b.html#y"), ("/a/c.html", "../new/d.html")];
        let wrong = compared(&list, &present, &redirects);
        let lost: Vec<_> = wrong.iter().filter(|w| !w.contains(" new: ")).collect();
        assert_eq!(lost, Vec::<&String>::new());
    }

    #[test]
    fn a_redirect_that_leads_nowhere_is_named() {
        let wrong = compared(&["a/c.html", "a/c.html#x"], &["a/d.html"], &[("/a/c.html", "d.html")]);
        let [line] = &wrong[..1] else { panic!("{wrong:?}") };
        assert!(line.starts_with("a/c.html#x is redirected to a/d.html#x, which"), "{line}");
        let circle = [("/a.html", "b.html"), ("/b.html", "a.html")];
        let wrong = compared(&["a.html"], &[], &circle);
        assert!(wrong[0].contains("which leads nowhere"), "{wrong:?}");
    }

    #[test]
    fn a_redirect_that_does_not_do_what_it_says_is_named() {
        for (from, to, why) in [
            ("/a.html", "b.html", "a.html is there, and its redirect"),
            ("/a.html#x", "b.html", "a.html#x is there, and its redirect"),
            ("/c.html#x", "b.html", "c.html#x is redirected, and there is no"),
            ("/c.html", "d.html", "c.html is redirected to d.html, which"),
            ("/a.html#old", "#gone", "a.html#old is redirected to a.html#gone"),
            ("/c.html", "c.html", "c.html is redirected to c.html, which"),
        ] {
            let there = ["a.html", "a.html#x", "b.html"];
            let wrong = compared(&there, &there, &[(from, to)]);
            let [line] = &wrong[..] else { panic!("{from}: {wrong:?}") };
            assert!(line.starts_with(why), "{line}");
        }
    }

    #[test]
    fn what_a_link_may_name_is_found_on_a_page() {
        let html = "<main><h1 id=top></h1><p id=no></p>\
                    <figure class=listing id=listing-a></figure>\
                    <div class=record id=output-a></div>\
                    <div class=diagram id=diagram-a><svg><title id=diagram-a-title>\
                    </title></svg></div><dl><dt id=term></dt></dl></main>\
                    <h2 id=outside></h2>";
        let expected =
            ["a.html", "a.html#diagram-a", "a.html#listing-a", "a.html#output-a", "a.html#term", "a.html#top"];
        assert_eq!(addresses_on("a.html", html), set(&expected));
    }
}
