//! What `{{#include path:anchor}}` names, read strictly. mdBook logs a missing
//! file and shows nothing for a missing anchor; here both are errors.

use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::links::slashed;

patterns! {
    /// Either of the two below.
    MARK = r"ANCHOR(?:_END)?:";
    ANCHOR = r"ANCHOR:\s*([\w-]+)";
    ANCHOR_END = r"ANCHOR_END:\s*([\w-]+)";
}

/// A file, or the part of it between two anchor comments.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Target {
    /// Relative to the book's root, with `/`.
    pub file: String,
    /// The anchor, or the whole file.
    pub anchor: Option<String>,
}

impl Target {
    /// Resolves `path` or `path:anchor` against `folder`, itself relative to
    /// the root.
    ///
    /// # Errors
    /// When it names lines, or leaves the repository.
    pub fn parse(folder: &Path, argument: &str) -> Result<Target, String> {
        let (path, anchor) = match argument.split_once(':') {
            Some((path, anchor)) => (path, Some(anchor)),
            None => (argument, None),
        };
        if let Some(a) = anchor
            && (a.is_empty() || a.contains(':') || a.parse::<usize>().is_ok())
        {
            return Err(format!(
                "`{argument}` names lines, which move; name an anchor (`// ANCHOR: name` … `// ANCHOR_END: name`)"
            ));
        }
        let mut file = PathBuf::new();
        for part in folder.join(path).components() {
            match part {
                Component::ParentDir if file.pop() => {}
                Component::ParentDir => {
                    return Err(format!("`{path}` is outside of the repository"));
                }
                Component::Normal(name) => file.push(name),
                _ => {}
            }
        }
        Ok(Target { file: slashed(&file), anchor: anchor.map(str::to_string) })
    }
}

/// The text a target names, without its anchor comments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Lines joined with `\n`, no newline at the end, common indent removed.
    pub text: String,
    /// First line in the file, counted from 1.
    pub first: usize,
    /// Last line in the file.
    pub last: usize,
}

/// Reads what `target` names.
///
/// # Errors
/// When the file or the anchor is missing, or the anchor is empty.
pub fn take(root: &Path, target: &Target) -> Result<Taken, String> {
    let file = &target.file;
    let text = fs::read_to_string(root.join(file));
    let text = text.map_err(|why| match why.kind() {
        std::io::ErrorKind::NotFound => format!("there is no file `{file}`"),
        _ => format!("`{file}` cannot be read: {why}"),
    })?;
    let mut inside = target.anchor.is_none();
    let mut taken: Vec<(usize, &str)> = Vec::new();
    let (mut opened, mut closed) = (false, false);
    for (n, line) in text.lines().enumerate() {
        // Most lines are none, and a pattern takes far longer to say so.
        if !line.contains("ANCHOR") {
            if inside {
                taken.push((n + 1, line));
            }
            continue;
        }
        if let Some(mark) = MARK.find(line)
            && line[..mark.start()].contains(char::is_alphanumeric)
        {
            let (line, mark) = (n + 1, mark.as_str());
            return Err(format!(
                "`{file}:{line}` has code beside `{mark}`, which would not be \
                 shown: the comment belongs on a line of its own"
            ));
        }
        if let Some(end) = ANCHOR_END.captures(line) {
            if inside && Some(&end[1]) == target.anchor.as_deref() {
                (inside, closed) = (false, true);
            }
        } else if let Some(start) = ANCHOR.captures(line) {
            if Some(&start[1]) == target.anchor.as_deref() {
                if opened {
                    let (line, name) = (n + 1, &start[1]);
                    return Err(format!("`{file}:{line}` opens the anchor `{name}` a second time"));
                }
                (inside, opened) = (true, true);
            }
        } else if inside {
            taken.push((n + 1, line));
        }
    }
    if let Some(anchor) = &target.anchor {
        if !opened {
            return Err(format!("`{}` has no anchor `{anchor}`", target.file));
        }
        if !closed {
            return Err(format!("`{}` opens the anchor `{anchor}` and never closes it", target.file));
        }
    }
    let blank = |line: &str| line.trim().is_empty();
    while taken.last().is_some_and(|(_, l)| blank(l)) {
        taken.pop();
    }
    let skip = taken.iter().take_while(|(_, l)| blank(l)).count();
    taken.drain(..skip);
    let (Some(&(first, _)), Some(&(last, _))) = (taken.first(), taken.last()) else {
        return Err(format!("`{}` gives no text", target.file));
    };
    let indent = taken
        .iter()
        .filter(|(_, l)| !blank(l))
        .map(|(_, l)| l.len() - l.trim_start_matches(' ').len())
        .min()
        .unwrap_or(0);
    let text: Vec<&str> = taken.iter().map(|(_, l)| l.get(indent..).unwrap_or("").trim_end()).collect();
    Ok(Taken { text: text.join("\n"), first, last })
}

/// The anchors a file defines, with the line of each.
pub fn anchors(text: &str) -> Vec<(String, usize)> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| line.contains("ANCHOR"))
        .filter_map(|(n, line)| ANCHOR.captures(line).map(|c| (c[1].to_string(), n + 1)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("a.rs"), text).unwrap();
        dir
    }

    fn target(anchor: Option<&str>) -> Target {
        Target { file: "a.rs".into(), anchor: anchor.map(Into::into) }
    }

    #[test]
    fn an_anchor_gives_its_lines_without_indent_or_inner_anchors() {
        let dir = file(
            "one\n    // ANCHOR: a\n    two {\n    // ANCHOR: b\n        \
             three\n    // ANCHOR_END: b\n    }\n    // ANCHOR_END: a\n",
        );
        let taken = take(dir.path(), &target(Some("a"))).unwrap();
        assert_eq!(taken.text, "two {\n    three\n}");
        assert_eq!((taken.first, taken.last), (3, 7));
    }

    #[test]
    fn a_missing_anchor_is_named() {
        let dir = file("fn main() {}\n");
        let why = take(dir.path(), &target(Some("gone"))).unwrap_err();
        assert_eq!(why, "`a.rs` has no anchor `gone`");
    }

    #[test]
    fn an_anchor_that_never_closes_is_named() {
        let dir = file("// ANCHOR: a\nfn main() {}\n");
        let why = take(dir.path(), &target(Some("a"))).unwrap_err();
        assert!(why.contains("never closes"), "{why}");
    }

    #[test]
    fn lines_are_refused_because_they_move() {
        let why = Target::parse(Path::new("src"), "a.rs:3").unwrap_err();
        assert!(why.contains("anchor"), "{why}");
    }

    #[test]
    fn a_path_cannot_leave_the_repository() {
        let why = Target::parse(Path::new("src"), "../../x.rs").unwrap_err();
        assert!(why.contains("outside"), "{why}");
    }

    #[test]
    fn a_line_that_is_code_and_anchor_is_refused() {
        let dir = file("// ANCHOR: a\nlet x = 1; // ANCHOR: b\n// ANCHOR_END: a\n");
        let why = take(dir.path(), &target(Some("a"))).unwrap_err();
        assert!(why.starts_with("`a.rs:2` has code beside `ANCHOR:`"), "{why}");
    }
}
