//! What the path of an included file says about it: its kind, its id, the
//! command that runs it, and the figure it becomes on the page.

use std::fs;
use std::path::Path;

use html_escape::{encode_double_quoted_attribute, encode_text};
use similar::{ChangeTag, TextDiff};

use crate::include::{Taken, Target};

/// The crate that holds every listing, relative to the root.
pub const CRATE: &str = "listings";

/// The crate of what readers write themselves, relative to the root.
pub const EXERCISES: &str = "exercises";

/// What kind of listing a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A step, tested by `cargo test`: its module path.
    Step(String),
    /// A program, run by `cargo run --example`: its name.
    Program(String),
    /// A JavaScript program beside the Rust ones.
    Script(String),
    /// Code that must not compile.
    CompileFail,
    /// An integration test: its target.
    Test(String),
    /// A benchmark: its target.
    Bench(String),
    /// The stub of an exercise: its module.
    Exercise(String),
    /// Anything else that a page may include: data, diagrams, manifests.
    Other,
}

impl Kind {
    /// Reads the kind from a path relative to the root.
    pub fn of(file: &str) -> Kind {
        if let Some(path) = file.strip_prefix("exercises/src/") {
            return match path.strip_suffix(".rs") {
                Some(name) if name != "lib" && !name.contains('/') => {
                    Kind::Exercise(name.to_string())
                }
                _ => Kind::Other,
            };
        }
        let Some(path) = file.strip_prefix("listings/") else {
            return Kind::Other;
        };
        let (stem, extension) = path.rsplit_once('.').unwrap_or((path, ""));
        let first =
            |rest: &str| rest.split('/').next().unwrap_or_default().to_string();
        match (stem.split_once('/'), extension) {
            (Some(("src", module)), "rs") => {
                let module = module.strip_suffix("/mod").unwrap_or(module);
                Kind::Step(module.replace('/', "::"))
            }
            (Some(("examples", name)), "rs") if !name.contains('/') => {
                Kind::Program(name.to_string())
            }
            (Some(("examples", name)), "js") => Kind::Script(name.to_string()),
            (Some(("tests", rest)), "rs")
                if rest.starts_with("compile_fail/") =>
            {
                Kind::CompileFail
            }
            (Some(("tests", rest)), "rs") => Kind::Test(first(rest)),
            (Some(("benches", rest)), "rs") => Kind::Bench(first(rest)),
            _ => Kind::Other,
        }
    }
}

/// The stable id of a listing on its page.
pub fn id(target: &Target) -> String {
    let stub;
    let path = match Kind::of(&target.file) {
        Kind::Exercise(name) => {
            stub = format!("exercises/{name}.rs");
            &stub
        }
        _ => target.file.strip_prefix("listings/").unwrap_or(&target.file),
    };
    let path = path.strip_prefix("src/").unwrap_or(path);
    let path = path.strip_prefix("tests/").unwrap_or(path);
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    let mut id = format!("listing-{}", stem.replace('/', "-"));
    if let Some(anchor) = &target.anchor {
        id = format!("{id}-{anchor}");
    }
    id
}

/// The feature without which cargo leaves this listing out, if any: read from
/// the `#[cfg(feature = "…")]` on its modules or the manifest's
/// `required-features`.
pub fn feature(root: &Path, file: &str) -> Option<String> {
    match Kind::of(file) {
        Kind::Step(module) => {
            let src = root.join(CRATE).join("src");
            let parts: Vec<&str> = module.split("::").collect();
            for depth in (0..parts.len()).rev() {
                let parent = match depth {
                    0 => src.join("lib.rs"),
                    _ => src.join(parts[..depth].join("/")).join("mod.rs"),
                };
                let text = fs::read_to_string(parent).unwrap_or_default();
                let declaration = format!("pub mod {};", parts[depth]);
                let above = text.split(&declaration).next()?;
                let attribute = above.lines().next_back().unwrap_or_default();
                if text.contains(&declaration)
                    && let Some((_, rest)) =
                        attribute.split_once("feature = \"")
                {
                    return rest.split('"').next().map(str::to_string);
                }
            }
            None
        }
        Kind::Program(name) | Kind::Test(name) | Kind::Bench(name) => {
            let manifest =
                fs::read_to_string(root.join(CRATE).join("Cargo.toml")).ok()?;
            let manifest: toml::Table = manifest.parse().ok()?;
            let targets = ["example", "test", "bench"]
                .iter()
                .filter_map(|k| manifest.get(*k)?.as_array())
                .flatten();
            for target in targets {
                if target.get("name").and_then(|n| n.as_str()) == Some(&name) {
                    return target
                        .get("required-features")?
                        .as_array()?
                        .first()?
                        .as_str()
                        .map(str::to_string);
                }
            }
            None
        }
        _ => None,
    }
}

/// The command a reader types to run the listing, from the root.
pub fn command(root: &Path, file: &str) -> Option<String> {
    let with_feature = |command: String| match feature(root, file) {
        Some(feature) => format!("{command} --features {feature}"),
        None => command,
    };
    match Kind::of(file) {
        Kind::Step(module) => {
            Some(with_feature(format!("cargo test {module}")))
        }
        Kind::Program(name) => {
            Some(with_feature(format!("cargo run --example {name}")))
        }
        Kind::Script(_) => Some(format!("node {file}")),
        Kind::CompileFail => Some("cargo test --test messages".to_string()),
        Kind::Test(name) => {
            Some(with_feature(format!("cargo test --test {name}")))
        }
        Kind::Bench(name) => {
            Some(with_feature(format!("cargo bench --bench {name}")))
        }
        Kind::Exercise(name) => Some(format!("cargo exercise {name}")),
        Kind::Other => None,
    }
}

/// Which lines of `new` are not in `old`, one flag a line.
pub fn changed_lines(old: &str, new: &str) -> Vec<bool> {
    // With its newline, the last line is a line like any other.
    let (old, new) = (format!("{old}\n"), format!("{new}\n"));
    let mut changed = Vec::new();
    for change in TextDiff::from_lines(&old, &new).iter_all_changes() {
        match change.tag() {
            ChangeTag::Delete => {}
            ChangeTag::Equal => changed.push(false),
            ChangeTag::Insert => changed.push(true),
        }
    }
    changed
}

/// Runs of changed lines as a reader counts them: `3–5, 8`.
fn runs(changed: &[bool]) -> String {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (n, _) in changed.iter().enumerate().filter(|(_, c)| **c) {
        match runs.last_mut() {
            Some((_, last)) if *last == n => *last = n + 1,
            _ => runs.push((n + 1, n + 1)),
        }
    }
    let text: Vec<String> = runs
        .iter()
        .map(|(a, b)| if a == b { a.to_string() } else { format!("{a}–{b}") })
        .collect();
    text.join(", ")
}

/// The step a listing grew from, as its caption tells it.
pub struct Step {
    /// What the author wrote after `step=`.
    pub name: String,
    /// Its id, when it stands on the same page.
    pub link: Option<String>,
    /// A flag for each line of the listing.
    pub changed: Vec<bool>,
}

/// A text that a run or the compiler gave.
pub struct Record {
    /// The id of its block.
    pub id: String,
    /// HTML above it.
    pub caption: String,
    /// The text.
    pub text: String,
}

/// A listing with all that stands around it on the page.
pub struct Figure<'a> {
    pub root: &'a Path,
    pub repository: Option<&'a str>,
    pub target: &'a Target,
    pub taken: &'a Taken,
    /// The fence's first word: `rust`, `js`.
    pub language: &'a str,
    pub step: Option<Step>,
    pub record: Option<Record>,
}

impl Figure<'_> {
    /// The figure as Markdown: HTML around an ordinary fence.
    pub fn markdown(&self) -> String {
        let id = id(self.target);
        let kind = Kind::of(&self.target.file);
        let class = match kind {
            Kind::CompileFail => "listing does-not-compile",
            _ => "listing",
        };
        let mut html =
            format!("<figure class=\"{class}\" id=\"{id}\">\n<figcaption>\n");
        html += &format!("<span class=\"file\">{}</span>\n", self.file_link());
        if kind == Kind::CompileFail {
            html += "<strong class=\"verdict\">does not compile</strong>\n";
        }
        if let Kind::Exercise(_) = kind {
            html += "<strong class=\"verdict yours\">yours to write</strong>\n";
        }
        if let Some(command) = command(self.root, &self.target.file) {
            html += &format!(
                "<code class=\"command\">{}</code>\n",
                encode_text(&command)
            );
        }
        html += &format!(
            "<a class=\"permalink\" href=\"#{id}\" \
             aria-label=\"Link to this listing\">#</a>\n"
        );
        if let Some(step) = &self.step {
            html += &step.caption();
        }
        if let Kind::Exercise(name) = &kind {
            let file = format!("{EXERCISES}/solutions/{name}.rs");
            let solution = self.link(&file, "", "one way to write it");
            html += &format!("<span class=\"step\">{solution}</span>\n");
        }
        html += "</figcaption>\n<div class=\"code\">\n";
        if let Some(step) = &self.step {
            html += &step.marks();
        }
        html += "\n";
        html += &fence(self.language, &self.taken.text);
        html += "\n</div>\n";
        if let Some(record) = &self.record {
            html += &format!(
                "<div class=\"record\" id=\"{}\">\n<p>{}</p>\n\n{}\n</div>\n",
                record.id,
                record.caption,
                fence("text", record.text.trim_end()),
            );
        }
        html += "</figure>\n";
        html
    }

    fn file_link(&self) -> String {
        let file = &self.target.file;
        let shown = file.strip_prefix("listings/").unwrap_or(file);
        let lines = format!("#L{}-L{}", self.taken.first, self.taken.last);
        self.link(file, &lines, shown)
    }

    /// A link to a file of the repository, when it is known where that is.
    fn link(&self, file: &str, lines: &str, shown: &str) -> String {
        match self.repository {
            Some(url) => format!(
                "<a href=\"{}/blob/main/{file}{lines}\">{shown}</a>",
                encode_double_quoted_attribute(url.trim_end_matches('/')),
            ),
            None => shown.to_string(),
        }
    }
}

impl Step {
    fn caption(&self) -> String {
        let name = encode_text(&self.name);
        let name = match &self.link {
            Some(id) => format!("<a href=\"#{id}\">{name}</a>"),
            None => name.into_owned(),
        };
        let runs = runs(&self.changed);
        let what = match () {
            _ if runs.is_empty() => "only lines removed".to_string(),
            _ if runs.contains([',', '–']) => {
                format!("lines {runs} changed (marked +)")
            }
            _ => format!("line {runs} changed (marked +)"),
        };
        format!("<span class=\"step\">from {name}: {what}</span>\n")
    }

    /// A column of `+` beside the changed lines, in the code's own metrics:
    /// it needs no script and is visible without color.
    fn marks(&self) -> String {
        let column: Vec<&str> = self
            .changed
            .iter()
            .map(|c| if *c { "<b>+</b>" } else { "&nbsp;" })
            .collect();
        format!(
            "<pre class=\"marks\" aria-hidden=\"true\">{}</pre>\n",
            column.join("\n")
        )
    }
}

/// A fence that no line of `text` can close.
pub fn fence(language: &str, text: &str) -> String {
    let longest = text
        .lines()
        .map(|l| l.trim_start().chars().take_while(|c| *c == '`').count())
        .max()
        .unwrap_or(0);
    let ticks = "`".repeat(longest.max(2) + 1);
    format!("{ticks}{language}\n{text}\n{ticks}\n")
}

/// Every error code of a compiler's message, linked to its explanation.
pub fn error_codes(message: &str) -> Vec<String> {
    let mut codes: Vec<String> = message
        .lines()
        .filter_map(|l| l.strip_prefix("error[")?.split(']').next())
        .map(|code| {
            format!(
                "<a href=\"https://doc.rust-lang.org/error_codes/{code}.html\">\
                 {code}</a>"
            )
        })
        .collect();
    codes.dedup();
    codes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(file: &str, anchor: Option<&str>) -> Target {
        Target { file: file.into(), anchor: anchor.map(Into::into) }
    }

    #[test]
    fn the_id_comes_from_the_path() {
        let of = |f: &str, a| id(&target(f, a));
        assert_eq!(
            of("listings/src/wakers/block_on/park.rs", Some("block_on")),
            "listing-wakers-block_on-park-block_on"
        );
        assert_eq!(
            of("listings/examples/lazy_order.rs", None),
            "listing-examples-lazy_order"
        );
        assert_eq!(
            of("listings/tests/compile_fail/pinning/pin/moved.rs", None),
            "listing-compile_fail-pinning-pin-moved"
        );
        assert_eq!(
            of("exercises/src/countdown.rs", Some("stub")),
            "listing-exercises-countdown-stub"
        );
    }

    #[test]
    fn the_command_comes_from_the_path() {
        let of = |f: &str| command(Path::new("/none"), f);
        let test = of("listings/src/wakers/block_on/park.rs").unwrap();
        assert_eq!(test, "cargo test wakers::block_on::park");
        let run = of("listings/examples/lazy_order.rs").unwrap();
        assert_eq!(run, "cargo run --example lazy_order");
        let exercise = of("exercises/src/countdown.rs").unwrap();
        assert_eq!(exercise, "cargo exercise countdown");
        assert_eq!(of("exercises/solutions/countdown.rs"), None);
    }

    #[test]
    fn a_feature_on_a_module_is_in_the_command() {
        let dir = tempfile::tempdir().unwrap();
        let src = dir.path().join("listings/src");
        fs::create_dir_all(&src).unwrap();
        fs::write(
            src.join("lib.rs"),
            "pub mod a;\n\n#[cfg(feature = \"gpu\")]\npub mod boundary;\n",
        )
        .unwrap();
        assert_eq!(
            command(dir.path(), "listings/src/boundary/proxy/app.rs").unwrap(),
            "cargo test boundary::proxy::app --features gpu"
        );
        assert_eq!(
            command(dir.path(), "listings/src/a/b.rs").unwrap(),
            "cargo test a::b"
        );
    }

    #[test]
    fn changed_lines_are_those_the_old_text_lacks() {
        let changed = changed_lines("a\nb\nc", "a\nx\ny\nc\nd");
        assert_eq!(changed, [false, true, true, false, true]);
        assert_eq!(runs(&changed), "2–3, 5");
    }

    #[test]
    fn a_fence_is_longer_than_any_in_its_text() {
        assert!(fence("text", "```\nx\n```").starts_with("````text\n"));
    }
}
