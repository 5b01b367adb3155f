//! The book to take along: an archive of its pages, which opens without a
//! server, and an EPUB.

pub(super) mod archive;
mod epub;
mod xhtml;

use std::thread;

use anyhow::{Result, anyhow};

use super::folder::Output;
use crate::read::source::Source;
use crate::site::OfflineFiles;

pub use archive::unpack;

/// Adds the archive and the EPUB of the book whose files `output` has. The same
/// files give the same bytes.
///
/// # Errors
/// When a page or the cover's picture is missing, or a file of the theme.
pub fn add(source: &Source, output: &mut Output) -> Result<()> {
    let names = OfflineFiles::of(&source.site.title);
    let files = &*output;
    let (zipped, epub) = thread::scope(|scope| {
        let zipped = scope.spawn(|| archive::archive(files, &names));
        let epub = epub::epub(source, files);
        let stopped = |_| Err(anyhow!("packing the archive panicked"));
        (zipped.join().unwrap_or_else(stopped), epub)
    });
    output.insert(names.archive, zipped?);
    output.insert(names.epub, epub?);
    Ok(())
}
