//! One pass over mdBook's HTML: the drawn diagrams go in, and the theme's
//! failures are mended where a template would have to be copied whole.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use walkdir::WalkDir;

/// `theme/patches.toml`: exact replacements in mdBook's own HTML and scripts.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Patches {
    #[serde(default)]
    patch: Vec<Patch>,
}

/// One replacement. It fails loudly when mdBook changes beneath it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Patch {
    /// What it mends.
    why: String,
    /// `page` for every chapter's page, else the stem of one written file:
    /// `toc` also matches `toc-1a2b3c4d.js`.
    file: String,
    /// Must stand in the file exactly once.
    find: String,
    replace: String,
    /// Must stand there at least once, and is replaced everywhere.
    #[serde(default)]
    every: bool,
}

impl Patches {
    /// Reads `theme/patches.toml`; none when the book has no such file.
    ///
    /// # Errors
    /// When it cannot be parsed.
    pub fn load(root: &Path) -> Result<Patches> {
        let path = root.join("theme/patches.toml");
        match fs::read_to_string(&path) {
            Ok(text) => toml::from_str(&text)
                .with_context(|| format!("{}", path.display())),
            Err(_) => Ok(Patches::default()),
        }
    }

    fn apply(&self, kind: &str, name: &str, text: &mut String) -> Result<()> {
        for patch in self.patch.iter().filter(|p| p.file == kind) {
            let count = text.matches(&patch.find).count();
            if count == 0 || count > 1 && !patch.every {
                bail!(
                    "theme/patches.toml: {name} has `{}` {count} times, not \
                     once: mdBook's theme changed, so look again how to mend: \
                     {}",
                    patch.find.trim(),
                    patch.why
                );
            }
            *text = text.replace(&patch.find, &patch.replace);
        }
        Ok(())
    }
}

/// What stands for the diagram `n` while mdBook renders.
pub fn placeholder(n: usize) -> String {
    format!("<span data-drawn=\"{n}\"></span>")
}

/// Finishes every file of a built book. Returns how many pages it has.
///
/// # Errors
/// When a patch no longer fits, or a file cannot be read or written.
pub fn finish(
    folder: &Path,
    drawn: &[String],
    patches: &Patches,
) -> Result<usize> {
    let mut pages = 0;
    let mut seen = std::collections::HashSet::new();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = entry?;
        let path = entry.path();
        let relative = path.strip_prefix(folder).unwrap_or(path);
        let name = relative.to_string_lossy().replace('\\', "/");
        let kind = match kind(&name) {
            Some(kind) => kind,
            None => continue,
        };
        let mut text = fs::read_to_string(path)
            .with_context(|| format!("{}", path.display()))?;
        if kind == "page" {
            // mdBook writes a chapter's content before anything of ours.
            for (n, svg) in drawn.iter().enumerate() {
                text = text.replace(&placeholder(n), svg);
            }
            pages += usize::from(name != "print.html" && name != "404.html");
        }
        patches.apply(&kind, &name, &mut text)?;
        seen.insert(kind);
        fs::write(path, text)?;
    }
    for patch in &patches.patch {
        if !seen.contains(&patch.file) {
            bail!(
                "theme/patches.toml: no file `{}` was written: mdBook's theme \
                 changed, so look again how to mend: {}",
                patch.file,
                patch.why
            );
        }
    }
    Ok(pages)
}

/// `page`, or the stem of a script or style without mdBook's hash.
fn kind(name: &str) -> Option<String> {
    if name == "toc.html" {
        return Some("toc.html".into());
    }
    if name.ends_with(".html") {
        return Some("page".into());
    }
    let file = name.rsplit('/').next()?;
    let stem = file.strip_suffix(".js").or(file.strip_suffix(".css"))?;
    let stem = match stem.rsplit_once('-') {
        Some((stem, hash))
            if hash.len() == 8
                && hash.chars().all(|c| c.is_ascii_hexdigit()) =>
        {
            stem
        }
        _ => stem,
    };
    Some(format!("{stem}.{}", file.rsplit('.').next()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patches(find: &str) -> Patches {
        Patches {
            patch: vec![Patch {
                why: "a label".into(),
                file: "page".into(),
                find: find.into(),
                replace: "mended".into(),
                every: false,
            }],
        }
    }

    #[test]
    fn a_patch_that_no_longer_fits_fails_with_its_reason() {
        let mut text = "<p>new</p>".to_string();
        let why = patches("<p>old</p>")
            .apply("page", "index.html", &mut text)
            .unwrap_err();
        let why = why.to_string();
        assert!(why.contains("index.html has `<p>old</p>` 0 times"), "{why}");
        assert!(why.contains("a label"), "{why}");
    }

    #[test]
    fn a_patch_that_fits_replaces_once() {
        let mut text = "<p>old</p>".to_string();
        patches("old").apply("page", "index.html", &mut text).unwrap();
        assert_eq!(text, "<p>mended</p>");
    }

    #[test]
    fn every_place_is_replaced_when_asked_but_there_must_be_one() {
        let mut patches = patches("old");
        let mut text = "old, old".to_string();
        assert!(patches.apply("page", "index.html", &mut text).is_err());
        patches.patch[0].every = true;
        patches.apply("page", "index.html", &mut text).unwrap();
        assert_eq!(text, "mended, mended");
        assert!(patches.apply("page", "index.html", &mut text).is_err());
    }

    #[test]
    fn a_hash_in_a_file_name_is_not_part_of_its_kind() {
        assert_eq!(kind("toc-1a2b3c4d.js").unwrap(), "toc.js");
        assert_eq!(kind("css/chrome.css").unwrap(), "chrome.css");
        assert_eq!(kind("futures/lazy.html").unwrap(), "page");
        assert_eq!(kind("favicon.png"), None);
    }
}
