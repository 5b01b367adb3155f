//! The book to take along: an archive of its pages, which opens without a
//! server, and an EPUB.

mod archive;
mod check;
mod epub;
mod xhtml;

use std::fs;
use std::path::Path;
use std::thread;

use anyhow::{Context as _, Result, anyhow};

use crate::frame::Entry;
use crate::linked;

pub use archive::unpack;
pub use check::check;

/// Names of the two files, below the book's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    /// `from-poll-to-pixel.zip`, with one folder of that name in it.
    pub archive: String,
    /// `from-poll-to-pixel.epub`.
    pub epub: String,
}

impl Files {
    /// Named as the book is.
    pub fn of(title: &str) -> Files {
        let words = title.split(|c: char| !c.is_ascii_alphanumeric());
        let words = words.filter(|word| !word.is_empty());
        let name = words.collect::<Vec<_>>().join("-").to_ascii_lowercase();
        let name = if name.is_empty() { "book".into() } else { name };
        Files { archive: format!("{name}.zip"), epub: format!("{name}.epub") }
    }

    /// What a page says where its chapter has the comment `<!-- offline -->`;
    /// `root` leads from the page to the book's folder.
    pub fn line(&self, root: &str) -> String {
        let Files { archive, epub } = self;
        format!(
            "<p class=\"offline\">To read the book offline without building \
             it, take <a href=\"{root}{archive}\" download>its pages in one \
             archive</a> or <a href=\"{root}{epub}\" download>the EPUB</a>.\
             </p>"
        )
    }
}

/// What both files are made of.
pub struct Offline<'a> {
    /// The repository.
    pub root: &'a Path,
    /// What `book.toml` says.
    pub book: &'a linked::Book,
    /// The table of contents.
    pub contents: &'a [Entry],
    /// When the book changed last, in UTC, where that is known.
    pub changed: Option<String>,
}

/// Writes the archive and the EPUB of the built book in `folder` into it. The
/// same pages give the same bytes.
///
/// # Errors
/// When a page or the cover's picture is missing, or a file cannot be read or
/// written.
pub fn finish(folder: &Path, with: &Offline<'_>) -> Result<()> {
    let files = Files::of(&with.book.title);
    let (zipped, epub) = thread::scope(|scope| {
        let zipped = scope.spawn(|| archive::of(folder, &files));
        let epub = epub::of(folder, with);
        let stopped = |_| Err(anyhow!("packing the archive panicked"));
        (zipped.join().unwrap_or_else(stopped), epub)
    });
    for (name, bytes) in [(files.archive, zipped?), (files.epub, epub?)] {
        fs::write(folder.join(&name), bytes).context(name)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_are_named_as_the_book_is() {
        let files = Files::of("From Poll to Pixel: 2nd, & more");
        assert_eq!(files.archive, "from-poll-to-pixel-2nd-more.zip");
        assert_eq!(files.epub, "from-poll-to-pixel-2nd-more.epub");
        assert_eq!(Files::of("本").epub, "book.epub");
    }
}
