//! The book builds, every link in it resolves, no address is lost.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use regex::Regex;
use walkdir::WalkDir;

use super::run::{Passed, Run, built, logs};
use super::{addresses, links, previews};
use crate::read::listing::EXERCISES;
use crate::write::build::clear;

/// Builds the book and looks at its pages.
///
/// # Errors
/// What is wrong, a line for each.
pub fn run(run: &Run) -> Result<Passed> {
    let (folder, book) = built(run)?;
    let (mut wrong, links) = links::broken_links(&folder)?;
    let ms = warm_build(run)?;
    let budget = 1000 + 5 * book.chapters.len() as u128;
    if ms > budget {
        wrong.push(format!(
            "a warm build takes {ms} ms, for {} pages it may take {budget}: \
             see what it spends them on",
            book.chapters.len()
        ));
    }
    wrong.extend(previews::outside_world(&folder, &book)?);
    let addresses = addresses::hold(&folder, &book, run.bless)?;
    wrong.extend(addresses.wrong);
    if !wrong.is_empty() {
        bail!("{}", wrong.join("\n"));
    }
    let unwritten = exercise_addresses(&run.root, &folder)?;
    let plain = logs(&run.root).join("plain");
    clear(&plain)?;
    book.build_plain(&plain)?;
    for (path, _) in &book.chapters {
        let page = plain.join(path).with_extension("html");
        let html = fs::read_to_string(&page)
            .with_context(|| format!("{}", page.display()))?;
        if html.contains("{{#") {
            bail!("{}: plain mdBook left an include", page.display());
        }
    }
    let kept = addresses.note;
    let mut note = format!("built in {ms} ms, {links} links resolve, {kept}");
    if !unwritten.is_empty() {
        note += "; exercises wait for ";
        note += &Vec::from_iter(unwritten).join(", ");
    }
    Passed::note(note)
}

/// How long the book takes to build when its cards are drawn: the best of
/// three, as the machine may be busy.
fn warm_build(run: &Run) -> Result<u128> {
    let mut best = u128::MAX;
    for _ in 0..3 {
        let clock = Instant::now();
        built(run)?;
        best = best.min(clock.elapsed().as_millis());
    }
    Ok(best)
}

/// Checks where the tests of the exercises send their reader, and returns the
/// pages that are not there yet.
fn exercise_addresses(root: &Path, folder: &Path) -> Result<BTreeSet<String>> {
    let address = Regex::new(r#""(([\w/-]+\.html)(?:#[\w-]+)?)""#)?;
    let (mut wrong, mut unwritten) = (Vec::new(), BTreeSet::new());
    let tests = root.join(EXERCISES).join("tests");
    for entry in WalkDir::new(&tests).sort_by_file_name().into_iter().flatten()
    {
        let text = fs::read_to_string(entry.path()).unwrap_or_default();
        for found in address.captures_iter(&text) {
            let (address, page) = (&found[1], &found[2]);
            if !folder.join(page).is_file() {
                unwritten.insert(page.to_string());
            } else if let Some(why) = links::leads_nowhere(folder, address) {
                let file = entry.path().strip_prefix(root)?.display();
                wrong.push(format!("{file}: `{address}`: {why}"));
            }
        }
    }
    if !wrong.is_empty() {
        bail!("{}", wrong.join("\n"));
    }
    Ok(unwritten)
}
