//! One pass over mdBook's HTML: the drawn diagrams go in, the theme's failures
//! are mended, and each page gets its frame and loads only what it uses.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use regex::{Captures, Regex};
use serde::Deserialize;
use walkdir::WalkDir;

use super::assets as bundle;
use super::frame::Frame;
use super::search::Index;
use crate::site::{Entry, OfflineFiles};

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
    /// `page`: every page.
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

/// What a built book is finished with.
pub struct Finish<'a> {
    /// The repository.
    pub root: &'a Path,
    /// The drawn diagrams, as their placeholders count them.
    pub drawn: &'a [String],
    /// The table of contents.
    pub contents: &'a [Entry],
    /// Whether a changed page reloads.
    pub live: bool,
    /// The files to take along, where they are written.
    pub offline: Option<&'a OfflineFiles>,
    /// Addresses of before, and where each leads.
    pub redirects: &'a HashMap<String, String>,
}

/// The style sheet's name is known when all pages are.
const STYLE: &str = "{style}";

/// Finishes every page of a built book and writes what they load. Returns how
/// many chapters it has.
///
/// # Errors
/// When a patch no longer fits, or a file cannot be read or written.
pub fn finish(folder: &Path, with: &Finish<'_>) -> Result<usize> {
    let patches = Patches::load(with.root)?;
    let mdbook = bundle::clear(folder)?;
    let mut bundle = bundle::begin(with.root, folder, with.live)?;
    let mut pages = Vec::new();
    let mut index = Index::default();
    let placeholder = Regex::new(r#"<span data-drawn="(\d+)"></span>"#)?;
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let path = entry?.into_path();
        let name = path.strip_prefix(folder)?.to_string_lossy();
        let name = name.replace('\\', "/");
        if !name.ends_with(".html") {
            continue;
        }
        let text = fs::read_to_string(&path)
            .with_context(|| format!("{}", path.display()))?;
        if is_redirect(&text) {
            continue;
        }
        let mut text = placeholder
            .replace_all(&text, |found: &Captures<'_>| {
                let n = found[1].parse::<usize>().ok();
                n.and_then(|n| with.drawn.get(n)).map_or("", String::as_str)
            })
            .into_owned();
        patches.apply("page", &name, &mut text)?;
        pages.push((name, text));
    }
    for entry in with.contents {
        if let Entry::Chapter { title, page, .. } = entry
            && let Some((_, text)) = pages.iter().find(|(n, _)| n == page)
        {
            index.add(page, title, text)?;
        }
    }
    bundle.search = bundle::search(with.root, folder, &index.json())?;
    bundle.style = STYLE.into();
    let frame = Frame {
        contents: with.contents,
        bundle: &bundle,
        live: with.live,
        folder,
        offline: with.offline,
        redirects: with.redirects,
    };
    let framed = |(name, text): (String, String)| {
        let text = frame.put_around(&name, &text)?;
        Ok((name, text))
    };
    // The printed book has the code of all others: it is colored by then.
    let (print, pages): (Vec<_>, Vec<_>) =
        pages.into_iter().partition(|(name, _)| name == "print.html");
    let mut pages =
        pages.into_par_iter().map(framed).collect::<Result<Vec<_>>>()?;
    for page in print {
        pages.push(framed(page)?);
    }
    let framed = pages;
    let mut used = bundle::words_of_scripts(with.root)?;
    for (_, text) in &framed {
        bundle::words(text, &mut used);
    }
    let style = bundle::style(with.root, folder, &mdbook, &bundle, &used)?;
    let mut chapters = 0;
    for (name, text) in framed {
        fs::write(folder.join(&name), text.replacen(STYLE, &style, 1))
            .with_context(|| name.clone())?;
        chapters += usize::from(name != "print.html" && name != "404.html");
    }
    Ok(chapters)
}

/// Whether mdBook wrote the page only to lead elsewhere.
fn is_redirect(html: &str) -> bool {
    html.contains("<meta http-equiv=\"refresh\"")
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
}
