//! What `{{#include path:anchor}}` names, read strictly. mdBook logs a missing
//! file and shows nothing for a missing anchor; here both are errors.

use std::fs;
use std::path::{Component, Path, PathBuf};

use regex::Captures;

use crate::links::slashed;

patterns! {
    /// What begins or ends the part of a file, and its name.
    MARK = r"(ANCHOR(_END)?:)\s*([\w-]+)";
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
    let anchor = target.anchor.as_deref();
    let (mut inside, mut opened, mut closed) = (anchor.is_none(), false, false);
    let mut taken: Vec<(usize, &str)> = Vec::new();
    for (n, line) in (1..).zip(text.lines()) {
        let Some(mark) = mark(line) else {
            if inside {
                taken.push((n, line));
            }
            continue;
        };
        if line.split("ANCHOR").next().is_some_and(|before| before.contains(char::is_alphanumeric)) {
            return Err(format!(
                "`{file}:{n}` has code beside `{}`, which would not be shown: the comment belongs on a line of its own",
                &mark[1]
            ));
        }
        let is_end = mark.get(2).is_some();
        match anchor {
            Some(name) if mark[3] != *name => {}
            Some(_) if is_end => closed |= std::mem::take(&mut inside),
            Some(name) if opened => return Err(format!("`{file}:{n}` opens the anchor `{name}` a second time")),
            Some(_) => (inside, opened) = (true, true),
            None => {}
        }
    }
    match anchor {
        Some(anchor) if !opened => return Err(format!("`{file}` has no anchor `{anchor}`")),
        Some(anchor) if !closed => return Err(format!("`{file}` opens the anchor `{anchor}` and never closes it")),
        _ => {}
    }
    let is_said = |(_, line): &(usize, &str)| !line.trim().is_empty();
    let (Some(start), Some(end)) = (taken.iter().position(is_said), taken.iter().rposition(is_said)) else {
        return Err(format!("`{file}` gives no text"));
    };
    let taken = &taken[start..=end];
    let indents =
        taken.iter().filter(|it| is_said(it)).map(|(_, line)| line.len() - line.trim_start_matches(' ').len());
    let indent = indents.min().unwrap_or(0);
    let text: Vec<&str> = taken.iter().map(|(_, line)| line.get(indent..).unwrap_or("").trim_end()).collect();
    Ok(Taken { text: text.join("\n"), first: taken[0].0, last: taken[taken.len() - 1].0 })
}

/// The mark in a line. Most lines have none, and a pattern takes far longer to say so.
fn mark(line: &str) -> Option<Captures<'_>> {
    if line.contains("ANCHOR") { MARK.captures(line) } else { None }
}

/// The anchors a file defines, with the line of each.
pub fn anchors(text: &str) -> Vec<(String, usize)> {
    let marks = (1..).zip(text.lines()).filter_map(|(n, line)| Some((mark(line)?, n)));
    marks.filter(|(mark, _)| mark.get(2).is_none()).map(|(mark, n)| (mark[3].to_string(), n)).collect()
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
