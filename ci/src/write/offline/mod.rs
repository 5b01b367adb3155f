//! The book to take along: an archive of its pages, which opens without a
//! server, and an EPUB.

mod archive;
mod epub;
mod xhtml;

use std::fs;
use std::path::Path;
use std::thread;

use anyhow::{Context as _, Result, anyhow};

use crate::site::{Entry, OfflineFiles, Site};

pub use archive::unpack;

/// What both files are made of.
pub struct Offline<'a> {
    /// The repository.
    pub root: &'a Path,
    /// What `book.toml` says.
    pub book: &'a Site,
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
    let files = OfflineFiles::of(&with.book.title);
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
