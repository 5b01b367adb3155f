//! The book read from disk: `book.toml`, `SUMMARY.md` and the chapters.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use mdbook_driver::MDBook;
use mdbook_driver::book::{Book, BookItem};
use mdbook_driver::config::Config;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::chapter::{Chapter, ChapterReader};
use super::history;
use super::made::Made;
use super::marks::Tests;
use crate::draw::kept::Kept;
use crate::links::slashed;
use crate::problem::Problem;
use crate::site::{self, Entry, Site};

/// Where `cargo ci web` leaves the programs that a page runs.
pub const LIVE: &str = "target/web/live";

/// The book, with every chapter read.
pub struct Source {
    /// The folder of `book.toml`.
    pub root: PathBuf,
    /// Where the programs lie that a page runs.
    pub live: PathBuf,
    /// The chapters' folder, relative to the root.
    pub src: PathBuf,
    /// The chapters in the order of `SUMMARY.md`: path below `src`, result.
    pub chapters: Vec<(PathBuf, Chapter)>,
    /// The table of contents.
    pub contents: Vec<Entry>,
    /// What `book.toml` says about the book.
    pub site: Site,
    /// When each file of `src` changed last, in UTC, by its path from the root.
    pub changed: BTreeMap<String, String>,
    /// What is wrong with `SUMMARY.md` and with the names in it.
    summary_problems: Vec<Problem>,
    pub(crate) book: Book,
    pub(crate) config: Config,
}

impl Source {
    /// Reads `book.toml`, `SUMMARY.md` and every chapter it names.
    ///
    /// # Errors
    /// When one of them is missing or cannot be parsed. Mistakes within the
    /// chapters are not errors here: see [`Source::problems`].
    pub fn load(root: &Path) -> Result<Source> {
        let toml = root.join("book.toml");
        if !toml.is_file() {
            bail!("there is no book.toml in {}: run this in the repository", root.display());
        }
        let mut config = Config::from_disk(&toml).with_context(|| format!("{}", toml.display()))?;
        // A chapter that is not there is a mistake, not a wish.
        config.build.create_missing = false;
        let src = config.book.src.clone();
        // mdBook names a missing file, but not the one that asks for it.
        let summary = src.join("SUMMARY.md");
        let book = MDBook::load_with_config(root, config.clone())
            .map_err(|why| anyhow!("{}: {why:#}", summary.display()))?
            .book;
        let site = Site::read(&config)?;
        let reader = ChapterReader {
            root: root.to_path_buf(),
            src: src.clone(),
            repository: site.repository.clone(),
            tests: Tests::read(root),
            kept: Kept::below(&root.join("target/drawn")),
        };
        let (mut written, mut part) = (Vec::new(), None);
        let mut drafts = Vec::new();
        for item in book.iter() {
            match item {
                BookItem::PartTitle(title) => part = Some(title.clone()),
                BookItem::Chapter(chapter) => match &chapter.path {
                    Some(path) => written.push((path, part.clone(), chapter)),
                    None => drafts.push(chapter.name.clone()),
                },
                BookItem::Separator => {}
            }
        }
        let text = fs::read_to_string(root.join(&summary)).unwrap_or_default();
        let named: Vec<(&str, &Path)> = written.iter().map(|(path, _, chapter)| (&*chapter.name, &***path)).collect();
        let summary_problems = summary_problems(&text, &drafts, &named)
            .into_iter()
            .map(|(line, why)| Problem::new(&summary, line, why))
            .collect();
        let read = |(path, part, chapter): &(&PathBuf, Option<String>, &mdbook_driver::book::Chapter), made| Chapter {
            title: chapter.name.clone(),
            part: part.clone(),
            ..reader.read(path, &chapter.content, made)
        };
        let mut chapters: Vec<(PathBuf, Chapter)> =
            written.par_iter().map(|it| (it.0.clone(), read(it, None))).collect();
        if chapters.iter().any(|(_, chapter)| chapter.asks) {
            let made = Made::read(root, reader.tests.count(), chapters.iter().map(|(path, it)| (&**path, it)))?;
            for (it, (_, chapter)) in written.iter().zip(&mut chapters).filter(|(_, (_, chapter))| chapter.asks) {
                *chapter = read(it, Some(&made));
            }
        }
        Ok(Source {
            root: root.to_path_buf(),
            live: root.join(LIVE),
            chapters,
            contents: site::contents(&book),
            changed: history::changed(root, &src),
            src,
            site,
            summary_problems,
            book,
            config,
        })
    }

    /// Every mistake in the chapters, in the order of the book.
    pub fn problems(&self) -> Vec<Problem> {
        let each = self.chapters.iter().flat_map(|(_, c)| &c.problems);
        self.summary_problems.iter().chain(each).cloned().collect()
    }
}

/// What is wrong with the lines of `SUMMARY.md`: a chapter without a file or
/// without a title, and a name that would not be one address on every system.
fn summary_problems(text: &str, drafts: &[String], chapters: &[(&str, &Path)]) -> Vec<(usize, String)> {
    let line = |what: &str| text.lines().position(|line| line.contains(what)).map_or(0, |n| n + 1);
    let mut problems = Vec::new();
    for title in drafts {
        let why = format!("`{title}` has no page, and the book shows no plans: name its file, or remove the line");
        problems.push((line(&format!("[{title}]()")), why));
    }
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_/".contains(c);
    for (title, path) in chapters {
        let name = slashed(path);
        if title.trim().is_empty() {
            let why = format!("`{name}` has no title: write it in the brackets");
            problems.push((line(&name), why));
        }
        let stem = name.strip_suffix(".md").unwrap_or(&name);
        let reserved = ["print", "404", "toc"].contains(&stem);
        if !stem.chars().all(plain) || stem.is_empty() || reserved {
            let file = name.rsplit('/').next().unwrap_or_default();
            let why = format!(
                "`{name}` cannot be the name of a page: use small letters (a to z), digits, `-` and `_` (a part's \
                 first page is `index.md`)"
            );
            problems.push((line(file), why));
        }
    }
    problems
}

/// The root of the repository: the nearest folder upwards with a `book.toml`.
///
/// # Errors
/// When there is none.
pub fn root() -> Result<PathBuf> {
    let here = std::env::current_dir()?;
    here.ancestors()
        .find(|folder| folder.join("book.toml").is_file())
        .map(Path::to_path_buf)
        .with_context(|| format!("no book.toml in {} or above: run this in the repository", here.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_and_an_odd_name_are_named_with_their_line() {
        let text = "# Summary\n\n- [Planned]()\n- [R](part/README.md)\n\
                    - [A](part/a&b.md)\n- [T](<part/two words.md>)\n";
        let paths = ["part/README.md", "part/a&b.md", "part/two words.md"];
        let named = paths.map(|path| ("X", Path::new(path)));
        let found = summary_problems(text, &["Planned".into()], &named);
        let lines: Vec<usize> = found.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [3, 4, 5, 6], "{found:?}");
        assert!(found[1].1.contains("`index.md`"), "{found:?}");
        let fine = ["index.md", "part/index.md", "a/b-c_2.md"];
        let fine = fine.map(|path| ("X", Path::new(path)));
        assert_eq!(summary_problems("", &[], &fine), []);
        let untitled = [("", Path::new("a.md"))];
        let found = summary_problems("\n- [](a.md)\n", &[], &untitled);
        assert!(found[0].1.starts_with("`a.md` has no title"), "{found:?}");
        assert_eq!(found[0].0, 2);
    }
}
