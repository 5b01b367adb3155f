//! The few files that every page loads: one style sheet, one script, one font;
//! and what is loaded when it is asked for: the search, and what saves a diagram.

use std::collections::HashSet;
use std::ops::Range;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use super::css::{self, Part};
use super::folder::Output;
use super::hash;
use crate::disk;
use crate::draw::code;
use crate::problem::Problem;

/// Reloads a served page when another build is served. It asks again and again:
/// a connection held open for each page would leave a browser none after six.
const LIVE: &str = "let shown; setInterval(async () => {
  const newest = await fetch('/__newest').then(a => a.text(), () => shown);
  if (shown && newest !== shown) location.reload();
  shown = newest;
}, 250);
";

/// The theme's style sheets and scripts, in the order in which they count.
const STYLES: [&str; 4] = ["fonts.css", "book.css", "page.css", "diagrams.css"];
const SCRIPTS: [&str; 2] = ["page.js", "scroll.js"];
const SEARCH: &str = "search.js";
const SAVE: &str = "save.js";
const FONT: &str = "fonts/text.woff2";
const FRAME: &str = "index.hbs";

/// Classes that a script puts together from parts, and those of the table of
/// contents, which is put into the frame with these files' names.
const ALSO_USED: &str = "js light rust coal navy ayu sidebar-visible chapter \
    chapter-item part-title section sections active deeper";

/// The theme as its folder has it.
pub struct Theme {
    /// `index.hbs`.
    pub frame: String,
    /// `script` of the frame: what runs before the first paint.
    first: String,
    style: Vec<Part>,
    scripts: String,
    search: String,
    save: String,
    font: Vec<u8>,
}

/// The names of what the pages load, from the book's root.
#[derive(Debug, Default, Clone)]
pub struct AssetNames {
    /// Everything that is seen.
    pub style: String,
    /// Everything that moves; nothing waits for it. Its `page` is `save` in the
    /// name of what it loads when a diagram is opened large.
    pub script: String,
    /// What the script loads when the search is opened.
    pub search: String,
    /// For text and diagrams.
    pub font: String,
}

impl Theme {
    /// Reads the theme of the book in `root`; `mdbook` are the styles that mdBook
    /// brings, with their names, each for the screen or for print.
    ///
    /// # Errors
    /// When a file is missing, or cannot be parsed: with the file and the line.
    pub fn read(root: &Path, mdbook: &[(String, String, bool)]) -> Result<Theme> {
        let theme = root.join("theme");
        let mut style = Vec::new();
        for (name, css, is_print) in mdbook {
            let parts = css::read(name, css)?;
            match is_print {
                true => style.push(Part::Block("@media print".into(), parts)),
                false => style.extend(parts),
            }
        }
        for name in STYLES {
            let css = disk::text(&theme.join(name))?;
            style.extend(css::read(&format!("theme/{name}"), &css)?);
        }
        let mut scripts = String::new();
        for name in SCRIPTS {
            scripts += &script(root, name)?;
        }
        let (search, save) = (script(root, SEARCH)?, script(root, SAVE)?);
        let frame = disk::text(&theme.join(FRAME))?;
        let first = frame
            .split_once("<script>")
            .and_then(|(_, rest)| rest.split_once("</script>"))
            .map(|(first, _)| first.to_string())
            .context("theme/index.hbs has no `<script>` for the first paint")?;
        ensure!(
            frame.replace(' ', "").contains("{{{content}}}"),
            "theme/index.hbs has no `{{{{{{content}}}}}}`, so no page would have a text"
        );
        let font = disk::bytes(&theme.join(FONT))?;
        Ok(Theme { frame, first, style, scripts, search, save, font })
    }

    /// What a page may load and run, for its `Content-Security-Policy`.
    ///
    /// Nothing from elsewhere, and no script in the page but the first one. A
    /// page fetches nothing itself; one of the live server and tools that look
    /// at `robots.txt` do.
    pub fn policy(&self) -> String {
        let first = hash::sha256_base64(self.first.as_bytes());
        format!(
            "default-src 'none'; script-src 'self' 'sha256-{first}'; style-src 'self'; img-src 'self' data:; font-src \
             'self'; connect-src 'self'; base-uri 'self'; form-action 'none'"
        )
    }

    /// Adds what the pages load to `output`; `index` is the search's, `contents`
    /// are the pages' texts, whose words say what of the style is in use.
    pub fn put<'a>(
        &self,
        output: &mut Output,
        index: &str,
        contents: impl Iterator<Item = &'a str>,
        live: bool,
    ) -> AssetNames {
        let scripts = [self.scripts.as_bytes(), self.save.as_bytes()];
        let version = hash::short(&scripts.concat());
        let script = format!("page-{version}.js");
        output.insert(script.clone(), scripts[0].to_vec());
        output.insert(format!("save-{version}.js"), scripts[1].to_vec());
        let mut add = |name: &str, extension: &str, bytes: &[u8]| {
            let name = format!("{name}-{}.{extension}", hash::short(bytes));
            output.insert(name.clone(), bytes.to_vec());
            name
        };
        let search = self.search.replace("INDEX", index);
        let font = add("text", "woff2", &self.font);
        let mut style = self.style.clone();
        // To look for what a page uses takes time at each edit.
        if !live {
            let texts = [&*self.frame, &self.scripts, &self.search, ALSO_USED];
            let mut used = HashSet::new();
            texts.into_iter().for_each(|text| words(text, &mut used));
            contents.for_each(|text| words(text, &mut used));
            style = css::used(&style, &used);
        }
        let css = css::written(&style).replace(FONT, &font);
        let names = AssetNames {
            style: add("style", "css", css.as_bytes()),
            script,
            search: add("search", "js", search.as_bytes()),
            font,
        };
        if live {
            output.insert("live.js".into(), LIVE.into());
        }
        names
    }
}

/// A script of the theme of the book in `root`, as it is sent.
///
/// # Errors
/// When it is missing, or cannot be parsed: with the file and the line.
pub fn script(root: &Path, name: &str) -> Result<String> {
    let text = disk::text(&root.join("theme").join(name))?;
    if let Some(line) = code::javascript_error(&text)? {
        let what = "this is no JavaScript: look here or above for what is missing or too much";
        bail!(Problem::new(format!("theme/{name}"), line, what));
    }
    without_comments(&text)
}

/// Without lines that are only a comment, and without indents: a quarter of a
/// script. The text of a template stays as it is.
fn without_comments(script: &str) -> Result<String> {
    let (comments, templates) = code::javascript_texts(script)?;
    let is_alone = |comment: &Range<usize>| {
        let around = [script[..comment.start].rsplit('\n').next(), script[comment.end..].split('\n').next()];
        around.into_iter().flatten().all(|it| it.trim().is_empty())
    };
    let alone: Vec<_> = comments.into_iter().filter(is_alone).collect();
    let mut out = String::new();
    let mut at = 0;
    for line in script.split_inclusive('\n') {
        let first = at + line.len() - line.trim_start().len();
        if templates.iter().any(|it| it.start < at && at < it.end) {
            out += line;
        } else if !line.trim().is_empty() && !alone.iter().any(|comment| comment.contains(&first)) {
            out += line.trim_start();
        }
        at += line.len();
    }
    Ok(out)
}

/// Every word of `text` that could be a class or an id.
fn words(text: &str, into: &mut HashSet<String>) {
    let ends = |c: char| !(c.is_ascii_alphanumeric() || "_-".contains(c));
    for word in text.split(ends) {
        if !word.is_empty() && !into.contains(word) {
            into.insert(word.to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn theme() -> Theme {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        Theme::read(&root, &[]).unwrap()
    }

    #[test]
    fn a_comment_is_not_sent() {
        let script = "// why\n    a(); // here it stays\n\n/** b */\nc();\n";
        let sent = without_comments(script).unwrap();
        assert_eq!(sent, "a(); // here it stays\nc();\n");
    }

    #[test]
    fn what_only_looks_like_a_comment_is_sent() {
        for script in
            ["const area = width\n* height;\n", "a(`\n  // b\n  * c\n`);\n", "/* a\nb */ c();\n", "c(); /* a\nb */\n"]
        {
            assert_eq!(without_comments(script).unwrap(), script);
        }
    }

    #[test]
    fn the_policy_names_the_one_script_in_the_page() {
        let policy = theme().policy();
        assert!(policy.contains("'sha256-"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert!(!policy.contains("http"), "{policy}");
        assert_eq!(theme().frame.matches("<script>").count(), 1);
    }

    #[test]
    fn the_pages_load_files_named_by_what_is_in_them() {
        let mut output = Output::new();
        let pages = ["<p class=\"record\">"].into_iter();
        let names = theme().put(&mut output, "{}", pages, false);
        let css = &output[&names.style];
        let css = String::from_utf8(css.clone()).unwrap();
        assert!(css.contains(".record{"), "{css}");
        assert!(!css.contains(".short-answer"), "{css}");
        for class in ["part-title", "sections", "deeper", "active"] {
            assert!(css.contains(&format!(".{class}")), "{class}: {css}");
        }
        assert!(css.contains(&names.font), "{css}");
        let saves = names.script.replace("page-", "save-");
        assert!(output.contains_key(&saves), "{saves}");
        assert_eq!(output.len(), 5);
    }
}
