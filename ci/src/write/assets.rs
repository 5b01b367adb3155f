//! The few files that every page loads: one style sheet, one script, one font.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use lightningcss::stylesheet::{
    MinifyOptions, ParserOptions, PrinterOptions, StyleSheet,
};
use regex::Regex;
use walkdir::WalkDir;

use super::hash;

/// What has to run before the first paint, in the page itself: the theme and
/// the sidebar that the reader chose.
pub const FIRST: &str = include_str!("first.js");

/// The favicon, small enough to need no request.
pub const ICON: &str = "data:image/svg+xml,%3Csvg%20xmlns='http://www.w3.org/2000/svg'%20viewBox='0%200%2032%2032'%3E%3Crect%20width='32'%20height='32'%20rx='7'%20fill='%23161923'/%3E%3Cg%20fill='none'%20stroke='%23f4a261'%20stroke-width='3'%3E%3Ccircle%20cx='9.5'%20cy='16'%20r='5'/%3E%3Cpath%20d='M14.5%2016H20'/%3E%3C/g%3E%3Cpath%20d='M19%2011h10v10H19z'%20fill='%23f4a261'/%3E%3C/svg%3E";

/// Reloads a served page when it has changed.
const LIVE: &str = "new WebSocket(new URL('/__livereload', location.href.\
                    replace('http', 'ws'))).onmessage = () => location.reload();\n";

/// The files' names, from the book's root.
#[derive(Debug, Default, Clone)]
pub struct Bundle {
    /// Everything that is seen.
    pub style: String,
    /// Everything that moves; nothing waits for it.
    pub script: String,
    /// What the script loads when the search is opened.
    pub search: String,
    /// For text and diagrams.
    pub font: String,
}

impl Bundle {
    /// What a page may load and run, for its `Content-Security-Policy`.
    ///
    /// Nothing from elsewhere, and no script in the page but the first one. A
    /// page fetches nothing itself; the live server's socket and tools that look
    /// at `robots.txt` do.
    pub fn policy(&self) -> String {
        let first = hash::sha256_base64(FIRST.as_bytes());
        format!(
            "default-src 'none'; script-src 'self' 'sha256-{first}'; \
             style-src 'self'; img-src 'self' data:; font-src 'self'; \
             connect-src 'self'; base-uri 'self'; form-action 'none'"
        )
    }
}

/// mdBook's own styles that the pages use, before ours. `true`: to print.
const STYLES: [(&str, bool); 4] = [
    ("css/variables", false),
    ("css/general", false),
    ("css/chrome", false),
    ("css/print", true),
];

/// What mdBook writes and no page of ours asks for.
const UNUSED: [&str; 16] = [
    "css/",
    "fonts/",
    "theme/",
    "FontAwesome/",
    "toc",
    "book",
    "highlight",
    "ayu-highlight",
    "tomorrow-night",
    "clipboard",
    "mark",
    "elasticlunr",
    "searcher",
    "searchindex",
    "favicon",
    ".nojekyll",
];

/// Writes the font and the script, whose names the pages need.
///
/// # Errors
/// When a file of the theme is missing or cannot be written.
pub fn begin(root: &Path, folder: &Path, live: bool) -> Result<Bundle> {
    let theme = root.join("theme");
    let read = |name: &str| {
        let path = theme.join(name);
        fs::read(&path).with_context(|| format!("{}", path.display()))
    };
    let put = |name: &str, extension: &str, bytes: &[u8]| -> Result<String> {
        let name = format!("{name}-{}.{extension}", hash::short(bytes));
        fs::write(folder.join(&name), bytes).with_context(|| name.clone())?;
        Ok(name)
    };
    if live {
        fs::write(folder.join("live.js"), LIVE)?;
    }
    let mut script = read("page.js")?;
    script.extend(read("scroll.js")?);
    Ok(Bundle {
        script: put("page", "js", &without_comments(&script))?,
        font: put("text", "woff2", &read("fonts/text.woff2")?)?,
        ..Bundle::default()
    })
}

/// Writes the search: its code with the index in it. Returns its name.
///
/// # Errors
/// When the theme has no such script, or it cannot be written.
pub fn search(root: &Path, folder: &Path, index: &str) -> Result<String> {
    let path = root.join("theme/search.js");
    let code = fs::read_to_string(&path)
        .with_context(|| format!("{}", path.display()))?;
    let code = without_comments(code.as_bytes());
    let code = String::from_utf8_lossy(&code).replace("INDEX", index);
    let name = format!("search-{}.js", hash::short(code.as_bytes()));
    fs::write(folder.join(&name), code)?;
    Ok(name)
}

/// The words of the scripts, which give elements classes and ids as well.
///
/// # Errors
/// When one of them is missing.
pub fn words_of_scripts(root: &Path) -> Result<HashSet<String>> {
    let mut used = HashSet::new();
    for name in ["page.js", "scroll.js", "search.js"] {
        let path = root.join("theme").join(name);
        let text = fs::read_to_string(&path)
            .with_context(|| format!("{}", path.display()))?;
        words(&text, &mut used);
    }
    words(FIRST, &mut used);
    // Names that a script puts together, or a chapter may have.
    words("js light rust coal navy ayu sidebar-visible", &mut used);
    Ok(used)
}

/// Lines that are only a comment, and indents: a quarter of a script.
pub fn without_comments(script: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(script);
    let lines = text.lines().map(str::trim_start);
    let code = lines.filter(|line| {
        let comment = ["//", "/**", "* ", "*/"];
        !line.is_empty() && !comment.iter().any(|mark| line.starts_with(mark))
    });
    code.flat_map(|line| [line, "\n"]).collect::<String>().into_bytes()
}

/// Removes what no page needs, which is most of what mdBook wrote, and returns
/// its style sheets, in the order they count.
///
/// # Errors
/// When mdBook no longer writes one of them, or a file cannot be read.
pub fn clear(folder: &Path) -> Result<String> {
    let mut styles = STYLES.map(|(name, _)| (name, None));
    let mut unused = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = entry?;
        let path = entry.path();
        let name = path.strip_prefix(folder)?.to_string_lossy();
        let name = name.replace('\\', "/");
        for (style, text) in &mut styles {
            let is = name.starts_with(&format!("{style}-"))
                || name == format!("{style}.css");
            if is && name.ends_with(".css") {
                *text = Some(fs::read_to_string(path)?);
            }
        }
        let is_unused = UNUSED.iter().any(|unused| {
            let Some(rest) = name.strip_prefix(unused) else { return false };
            unused.ends_with('/')
                || rest.is_empty()
                || rest.starts_with(['-', '.'])
        });
        let page = name.ends_with(".html") && name != "toc.html";
        if entry.file_type().is_file() && is_unused && !page {
            unused.push(path.to_path_buf());
        }
    }
    for path in unused {
        fs::remove_file(&path)?;
        // The folder with its last file.
        let _ = path.parent().map(fs::remove_dir);
    }
    let mut css = String::new();
    for ((name, text), (_, print)) in styles.into_iter().zip(STYLES) {
        let text = text.ok_or_else(|| {
            anyhow!(
                "mdBook wrote no {name}.css: look at `STYLES` in \
                 ci/src/write/assets.rs for what it has now"
            )
        })?;
        match print {
            true => css += &format!("@media print {{\n{text}\n}}\n"),
            false => css += &text,
        }
    }
    Ok(css)
}

/// Writes the style sheet: mdBook's and ours, without what `used` has no word
/// of. Returns its name.
///
/// # Errors
/// When a style sheet of the theme is missing or cannot be parsed.
pub fn style(
    root: &Path,
    folder: &Path,
    mdbook: &str,
    bundle: &Bundle,
    used: &HashSet<String>,
) -> Result<String> {
    let mut css = mdbook.to_string();
    for name in ["fonts.css", "book.css", "page.css", "diagrams.css"] {
        let path = root.join("theme").join(name);
        css += &fs::read_to_string(&path)
            .with_context(|| format!("{}", path.display()))?;
    }
    let css = css.replace("fonts/text.woff2", &bundle.font);
    let css = small(&css, used)?;
    let name = format!("style-{}.css", hash::short(css.as_bytes()));
    fs::write(folder.join(&name), css)?;
    Ok(name)
}

/// `css` without white space, and without rules and variables for what is not
/// there.
fn small(css: &str, used: &HashSet<String>) -> Result<String> {
    let once = purged(css, used)?;
    // A variable that only a removed rule asked for goes as well.
    let twice = purged(&once, used)?;
    if twice.is_empty() {
        bail!("the style sheet is empty");
    }
    Ok(twice)
}

fn purged(css: &str, used: &HashSet<String>) -> Result<String> {
    let named = Regex::new(r"[.#]([A-Za-z_-][\w-]*)|(--[\w-]+)\s*:")?;
    let variable = Regex::new(r"var\(\s*(--[\w-]+)")?;
    let asked: HashSet<&str> = variable
        .captures_iter(css)
        .filter_map(|found| Some(found.get(1)?.as_str()))
        .collect();
    let unused = named
        .captures_iter(css)
        .filter_map(|found| {
            let name = found.get(1).or(found.get(2))?.as_str();
            let known = used.contains(name) || asked.contains(name);
            (!known).then(|| name.to_string())
        })
        .collect();
    let options = ParserOptions { error_recovery: true, ..Default::default() };
    let mut sheet = StyleSheet::parse(css, options)
        .map_err(|why| anyhow!("a style sheet cannot be parsed: {why}"))?;
    let options =
        MinifyOptions { unused_symbols: unused, ..Default::default() };
    sheet.minify(options).map_err(|why| anyhow!("{why}"))?;
    let options = PrinterOptions { minify: true, ..Default::default() };
    Ok(sheet.to_css(options).map_err(|why| anyhow!("{why}"))?.code)
}

/// Every word of `text` that could be a class or an id.
pub fn words(text: &str, into: &mut HashSet<String>) {
    let word = |c: char| !(c.is_ascii_alphanumeric() || "_-".contains(c));
    for word in text.split(word) {
        if !word.is_empty() && !into.contains(word) {
            into.insert(word.to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn used(text: &str) -> HashSet<String> {
        let mut used = HashSet::new();
        words(text, &mut used);
        used
    }

    #[test]
    fn rules_for_what_is_not_there_go() {
        let css = ".a, #c { color: red; } .b { color: var(--x); } \
                   :root { --x: 1px; --y: 2px; }";
        let css = small(css, &used("<p class=\"b\">")).unwrap();
        assert_eq!(css, ".b{color:var(--x)}:root{--x:1px}");
    }

    #[test]
    fn a_comment_is_not_sent() {
        let script = b"// why\n    a(); // here it stays\n\n/** b */\nc();\n";
        let sent = without_comments(script);
        assert_eq!(sent, b"a(); // here it stays\nc();\n");
    }

    #[test]
    fn the_policy_names_the_one_script_in_the_page() {
        let policy = Bundle::default().policy();
        assert!(policy.contains("'sha256-"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert!(!policy.contains("http"), "{policy}");
    }
}
