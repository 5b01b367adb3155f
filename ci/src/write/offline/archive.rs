//! The archive: the pages as they are, but for what no page on a disk may do.

use std::fs::{self, File};
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use anyhow::{Context as _, Result};
use regex::Regex;
use walkdir::WalkDir;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use crate::site::OfflineFiles;

/// What has no use without a server: the page for addresses that lead nowhere,
/// what crawlers and feed readers ask for, and the pictures that are shown for
/// links.
const ONLINE: [&str; 5] =
    ["404.html", "cards/", "feed.xml", "robots.txt", "sitemap.xml"];

/// What a browser refuses to a page on a disk, and what leads out of the
/// archive: the font that is fetched ahead with CORS, the feed, and the line
/// that offers the archive.
static REFUSED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"<link rel="(?:preload|alternate)"[^>]*>\n?|<p class="offline">.*?</p>"#,
    )
    .expect("a pattern")
});

/// The bytes of a zip file that grows by one file at a time.
pub struct Zip(ZipWriter<Cursor<Vec<u8>>>);

impl Zip {
    pub fn new() -> Zip {
        Zip(ZipWriter::new(Cursor::default()))
    }

    /// Adds a file; `how` is whether and how it is made smaller. Its time is
    /// always the same.
    pub fn add(
        &mut self,
        name: &str,
        bytes: &[u8],
        how: CompressionMethod,
    ) -> Result<()> {
        let options = SimpleFileOptions::default()
            .compression_method(how)
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644);
        self.0.start_file(name, options)?;
        self.0.write_all(bytes).with_context(|| name.to_string())
    }

    pub fn bytes(self) -> Result<Vec<u8>> {
        Ok(self.0.finish()?.into_inner())
    }
}

/// What is small already is stored as it is.
pub fn how(name: &str) -> CompressionMethod {
    match name.ends_with(".png") || name.ends_with(".woff2") {
        true => CompressionMethod::Stored,
        false => CompressionMethod::Deflated,
    }
}

/// The archive of the book in `folder`.
pub fn of(folder: &Path, files: &OfflineFiles) -> Result<Vec<u8>> {
    let inside = files.archive.trim_end_matches(".zip");
    let mut zip = Zip::new();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = entry?;
        let name = entry.path().strip_prefix(folder)?.to_string_lossy();
        let name = name.replace('\\', "/");
        let left_out = name == files.archive
            || name == files.epub
            || ONLINE.iter().any(|online| match online.ends_with('/') {
                true => name.starts_with(online),
                false => name == *online,
            });
        if left_out || !entry.file_type().is_file() {
            continue;
        }
        let mut bytes = fs::read(entry.path()).with_context(|| name.clone())?;
        if name.ends_with(".html") {
            let html = String::from_utf8_lossy(&bytes);
            bytes = REFUSED.replace_all(&html, "").into_owned().into_bytes();
        }
        zip.add(&format!("{inside}/{name}"), &bytes, how(&name))?;
    }
    zip.bytes()
}

/// Unpacks the archive of the book in `folder` below `to`, and returns the
/// folder that came out.
///
/// # Errors
/// When there is no archive, or it cannot be unpacked.
pub fn unpack(
    folder: &Path,
    files: &OfflineFiles,
    to: &Path,
) -> Result<PathBuf> {
    let path = folder.join(&files.archive);
    let file = File::open(&path).with_context(|| path.display().to_string())?;
    ZipArchive::new(file)?.extract(to)?;
    Ok(to.join(files.archive.trim_end_matches(".zip")))
}
