//! Every page has 100 for accessibility, best practices and SEO.

use std::thread;

use anyhow::Result;

use super::browser::{
    Browser, heaviest_first, page_names, serve_in_background,
};
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
    // The speed of the first is measured.
    heaviest_first(&folder, &mut pages);
    let url = serve_in_background(&folder)?;
    let half = |log: &'static str, more: &[&str], first: usize| {
        let mut arguments = vec![url.clone()];
        arguments.extend(more.iter().map(ToString::to_string));
        arguments.extend(pages.iter().skip(first).step_by(2).cloned());
        let browser = &browser;
        move || browser.run(run, log, "lighthouse.mjs", &arguments)
    };
    let one = half("lighthouse", &["--speed"], 0);
    if pages.len() < 2 {
        return Passed::note(one()?);
    }
    // Lighthouse looks at one page at a time, and a machine has two cores.
    let other = half("lighthouse-other", &[], 1);
    let (said, also) = thread::scope(|scope| {
        let other = scope.spawn(other);
        (one(), other.join().expect("a step returns its mistakes"))
    });
    match (said, also) {
        (Err(why), Err(also)) => Err(why.context(format!("{also:#}"))),
        (said, also) => Passed::note(format!("{}; {}", said?, also?)),
    }
}
