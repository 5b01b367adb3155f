//! The figure that a listing becomes on its page: caption, code, marks of what
//! changed, and what the program printed or the compiler said.

use std::path::Path;

use html_escape::{encode_double_quoted_attribute, encode_text};
use similar::{ChangeTag, TextDiff};

use super::include::{Taken, Target};
use super::listing::{EXERCISES, Kind, command, id};

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
