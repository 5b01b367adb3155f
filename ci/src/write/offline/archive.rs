//! The archive: the pages as they are, but for what no page on a disk may do.

use std::fs::File;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::super::folder::Output;
use super::super::live::FOLDER;
use crate::site::OfflineFiles;

/// What has no use without a server: the page for addresses that lead nowhere,
/// what crawlers and feed readers ask for, the pictures that are shown for
/// links, and programs, which are modules.
const ONLINE: [&str; 6] = ["404.html", "cards/", "feed.xml", FOLDER, "robots.txt", "sitemap.xml"];

patterns! {
    /// What a browser refuses to a page on a disk, and what leads out of the
    /// archive: the font that is fetched ahead with CORS, the feed, the line that
    /// offers the archive, and the button of a program with what its page may do.
    REFUSED =
        r#"<link rel="(?:preload|alternate)"[^>]*>\n?|<p class="offline">.*?</p>|<div class="ask">.*?</div>| data-live="[^"]*"| 'wasm-unsafe-eval'"#;
}

/// The bytes of a zip file that grows by one file at a time.
pub struct Zip(ZipWriter<Cursor<Vec<u8>>>);

impl Zip {
    pub fn new() -> Zip {
        Zip(ZipWriter::new(Cursor::default()))
    }

    /// Adds a file; `how` is whether and how it is made smaller. Its time is
    /// always the same.
    pub fn add(&mut self, name: &str, bytes: &[u8], how: CompressionMethod) -> Result<()> {
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
pub fn compression(name: &str) -> CompressionMethod {
    match name.ends_with(".png") || name.ends_with(".woff2") {
        true => CompressionMethod::Stored,
        false => CompressionMethod::Deflated,
    }
}

/// The archive of the book's `files`.
pub fn archive(files: &Output, names: &OfflineFiles) -> Result<Vec<u8>> {
    let inside = names.archive.trim_end_matches(".zip");
    let mut zip = Zip::new();
    for (name, bytes) in files {
        let is_online = |online: &&str| match online.ends_with('/') {
            true => name.starts_with(*online),
            false => name == *online,
        };
        let is_ours = *name == names.archive || *name == names.epub;
        if is_ours || ONLINE.iter().any(is_online) {
            continue;
        }
        let shown = String::from_utf8_lossy(bytes);
        let bytes = match name.ends_with(".html") {
            true => REFUSED.replace_all(&shown, "").into_owned().into_bytes(),
            false => bytes.clone(),
        };
        zip.add(&format!("{inside}/{name}"), &bytes, compression(name))?;
    }
    zip.bytes()
}

/// Unpacks the archive of the book in `folder` below `to`, and returns the
/// folder that came out.
///
/// # Errors
/// When there is no archive, or it cannot be unpacked.
pub fn unpack(folder: &Path, files: &OfflineFiles, to: &Path) -> Result<PathBuf> {
    let path = folder.join(&files.archive);
    let file = File::open(&path).with_context(|| path.display().to_string())?;
    ZipArchive::new(file)?.extract(to)?;
    Ok(to.join(files.archive.trim_end_matches(".zip")))
}
