//! Six pages in Firefox and in WebKit: what engines do differently.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;

use super::browser::{Scripts, heaviest_first, page_names, serve_in_background, sum_of};
use super::run::{Passed, Run, built, find, needed, skip};

/// How many pages are opened: the first, and those with most in them.
const PAGES: usize = 6;

/// Opens pages in Firefox, and in WebKit under an X server without a screen.
///
/// # Errors
/// What is wrong, a line for each.
pub fn run(run: &Run) -> Result<Passed> {
    let firefox = needed(&["firefox-esr", "firefox"], "firefox-esr")?;
    let (Some(webkit), Some(browser), Some(_)) = (find("WebKitWebDriver"), mini_browser(), find("Xvfb")) else {
        return skip(
            "no WebKit with a driver: apt-get install webkit2gtk-driver xvfb (Debian and Ubuntu have it; elsewhere \
             this is left to them)",
        );
    };
    let scripts = Scripts::install(run)?;
    let (folder, book) = built(run)?;
    let mut pages: Vec<String> = page_names(&book).collect();
    let rest = pages.len().min(1);
    heaviest_first(&folder, &mut pages[rest..]);
    pages.truncate(PAGES);
    let mut check = scripts.script(run, "engines.mjs");
    check.env("FIREFOX", firefox).env("WEBKIT", webkit).env("MINIBROWSER", browser);
    Passed::note(sum_of(run, "engines", check.arg(serve_in_background(&folder)?).args(pages))?)
}

/// The browser that WebKit's driver starts, which is on no PATH.
fn mini_browser() -> Option<PathBuf> {
    let folders = fs::read_dir("/usr/lib").ok()?.filter_map(Result::ok);
    let mut found: Vec<PathBuf> = folders
        .flat_map(|folder| {
            ["webkit2gtk-4.1", "webkit2gtk-4.0", "webkitgtk-6.0"]
                .map(|name| folder.path().join(name).join("MiniBrowser"))
        })
        .filter(|file| file.is_file())
        .collect();
    found.sort();
    found.pop()
}
