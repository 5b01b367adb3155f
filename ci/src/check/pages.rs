//! The book builds, every link in it resolves, no address is lost.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Result, ensure};
use mdbook_driver::MDBook;
use regex::Regex;

use super::run::{Passed, Run, built, logs};
use super::{addresses, links, previews};
use crate::disk;
use crate::problem;
use crate::read::listing::EXERCISES;
use crate::read::source::Source;

/// Builds the book and looks at its pages.
///
/// # Errors
/// What is wrong, a line for each.
pub fn run(run: &Run) -> Result<Passed> {
    let (folder, book) = built(run)?;
    let (mut wrong, links) = links::broken_links(&folder, &["html"])?;
    wrong.extend(previews::outside_world(&folder, &book)?);
    let (stay, lost) = addresses::compare_with_list(&folder, &book, run.bless)?;
    wrong.extend(lost);
    problem::none_of(&wrong)?;
    let unwritten = exercise_addresses(&run.root, &folder)?;
    let plain = logs(&run.root).join("plain");
    disk::clear(&plain)?;
    build_plain(&book, &plain)?;
    for (path, _) in &book.chapters {
        let page = plain.join(path).with_extension("html");
        let html = disk::text(&page)?;
        ensure!(
            !html.contains("{{") && html.contains("id=\"mdbook-sidebar\""),
            "{}: plain mdBook left an include or the frame",
            page.display()
        );
    }
    let mut note = format!("{links} links resolve, {stay} addresses stay");
    if !unwritten.is_empty() {
        note += "; exercises wait for ";
        note += &Vec::from_iter(unwritten).join(", ");
    }
    Passed::note(note)
}

/// Builds as `mdbook build` would, with nothing of ours but the theme, and with
/// mdbook-mermaid's preprocessor.
///
/// # Errors
/// What mdBook refuses.
pub fn build_plain(source: &Source, folder: &Path) -> Result<()> {
    let mut config = source.config.clone();
    config.build.build_dir = folder.to_path_buf();
    let mut book = MDBook::load_with_config(&source.root, config)?;
    book.with_preprocessor(mdbook_mermaid::Mermaid);
    book.build()
}

/// Checks where the tests of the exercises send their reader, and returns the
/// pages that are not there yet.
fn exercise_addresses(root: &Path, folder: &Path) -> Result<BTreeSet<String>> {
    let address = Regex::new(r#""(([\w/-]+\.html)(?:#[\w-]+)?)""#)?;
    let (mut wrong, mut unwritten) = (Vec::new(), BTreeSet::new());
    let tests = root.join(EXERCISES).join("tests");
    for path in disk::below(&tests, "rs") {
        let text = disk::text(&path)?;
        for found in address.captures_iter(&text) {
            let (address, page) = (&found[1], &found[2]);
            if !folder.join(page).is_file() {
                unwritten.insert(page.to_string());
            } else if let Some(why) = links::leads_nowhere(folder, address) {
                let file = path.strip_prefix(root)?.display();
                wrong.push(format!("{file}: `{address}`: {why}"));
            }
        }
    }
    problem::none_of(&wrong)?;
    Ok(unwritten)
}
