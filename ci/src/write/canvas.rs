//! A program of the browser on the page of its chapter: a still picture, until
//! the reader asks for the program. Nothing of it is loaded before.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use anyhow::{Context as _, Result};
use regex::{Captures, Regex};

use super::folder::Output;
use super::hash;
use crate::links::to_root;

/// Where `cargo ci web` leaves what a browser loads.
const BUILT: &str = "target/ci/web";
/// The folder of the programs in the book.
pub const FOLDER: &str = "programs/";
/// What starts a program.
const STARTER: &str = "theme/canvas.js";

/// In a chapter: below the picture that the canvas takes the place of. Inside
/// stands what a page says that has no program.
static PLACE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?s)<p class="program" id="program-(\w+)">.*?</p>"#)
        .expect("a pattern")
});

/// Puts the programs that were compiled, and no others, into the book and onto
/// its pages.
///
/// # Errors
/// When a file cannot be read.
pub fn put(
    root: &Path,
    output: &mut Output,
    contents: &mut BTreeMap<&str, String>,
) -> Result<()> {
    for (page, html) in contents {
        let Some(found) = PLACE.captures(html) else { continue };
        let name = found[1].to_string();
        let Some(program) = Program::read(root, &name)? else { continue };
        let to_root = to_root(page);
        let button = program.button(&to_root, output);
        let shown = PLACE.replace(html, |_: &Captures<'_>| button.clone());
        *html = shown.into_owned();
    }
    Ok(())
}

/// The page's policy: where a program can be asked for, it may be compiled.
pub fn policy(policy: &str, content: &str) -> String {
    match content.contains(" data-program=\"") {
        true => policy.replacen(
            "script-src 'self'",
            "script-src 'self' 'wasm-unsafe-eval'",
            1,
        ),
        false => policy.to_string(),
    }
}

/// What `wasm-bindgen` made of a program, and what starts it.
struct Program {
    name: String,
    module: Vec<u8>,
    code: Vec<u8>,
    starter: Vec<u8>,
}

impl Program {
    /// The program, if it was compiled.
    fn read(root: &Path, name: &str) -> Result<Option<Program>> {
        let built = root.join(BUILT);
        let read = |file: &str| fs::read(built.join(file)).ok();
        let module = read(&format!("{name}.js"));
        let code = read(&format!("{name}_bg.wasm"));
        let (Some(module), Some(code)) = (module, code) else {
            return Ok(None);
        };
        let starter = fs::read(root.join(STARTER)).context(STARTER)?;
        Ok(Some(Program { name: name.to_string(), module, code, starter }))
    }

    /// Writes the files. They are named by what is in them, so that a browser
    /// never mixes two builds.
    fn button(self, to_root: &str, output: &mut Output) -> String {
        let Program { name, module, code, starter } = self;
        let megabytes = code.len() as f64 / 1e6;
        let folder = format!("{FOLDER}{}", hash::short(&code));
        let start = format!("{FOLDER}start-{}.js", hash::short(&starter));
        let button = format!(
            "<p class=\"program\" id=\"program-{name}\"><button \
             type=\"button\" data-program=\"{to_root}{folder}/{name}.js\">Run \
             the program here</button> <span role=\"status\">It is \
             {megabytes:.1} MB, loaded when you ask for it.</span></p>\
             <script defer src=\"{to_root}{start}\"></script>"
        );
        output.insert(start, starter);
        output.insert(format!("{folder}/{name}.js"), module);
        output.insert(format!("{folder}/{name}_bg.wasm"), code);
        button
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "<p>a</p><p class=\"program\" id=\"program-it\">Build it.</p>";

    fn placed(built: bool) -> (String, Output) {
        let root = tempfile::tempdir().unwrap();
        if built {
            let folder = root.path().join(BUILT);
            fs::create_dir_all(&folder).unwrap();
            fs::create_dir_all(root.path().join("theme")).unwrap();
            fs::write(folder.join("it.js"), "module").unwrap();
            fs::write(folder.join("it_bg.wasm"), "code").unwrap();
            fs::write(root.path().join(STARTER), "start").unwrap();
        }
        let mut output = Output::new();
        let mut contents = BTreeMap::from([("a/b.html", TEXT.to_string())]);
        put(root.path(), &mut output, &mut contents).unwrap();
        (contents.remove("a/b.html").unwrap(), output)
    }

    #[test]
    fn a_page_without_its_program_says_how_to_get_it() {
        let (html, output) = placed(false);
        assert_eq!(html, TEXT);
        assert!(output.is_empty());
        assert_eq!(policy("script-src 'self' x", &html), "script-src 'self' x");
    }

    #[test]
    fn a_program_that_was_compiled_has_a_button_and_may_run() {
        let (html, output) = placed(true);
        assert!(html.contains("data-program=\"../programs/"), "{html}");
        assert!(!html.contains("Build it."), "{html}");
        assert_eq!(output.len(), 3, "{output:?}");
        let policy = policy("script-src 'self' x; y", &html);
        assert_eq!(policy, "script-src 'self' 'wasm-unsafe-eval' x; y");
    }
}
