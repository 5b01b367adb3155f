//! Every page has 100 for accessibility, best practices and SEO.

use std::fs;

use anyhow::Result;

use super::browser::{Browser, page_names, serve_in_background};
use super::run::{Passed, Run, built};

/// Asks Lighthouse about every page.
///
/// # Errors
/// What is wrong, a line for each.
pub fn run(run: &Run) -> Result<Passed> {
    let browser = match Browser::find(run)? {
        Ok(browser) => browser,
        Err(why) => return Passed::skip(why),
    };
    let (folder, book) = built(run)?;
    let mut pages: Vec<String> = page_names(&book).collect();
    let size = |page: &String| {
        fs::metadata(folder.join(page)).map_or(0, |page| page.len())
    };
    // The heaviest is first: its speed is measured.
    pages.sort_by_key(|page| std::cmp::Reverse(size(page)));
    let mut arguments = vec![serve_in_background(&folder)?];
    arguments.extend(pages);
    let said = browser.run(run, "lighthouse", "lighthouse.mjs", &arguments)?;
    Passed::note(said)
}
