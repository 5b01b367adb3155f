//! Files: read with their name in what goes wrong, and found below a folder.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use walkdir::WalkDir;

/// The text of a file.
///
/// # Errors
/// When it cannot be read, with its path.
pub fn text(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| path.display().to_string())
}

/// The bytes of a file.
///
/// # Errors
/// When it cannot be read, with its path.
pub fn bytes(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| path.display().to_string())
}

/// The files below `folder` whose names end in `.{end}`, in order, without what
/// cargo compiled there. A folder that is not there has none.
pub fn below(folder: &Path, end: &str) -> impl Iterator<Item = PathBuf> {
    WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| entry.file_name() != "target")
        .filter_map(Result::ok)
        .map(walkdir::DirEntry::into_path)
        .filter(move |path| path.extension().is_some_and(|it| it == end))
}

/// Removes a folder that an earlier run left, if there is one.
///
/// # Errors
/// When it cannot be removed.
pub fn clear(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(why) if why.kind() != ErrorKind::NotFound => Err(why).with_context(|| folder.display().to_string()),
        _ => Ok(()),
    }
}

/// Whether an editor, a merge or the system left a file there: a lock, a backup, a
/// swap file. It is no part of the book.
pub fn is_left_over(name: &str) -> bool {
    let ends = [".bak", ".orig", ".rej", ".swp", ".tmp"];
    name.starts_with(['.', '#'])
        || name.ends_with(['~', '#'])
        || ends.iter().any(|end| name.ends_with(end))
        || name == "4913"
}
