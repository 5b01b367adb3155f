//! The folder that a build writes: only one that is empty, absent, or was
//! written by a build before. It is written beside and swapped in by renames, so
//! that a build that fails or is interrupted leaves the last good book.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};
use walkdir::WalkDir;

use crate::links::slashed;

/// The file that says which files of its folder a build wrote.
const MARKER: &str = ".written-by-cargo-book";

/// What a build writes: each file's name, with `/`, and its bytes.
pub type Output = BTreeMap<String, Vec<u8>>;

/// What the book is made of, below the repository's root.
pub const SOURCES: [&str; 6] = ["src", "listings", "proofs", "boundary", "exercises", "theme"];

/// A folder that a build may write.
#[derive(Debug)]
pub struct Destination {
    folder: PathBuf,
}

impl Destination {
    /// Looks at `folder`, for a build of the book in `root`.
    ///
    /// # Errors
    /// In one line that says what to do, when writing it would take away
    /// anything but the files of an earlier build.
    pub fn check(root: &Path, folder: &Path) -> Result<Destination> {
        let root = real(root)?;
        let folder = real(&root.join(folder))?;
        let shown = folder.display();
        let advice = "name a folder that is empty or not there yet, such as `--destination book`";
        ensure!(!root.starts_with(&folder), "{shown} holds the book's sources, which a build would replace: {advice}");
        for source in SOURCES.into_iter().chain(["ci", ".git"]) {
            ensure!(
                !folder.starts_with(root.join(source)),
                "{shown} is among the book's sources (`{source}`): {advice}"
            );
        }
        if folder.exists() && !folder.is_dir() {
            bail!("{shown} is a file: {advice}");
        }
        if let Some(foreign) = foreign_file(&folder)? {
            bail!("{shown} has files that no build wrote (`{foreign}`): move them away, or {advice}");
        }
        Ok(Destination { folder })
    }

    /// The folder, without links and `..`.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes `output` as the whole of the folder.
    ///
    /// # Errors
    /// When a file or folder cannot be written. What was there stays.
    pub fn write(&self, output: &Output) -> Result<()> {
        let parent = self.folder.parent().unwrap_or(&self.folder);
        fs::create_dir_all(parent).with_context(|| parent.display().to_string())?;
        let beside = tempfile::Builder::new()
            .prefix(".book-")
            .tempdir_in(parent)
            .with_context(|| parent.display().to_string())?;
        let (new, old) = (beside.path().join("new"), beside.path().join("old"));
        fs::create_dir(&new)?;
        let mut marker = String::new();
        for (name, bytes) in output {
            let path = new.join(name);
            let inside = |part| matches!(part, Component::Normal(_));
            ensure!(Path::new(name).components().all(inside), "`{name}` would be written outside of the book");
            fs::create_dir_all(path.parent().unwrap_or(&new))
                .and_then(|()| fs::write(&path, bytes))
                .with_context(|| name.clone())?;
            marker += name;
            marker.push('\n');
        }
        fs::write(new.join(MARKER), marker)?;
        match fs::rename(&self.folder, &old) {
            Err(why) if why.kind() != ErrorKind::NotFound => {
                Err(why).with_context(|| self.folder.display().to_string())
            }
            _ => fs::rename(&new, &self.folder).map_err(|why| {
                // The last good book comes back.
                let _ = fs::rename(&old, &self.folder);
                anyhow::Error::from(why).context(self.folder.display().to_string())
            }),
        }
    }
}

/// A file of the folder that no build wrote.
fn foreign_file(folder: &Path) -> Result<Option<String>> {
    if !folder.exists() {
        return Ok(None);
    }
    let marker = fs::read_to_string(folder.join(MARKER)).unwrap_or_default();
    let ours: BTreeSet<&str> = marker.lines().collect();
    for entry in WalkDir::new(folder).min_depth(1).sort_by_file_name() {
        let entry = entry?;
        let name = slashed(entry.path().strip_prefix(folder)?);
        let is_ours = match entry.file_type().is_dir() {
            // A folder that is empty, or of which each file is looked at.
            true => entry.file_name() != ".git",
            false => name == MARKER || ours.contains(&*name),
        };
        if !is_ours {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

/// The path without links, `.` and `..`, as far as it exists.
fn real(path: &Path) -> Result<PathBuf> {
    let mut there = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(there.pop()),
            part => {
                there.push(part);
                match there.canonicalize() {
                    Ok(found) => there = found,
                    Err(why) if why.kind() == ErrorKind::NotFound => {}
                    Err(why) => {
                        return Err(why).with_context(|| there.display().to_string());
                    }
                }
            }
        }
    }
    Ok(there)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repository() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for name in ["root/src/a.md", "root/book.toml", "root/.git/config"] {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "mine").unwrap();
        }
        dir
    }

    fn output(files: &[&str]) -> Output {
        files.iter().map(|f| (f.to_string(), f.as_bytes().to_vec())).collect()
    }

    fn files(folder: &Path) -> Vec<String> {
        let all = WalkDir::new(folder).sort_by_file_name().into_iter();
        all.flatten()
            .filter(|entry| entry.file_type().is_file())
            .map(|entry| slashed(entry.path().strip_prefix(folder).unwrap()))
            .collect()
    }

    #[test]
    fn nothing_but_a_book_is_ever_replaced() {
        let dir = repository();
        let root = dir.path().join("root");
        fs::create_dir(dir.path().join("notes")).unwrap();
        fs::write(dir.path().join("notes/mine.txt"), "mine").unwrap();
        let before = files(dir.path());
        for (folder, why) in [
            (".", "holds the book's sources"),
            ("..", "holds the book's sources"),
            ("/", "holds the book's sources"),
            ("src/..", "holds the book's sources"),
            ("src", "among the book's sources (`src`)"),
            ("src/new/../new", "among the book's sources (`src`)"),
            ("theme", "among the book's sources (`theme`)"),
            (".git/book", "among the book's sources (`.git`)"),
            ("../notes", "no build wrote (`mine.txt`)"),
            ("book.toml", "is a file"),
        ] {
            let said = Destination::check(&root, Path::new(folder));
            let said = said.unwrap_err().to_string();
            assert!(said.contains(why), "{folder}: {said}");
            assert!(said.contains("name a folder") && !said.contains('\n'));
        }
        assert_eq!(files(dir.path()), before);
    }

    #[test]
    fn a_link_does_not_hide_where_a_folder_is() {
        #[cfg(unix)]
        {
            let dir = repository();
            let root = dir.path().join("root");
            let link = dir.path().join("link");
            std::os::unix::fs::symlink(&root, &link).unwrap();
            assert!(Destination::check(&root, &link).is_err());
            assert!(Destination::check(&root, &link.join("src")).is_err());
        }
    }

    #[test]
    fn a_book_is_replaced_as_a_whole_and_only_by_a_whole_one() {
        let dir = repository();
        let root = dir.path().join("root");
        let write = |names: &[&str]| {
            let book = Destination::check(&root, Path::new("a/book"))?;
            book.write(&output(names))
        };
        write(&["index.html", "part/one.html"]).unwrap();
        write(&["index.html", "part/two.html"]).unwrap();
        let book = root.join("a/book");
        assert_eq!(files(&book), [MARKER, "index.html", "part/two.html"]);
        // A file and a folder of one name cannot both be written.
        assert!(write(&["part", "part/three.html"]).is_err());
        assert_eq!(files(&book), [MARKER, "index.html", "part/two.html"]);
        assert_eq!(fs::read_dir(root.join("a")).unwrap().count(), 1);
        // As a redirect may name it.
        let why = write(&["index.html", "../../book.toml"]).unwrap_err();
        assert!(why.to_string().contains("outside of the book"), "{why}");
        assert_eq!(fs::read(root.join("book.toml")).unwrap(), b"mine");
    }

    #[test]
    fn what_was_put_into_a_book_is_named_before_it_is_lost() {
        let dir = repository();
        let root = dir.path().join("root");
        let check = || Destination::check(&root, Path::new("book"));
        check().unwrap().write(&output(&["index.html"])).unwrap();
        check().unwrap();
        fs::write(root.join("book/notes.txt"), "mine").unwrap();
        let why = check().unwrap_err().to_string();
        assert!(why.contains("(`notes.txt`): move them away"), "{why}");
        fs::remove_file(root.join("book/notes.txt")).unwrap();
        fs::create_dir(root.join("book/.git")).unwrap();
        assert!(check().unwrap_err().to_string().contains("(`.git`)"));
    }
}
