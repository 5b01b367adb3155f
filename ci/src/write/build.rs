//! From the chapters to the files: mdBook renders, this adds what it cannot.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use mdbook_driver::MDBook;
use mdbook_driver::book::Book;
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};
use regex::Regex;

use super::offline::{self, Offline};
use super::{outside, page};
use crate::problem;
use crate::read::chapter::Expander;
use crate::read::history;
use crate::read::source::Source;
use crate::site::OfflineFiles;

/// How the book is written.
#[derive(Debug, Default, Clone)]
pub struct Options {
    /// Another folder than `book.toml`'s `build-dir`.
    pub destination: Option<PathBuf>,
    /// Whether a changed page reloads: when it is served to an author.
    pub live_reload: bool,
}

impl Source {
    /// Writes the book. Returns the folder it is in and how many pages it has.
    ///
    /// # Errors
    /// The mistakes in the chapters, one a line, before anything is written;
    /// or what mdBook or the file system refuses.
    pub fn build(&self, options: &Options) -> Result<(PathBuf, usize)> {
        let problems = self.problems();
        if !problems.is_empty() {
            bail!("{}", problem::lines(&problems).trim_end());
        }
        let mut config = self.config.clone();
        if let Some(folder) = &options.destination {
            config.build.build_dir = folder.clone();
        }
        config.set("output.html.search.enable", false)?;
        // The setting is the whole address, of which mdBook wants the path. The
        // live server has the book at its root.
        let path = match options.live_reload {
            true => "/",
            false => self.book.address.path(),
        };
        config.set("output.html.site-url", path)?;
        // Ours must see the includes before mdBook resolves them, and the
        // diagrams after mdbook-mermaid has found them.
        config.set("preprocessor.expanded.before", ["links"])?;
        config.set("preprocessor.mermaid.after", ["links"])?;
        config.set("preprocessor.drawn.after", ["mermaid"])?;
        let folder = self.root.join(&config.build.build_dir);
        let mut book = MDBook::load_with_config(&self.root, config)?;
        let drawn = Rc::new(RefCell::new(Vec::new()));
        book.with_preprocessor(Listings(
            self.chapters
                .iter()
                .map(|(path, c)| (path.clone(), c.content.clone()))
                .collect(),
        ));
        book.with_preprocessor(mdbook_mermaid::Mermaid);
        book.with_preprocessor(Diagrams {
            expander: self.expander.clone(),
            drawn: drawn.clone(),
        });
        book.build()?;
        // Who edits the book reads it where it is served.
        let offline =
            (!options.live_reload).then(|| OfflineFiles::of(&self.book.title));
        let pages = page::finish(
            &folder,
            &page::Finish {
                root: &self.root,
                drawn: &drawn.borrow(),
                contents: &self.contents,
                live: options.live_reload,
                offline: offline.as_ref(),
                redirects: &self.book.redirects,
            },
        )?;
        outside::finish(&folder, self)?;
        if offline.is_some() {
            let changed = history::changed(&self.root, &self.src);
            let with = Offline {
                root: &self.root,
                book: &self.book,
                contents: &self.contents,
                changed: changed.into_values().max(),
            };
            offline::finish(&folder, &with)?;
        }
        Ok((folder, pages))
    }

    /// Builds as `mdbook build` would, with nothing of ours but the fences
    /// that mdbook-mermaid turns into blocks.
    ///
    /// # Errors
    /// What mdBook refuses.
    pub fn build_plain(&self, destination: &Path) -> Result<()> {
        let mut config = self.config.clone();
        config.build.build_dir = destination.to_path_buf();
        let mut book = MDBook::load_with_config(&self.root, config)?;
        book.with_preprocessor(mdbook_mermaid::Mermaid);
        book.build()
    }
}

/// Hands mdBook the expanded chapters.
struct Listings(BTreeMap<PathBuf, String>);

impl Preprocessor for Listings {
    fn name(&self) -> &str {
        "expanded"
    }

    fn run(&self, _: &PreprocessorContext, mut book: Book) -> Result<Book> {
        book.for_each_chapter_mut(|chapter| {
            let path = chapter.path.as_ref();
            if let Some(content) = path.and_then(|path| self.0.get(path)) {
                chapter.content = content.clone();
            }
        });
        Ok(book)
    }
}

/// Puts a placeholder where mdbook-mermaid left a diagram: mdBook would parse
/// and rewrite the SVG, so it is put in afterwards.
struct Diagrams {
    expander: Arc<Expander>,
    drawn: Rc<RefCell<Vec<String>>>,
}

impl Preprocessor for Diagrams {
    fn name(&self) -> &str {
        "drawn"
    }

    fn run(&self, _: &PreprocessorContext, mut book: Book) -> Result<Book> {
        let block = Regex::new(
            "(?s)<figure class=\"drawing\" data-diagram=\"([^\"]+)\">\\s*\
             <pre class=\"mermaid\">(.*?)</pre>",
        )?;
        let mut failed = None;
        let mut place = |found: &regex::Captures<'_>| {
            let source = html_escape::decode_html_entities(&found[2]);
            let drawing = self.expander.draw(source.trim_end(), &found[1]);
            let mut drawn = self.drawn.borrow_mut();
            match &*drawing {
                Ok(svg) => drawn.push(svg.clone()),
                Err(why) => failed = Some(format!("{}: {why}", &found[1])),
            }
            let n = drawn.len().saturating_sub(1);
            format!("<figure class=\"drawing\">\n{}\n", page::placeholder(n))
        };
        book.for_each_chapter_mut(|chapter| {
            chapter.content =
                block.replace_all(&chapter.content, &mut place).into_owned();
        });
        match failed {
            Some(why) => bail!("{why}"),
            None => Ok(book),
        }
    }
}

/// Removes a folder that an earlier build left.
///
/// # Errors
/// When it is there and cannot be removed.
pub fn clear(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(why) if why.kind() != std::io::ErrorKind::NotFound => {
            Err(why).with_context(|| format!("{}", folder.display()))
        }
        _ => Ok(()),
    }
}
