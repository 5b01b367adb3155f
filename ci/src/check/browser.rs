//! Every page in Chromium.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::thread;

use anyhow::Result;

use super::run::{Passed, Run, built, clear, command, find, logs};
use crate::links::page_of;
use crate::read::source::Source;
use crate::serve;
use crate::site::OfflineFiles;
use crate::write::offline;
use crate::write::programs::{Kind, NoLink, Program, programs};

/// Opens every page, and every page of the archive from a disk.
///
/// # Errors
/// What is wrong, a line for each.
pub fn run(run: &Run) -> Result<Passed> {
    let browser = match Browser::find(run)? {
        Ok(browser) => browser,
        Err(why) => return Passed::skip(why),
    };
    // A check that finds none of the mistakes made for it proves nothing.
    let found = browser.run(run, "browser-selftest", "selftest.mjs", &[])?;
    let (folder, book) = built(run)?;
    let url = serve_in_background(&folder)?;
    let mut arguments = vec![url];
    arguments.extend(page_names(&book));
    arguments.extend(pages_of_programs(&book)?);
    let said = browser.run(run, "browser", "check.mjs", &arguments)?;
    let unpacked = logs(&run.root).join("unpacked");
    clear(&unpacked)?;
    let files = OfflineFiles::of(&book.site.title);
    let unpacked = offline::unpack(&folder, &files, &unpacked)?;
    arguments[0] = unpacked.to_string_lossy().into_owned();
    let offline = browser.run(run, "browser-offline", "offline.mjs", &arguments)?;
    Passed::note(format!("{said}; {offline}; {found}"))
}

/// What the steps with a browser need.
pub struct Browser {
    node: PathBuf,
    chromium: PathBuf,
    /// The folder of their scripts.
    scripts: PathBuf,
}

impl Browser {
    /// The programs on the PATH and the scripts' packages, or what is missing.
    pub fn find(run: &Run) -> Result<Result<Browser, &'static str>> {
        let names = ["chromium", "chromium-browser", "google-chrome"];
        let Some(chromium) = names.iter().find_map(|name| find(name)) else {
            return Ok(Err("no Chromium on the PATH: apt-get install chromium"));
        };
        let found = scripts(run)?;
        Ok(found.map(|(node, scripts)| Browser { node, chromium, scripts }))
    }

    /// Runs a script and returns its last line, which sums up.
    pub fn run(&self, run: &Run, log: &str, script: &str, arguments: &[String]) -> Result<String> {
        node(run, log, &self.node, &self.scripts.join(script), |c| {
            c.args(arguments).env("CHROMIUM", &self.chromium);
        })
    }

    /// Runs a script on a screen of its own, where there is `xvfb`.
    pub fn run_on_screen(
        &self,
        run: &Run,
        log: &str,
        xvfb: Option<&Path>,
        script: &str,
        arguments: &[String],
    ) -> Result<String> {
        let Some(xvfb) = xvfb else {
            return self.run(run, log, script, arguments);
        };
        let log = command(run, log, xvfb, |c| {
            // Without -noreset the server ends with its last client.
            c.args(["-a", "-s", "-screen 0 1280x1024x24 -noreset"]);
            c.arg(&self.node).arg(self.scripts.join(script));
            c.args(arguments).env("CHROMIUM", &self.chromium);
        })?;
        Ok(log.lines().last().unwrap_or_default().to_string())
    }
}

/// Runs a script and returns its last line, which sums up.
pub fn node(run: &Run, log: &str, node: &Path, script: &Path, more: impl FnOnce(&mut Command)) -> Result<String> {
    let log = command(run, log, node, |c| {
        c.arg(script);
        more(c);
    })?;
    Ok(log.lines().last().unwrap_or_default().to_string())
}

static INSTALLED: Mutex<bool> = Mutex::new(false);

/// Installs what the scripts ask for. Returns Node.js and their folder, or what
/// is missing.
pub fn scripts(run: &Run) -> Result<Result<(PathBuf, PathBuf), &'static str>> {
    let Some(node) = find("node") else {
        return Ok(Err("no Node.js on the PATH: install it"));
    };
    let Some(npm) = find("npm") else {
        return Ok(Err("no npm on the PATH: install it"));
    };
    let scripts = run.root.join("ci/browser");
    // Once, because a step in the other lane may use the folder meanwhile.
    let mut installed = INSTALLED.lock().unwrap_or_else(PoisonError::into_inner);
    if *installed {
        return Ok(Ok((node, scripts)));
    }
    command(run, "browser-install", &npm, |c| {
        c.current_dir(&scripts);
        c.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]);
    })?;
    *installed = true;
    Ok(Ok((node, scripts)))
}

/// The chapters' pages, from the book's root.
pub fn page_names(book: &Source) -> impl Iterator<Item = String> {
    book.chapters.iter().map(|(path, _)| page_of(path))
}

/// Sorts pages of the book in `folder` by their weight, the heaviest first.
pub fn heaviest_first(folder: &Path, pages: &mut [String]) {
    let size = |page: &String| std::fs::metadata(folder.join(page)).map_or(0, |page| page.len());
    pages.sort_by_key(|page| std::cmp::Reverse(size(page)));
}

/// The pages of a few programs, as all are made alike: of the longest, of one
/// with the longest link to the playground and one with none, of one with a
/// window, and of a step with its tests.
pub fn pages_of_programs(book: &Source) -> Result<BTreeSet<String>> {
    let all = programs(book)?;
    let longest = all.iter().max_by_key(|it| it.text.len());
    let length = |it: &&Program| it.playground.as_ref().map_or(0, String::len);
    let linked = all.iter().max_by_key(length);
    let lacks = |it: &&Program| matches!(it.playground, Err(NoLink::Crates(_)));
    let lacking = all.iter().find(lacks);
    let window = all.iter().find(|it| it.has_window());
    let step = all.iter().find(|it| matches!(it.kind, Kind::Tests(..)));
    let few = [longest, linked, lacking, window, step].into_iter().flatten();
    Ok(few.map(|it| it.published.file.clone()).collect())
}

/// Serves `folder` on a free port of loopback until the process ends.
pub fn serve_in_background(folder: &Path) -> Result<String> {
    let (server, url) = serve::listen(0)?;
    let pages = serve::Served::folder(folder);
    // It ends with the process.
    thread::spawn(move || serve::answer_all(&server, &pages));
    Ok(url)
}
