//! Every page in Chromium.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::thread;

use anyhow::Result;

use super::run::{Passed, Run, built, logs, needed};
use super::seen::Seen;
use crate::disk;
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
    let browser = Browser::find(run)?;
    let seen = Seen::by(run, "browser", browser.version(run)?);
    // A check that finds none of the mistakes made for it proves nothing.
    let selftest = || sum_of(run, "browser-selftest", &mut browser.script(run, "selftest.mjs"));
    let found = once(&seen, "selftest.mjs", "", selftest)?;
    let (folder, book) = built(run)?;
    let mut pages: Vec<String> = page_names(&book).collect();
    pages.extend(pages_of_programs(&book)?);
    let changed = Changed::of(&seen, &folder, &pages)?;
    let mut check = browser.script(run, "check.mjs");
    check.env("CHAPTERS", book.chapters.len().to_string());
    let said = sum_of(run, "browser", check.arg(serve_in_background(&folder)?).args(changed.names()))?;
    changed.passed(&seen);
    let unpacked = logs(&run.root).join("unpacked");
    disk::clear(&unpacked)?;
    let files = OfflineFiles::of(&book.site.title);
    let unpacked = offline::unpack(&folder, &files, &unpacked)?;
    let mut check = browser.script(run, "offline.mjs");
    let offline = sum_of(run, "browser-offline", check.arg(unpacked).args(&pages))?;
    Passed::note(format!("{said}{}; {offline}; {found}", changed.note()))
}

/// What `check` said of `what`, now or when it passed before.
fn once(seen: &Seen, name: &str, what: &str, check: impl FnOnce() -> Result<String>) -> Result<String> {
    if seen.has(name, what) {
        return Ok(format!("{name} passed before"));
    }
    let said = check()?;
    seen.keep(name, what);
    Ok(said)
}

/// The pages that a step has to look at: the first, which stands for what all have alike, and those that are not as
/// they were when they passed. A page names its style and scripts by what is in them.
pub struct Changed {
    pages: Vec<(String, String)>,
    passed_before: usize,
}

impl Changed {
    pub fn of(seen: &Seen, folder: &Path, pages: &[String]) -> Result<Changed> {
        let mut changed = Vec::new();
        for (n, page) in pages.iter().enumerate() {
            let html = disk::text(&folder.join(page))?;
            if n == 0 || !seen.has(page, &html) {
                changed.push((page.clone(), html));
            }
        }
        let passed_before = pages.len() - changed.len();
        Ok(Changed { pages: changed, passed_before })
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.pages.iter().map(|(name, _)| name.as_str())
    }

    pub fn passed(&self, seen: &Seen) {
        self.pages.iter().for_each(|(name, html)| seen.keep(name, html));
    }

    pub fn note(&self) -> String {
        match self.passed_before {
            0 => String::new(),
            n => format!(", {n} passed before"),
        }
    }
}

/// Chromium, and what runs its scripts.
pub struct Browser {
    chromium: PathBuf,
    scripts: Scripts,
}

impl Browser {
    pub fn find(run: &Run) -> Result<Browser> {
        let chromium = needed(&["chromium", "chromium-browser", "google-chrome"], "chromium")?;
        Ok(Browser { chromium, scripts: Scripts::install(run)? })
    }

    /// Words that change with Chromium and the scripts.
    pub fn version(&self, run: &Run) -> Result<String> {
        let mut version = run.said("browser-version", run.program(&self.chromium).arg("--version"))?;
        // Without the packages, which the lock among these files names.
        let entries = fs::read_dir(&self.scripts.folder)?.collect::<Result<Vec<_>, _>>()?;
        let mut files: Vec<PathBuf> = entries.iter().map(fs::DirEntry::path).filter(|path| path.is_file()).collect();
        files.sort();
        for file in files {
            version += &disk::text(&file)?;
        }
        Ok(version)
    }

    /// A script that finds Chromium.
    pub fn script(&self, run: &Run, name: &str) -> Command {
        let mut node = self.scripts.script(run, name);
        node.env("CHROMIUM", &self.chromium);
        node
    }
}

static INSTALLED: Mutex<bool> = Mutex::new(false);

/// What runs the scripts of `ci/browser`.
pub struct Scripts {
    node: PathBuf,
    folder: PathBuf,
}

impl Scripts {
    /// Installs the packages that they ask for.
    pub fn install(run: &Run) -> Result<Scripts> {
        let node = needed(&["node"], "nodejs")?;
        let npm = needed(&["npm"], "npm")?;
        let folder = run.root.join("ci/browser");
        // Once, because a step in the other lane may use the folder meanwhile.
        let mut installed = INSTALLED.lock().unwrap_or_else(PoisonError::into_inner);
        if !*installed {
            let install = ["ci", "--no-audit", "--no-fund", "--ignore-scripts"];
            run.said("browser-install", run.program(npm).current_dir(&folder).args(install))?;
            *installed = true;
        }
        Ok(Scripts { node, folder })
    }

    pub fn script(&self, run: &Run, name: &str) -> Command {
        let mut node = run.program(&self.node);
        node.arg(self.folder.join(name));
        node
    }
}

/// Runs a script and returns its last line, which sums up.
pub fn sum_of(run: &Run, log: &str, script: &mut Command) -> Result<String> {
    let log = run.said(log, script)?;
    Ok(log.lines().last().unwrap_or_default().to_string())
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
