//! Programs that run on their page when the reader asks for it. In a chapter
//! such a program is a picture, `![…](still.png "live: NAME")`; the published
//! page has a button below it. Nothing of the program is loaded before.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Result;
use regex::Captures;
use zip::CompressionMethod;

use super::assets::script;
use super::folder::Output;
use super::hash;
use super::offline::archive::Zip;
use crate::disk;
use crate::links::to_root;
use crate::problem::{self, Problem};
use crate::read::listing::BOUNDARY;
use crate::read::source::Source;

/// The folder of the programs, below the book's.
pub const FOLDER: &str = "live/";

/// What a button does.
const BUTTON: &str = "live.js";

patterns! {
    ASKED = r#" "live: (\w+)"\)"#;
    /// As `content.rs` leaves the picture.
    FIGURE = r#"<figure class="live" data-program="(\w+)">(<img[^>]*>)</figure>"#;
}

/// The files of a program, as `wasm-bindgen` names them.
pub fn files(name: &str) -> [String; 2] {
    [format!("{name}.js"), format!("{name}_bg.wasm")]
}

/// The programs that pages ask for.
///
/// # Errors
/// When there is no program of the name, with the file and the line.
pub fn asked(source: &Source) -> Result<BTreeSet<String>> {
    let (mut names, mut problems) = (BTreeSet::new(), Vec::new());
    for (path, chapter) in &source.chapters {
        for (n, line) in chapter.written.lines().enumerate() {
            for found in ASKED.captures_iter(line) {
                let file = format!("{BOUNDARY}/examples/{}.rs", &found[1]);
                if source.root.join(&file).is_file() {
                    names.insert(found[1].to_string());
                } else {
                    problems.push(Problem::new(source.src.join(path), n + 1, format!("there is no program {file}")));
                }
            }
        }
    }
    problem::none_of(&problems)?;
    Ok(names)
}

/// What the build says of the programs that were not compiled.
///
/// # Errors
/// When a page asks for what there is not.
pub fn note(source: &Source) -> Result<Option<String>> {
    let is_there = |n: &String| files(n).iter().all(|f| source.live.join(f).is_file());
    let missing: Vec<String> = asked(source)?.into_iter().filter(|name| !is_there(name)).collect();
    Ok((!missing.is_empty()).then(|| {
        format!(
            "not compiled for the browser, so their pages show a picture and \
             no button: {}; `cargo ci web` compiles them",
            missing.join(", ")
        )
    }))
}

/// Puts the programs that were compiled into the book, and a button below each
/// of their pictures. The page to print has none.
///
/// # Errors
/// When a file cannot be read.
pub fn put(source: &Source, output: &mut Output, contents: &mut BTreeMap<&str, String>) -> Result<()> {
    let mut figures = BTreeMap::new();
    for name in asked(source)? {
        if let Some(loaded) = put_files(&source.live, &name, output)? {
            figures.insert(name, loaded);
        }
    }
    if figures.is_empty() {
        return Ok(());
    }
    let button = script(&source.root, BUTTON)?.into_bytes();
    let script = format!("{FOLDER}button-{}.js", hash::short(&button));
    for (page, html) in contents {
        if *page != "print.html" && FIGURE.is_match(html) {
            let script = to_root(page) + &script;
            *html = with_buttons(html, &to_root(page), &script, &figures);
        }
    }
    output.insert(script, button);
    Ok(())
}

fn with_buttons(html: &str, root: &str, script: &str, figures: &BTreeMap<String, Loaded>) -> String {
    let shown = FIGURE.replace_all(html, |found: &Captures<'_>| {
        let (name, picture) = (&found[1], &found[2]);
        let Some(Loaded { folder, kilobytes }) = figures.get(name) else {
            return found[0].to_string();
        };
        format!(
            "<figure class=\"live\" data-program=\"{name}\" \
             data-live=\"{root}{folder}{name}.js\">{picture}<div \
             class=\"ask\"><button type=\"button\">Run it here</button> \
             <span role=\"status\">The button loads {kilobytes} \
             kB.</span><script defer src=\"{script}\"></script></div>\
             </figure>"
        )
    });
    shown.into_owned()
}

/// What a button loads.
struct Loaded {
    /// From the book's root.
    folder: String,
    /// On its way, where the server packs it.
    kilobytes: usize,
}

/// Puts what `wasm-bindgen` made of a program into a folder that is named by what is in it, so that a browser never
/// mixes the files of two builds; nothing where the program was not compiled.
fn put_files(live: &Path, name: &str, output: &mut Output) -> Result<Option<Loaded>> {
    if !files(name).iter().all(|file| live.join(file).is_file()) {
        return Ok(None);
    }
    let bytes = files(name).iter().map(|file| disk::bytes(&live.join(file))).collect::<Result<Vec<_>>>()?;
    let folder = format!("{FOLDER}{}/", hash::short(&bytes.concat()));
    let mut zip = Zip::new();
    for (file, bytes) in files(name).into_iter().zip(bytes) {
        zip.add(&file, &bytes, CompressionMethod::Deflated)?;
        output.insert(format!("{folder}{file}"), bytes);
    }
    let kilobytes = zip.bytes()?.len().div_ceil(1000);
    Ok(Some(Loaded { folder, kilobytes }))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const TEXT: &str = "<p>a</p><figure class=\"live\" data-program=\"it\">\
                        <img src=\"a.png\" alt=\"b\"></figure>";

    fn compiled(folder: &Path, names: &[&str]) {
        for name in names {
            fs::write(folder.join(name), name.repeat(1000)).unwrap();
        }
    }

    #[test]
    fn a_program_that_was_not_compiled_whole_is_not_there() {
        let root = tempfile::tempdir().unwrap();
        compiled(root.path(), &["it.js"]);
        assert!(put_files(root.path(), "it", &mut Output::new()).unwrap().is_none());
        assert_eq!(with_buttons(TEXT, "", "b.js", &BTreeMap::new()), TEXT);
    }

    #[test]
    fn a_program_that_was_compiled_has_a_button_and_its_files() {
        let root = tempfile::tempdir().unwrap();
        compiled(root.path(), &["it.js", "it_bg.wasm"]);
        let mut output = Output::new();
        let loaded = put_files(root.path(), "it", &mut output).unwrap().unwrap();
        let names: Vec<_> = output.keys().cloned().collect();
        let inside = |name: &str| format!("{}{name}", loaded.folder);
        assert_eq!(names, ["it.js", "it_bg.wasm"].map(inside));
        let figures = BTreeMap::from([("it".to_string(), loaded)]);
        let html = with_buttons(TEXT, "../", "../live/b.js", &figures);
        assert!(html.contains(" data-live=\"../live/"), "{html}");
        assert!(html.contains("alt=\"b\"><div class=\"ask\">"), "{html}");
        assert!(html.contains("The button loads 1 kB."), "{html}");
    }
}
