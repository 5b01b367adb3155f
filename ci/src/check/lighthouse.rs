//! Pages have 100 for accessibility, best practices and SEO.

use std::collections::HashSet;
use std::thread;

use anyhow::Result;

use super::browser::{Browser, Changed, heaviest_first, page_names, pages_of_programs, serve_in_background, sum_of};
use super::run::{Passed, Run, built};
use super::seen::Seen;

/// Asks Lighthouse about the heaviest page of each kind, or about every page
/// when the step is named. What the text of a page can break, the step
/// `browser` looks at on all of them.
///
/// # Errors
/// What is wrong, a line for each.
pub fn run(run: &Run) -> Result<Passed> {
    let browser = Browser::find(run)?;
    let (folder, book) = built(run)?;
    let mut pages: Vec<String> = page_names(&book).collect();
    // The speed of the first is measured.
    heaviest_first(&folder, &mut pages);
    if !run.named {
        pages = of_each_kind(&pages);
    }
    pages.extend(pages_of_programs(&book)?.into_iter().next());
    let seen = Seen::by(run, "lighthouse", browser.version(run)?);
    let changed = Changed::of(&seen, &folder, &pages)?;
    let pages: Vec<&str> = changed.names().collect();
    let url = serve_in_background(&folder)?;
    // Lighthouse looks at one page at a time, and a machine has two cores.
    let half = |log: &str, speed: Option<&str>, first: usize| {
        let mut script = browser.script(run, "lighthouse.mjs");
        match pages.get(first) {
            Some(_) => sum_of(run, log, script.arg(&url).args(speed).args(pages.iter().skip(first).step_by(2))),
            None => Ok("0 pages".into()),
        }
    };
    let (said, also) = thread::scope(|scope| {
        let other = scope.spawn(|| half("lighthouse-other", None, 1));
        (half("lighthouse", Some("--speed"), 0), other.join().expect("a step returns its mistakes"))
    });
    match (said, also) {
        (Err(why), Err(also)) => Err(why.context(format!("{also:#}"))),
        (said, also) => {
            let note = format!("{}; {}{}", said?, also?, changed.note());
            changed.passed(&seen);
            Passed::note(note)
        }
    }
}

/// The first page of each part; a page that stands in none is a kind by itself.
fn of_each_kind(pages: &[String]) -> Vec<String> {
    let mut seen = HashSet::new();
    let kind = |page: &String| match page.rsplit_once('/') {
        Some((part, _)) => part.to_string(),
        None => page.clone(),
    };
    pages.iter().filter(|page| seen.insert(kind(page))).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_page_of_each_part_stands_for_it() {
        let pages = ["a/heavy.html", "index.html", "b/x.html", "a/light.html"];
        let pages = pages.map(String::from);
        assert_eq!(of_each_kind(&pages), pages[..3]);
        assert!(of_each_kind(&[]).is_empty());
    }
}
