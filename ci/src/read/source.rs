//! The book read from disk.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use mdbook_driver::MDBook;
use mdbook_driver::book::{BookItem, Chapter};
use mdbook_driver::config::Config;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::chapter::{Expanded, Expander};
use crate::problem::Problem;
use crate::site::{self, Entry, Site};

/// A book read from disk, with every chapter expanded.
pub struct Source {
    /// The folder of `book.toml`.
    pub root: PathBuf,
    /// The chapters in the order of `SUMMARY.md`: path below `src`, result.
    pub chapters: Vec<(PathBuf, Expanded)>,
    /// The chapters' folder, relative to the root.
    pub src: PathBuf,
    /// The table of contents.
    pub contents: Vec<Entry>,
    /// What `book.toml` says about the book.
    pub book: Site,
    pub(crate) expander: Arc<Expander>,
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
            bail!(
                "there is no book.toml in {}: run this in the repository",
                root.display()
            );
        }
        let mut config = Config::from_disk(&toml)
            .with_context(|| format!("{}", toml.display()))?;
        // A chapter that is not there is a mistake, not a wish.
        config.build.create_missing = false;
        let src = config.book.src.clone();
        let repository =
            config.html_config().and_then(|html| html.git_repository_url);
        let expander = Arc::new(Expander::new(root, &src, repository));
        let book = MDBook::load_with_config(root, config.clone())
            .map_err(|why| missing_chapter(&src, why))?;
        let about = Site::read(&config)?;
        let (mut written, mut part) = (Vec::new(), None);
        for item in book.iter() {
            match item {
                BookItem::PartTitle(title) => part = Some(title.clone()),
                BookItem::Chapter(Chapter {
                    name,
                    path: Some(path),
                    content,
                    ..
                }) => written.push((path, name, part.clone(), content)),
                _ => {}
            }
        }
        let expanded = |(path, title, part, content): (
            &PathBuf,
            &String,
            Option<String>,
            &String,
        )| {
            let mut expanded = expander.expand(path, content);
            expanded.title = title.clone();
            expanded.part = part;
            (path.clone(), expanded)
        };
        let chapters = written.into_par_iter().map(expanded).collect();
        Ok(Source {
            root: root.to_path_buf(),
            chapters,
            src,
            contents: site::contents(&book.book),
            book: about,
            expander,
            config,
        })
    }

    /// Every mistake in the chapters, in the order of the book.
    pub fn problems(&self) -> Vec<Problem> {
        let each = self.chapters.iter().flat_map(|(_, c)| &c.problems);
        each.cloned().collect()
    }
}

/// mdBook names the missing file but not the line that asks for it.
fn missing_chapter(src: &Path, why: anyhow::Error) -> anyhow::Error {
    let text = format!("{why:#}");
    anyhow::anyhow!("{}: {text}", src.join("SUMMARY.md").display())
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
        .with_context(|| {
            format!(
                "no book.toml in {} or above: run this in the repository",
                here.display()
            )
        })
}
