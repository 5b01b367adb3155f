//! The figure that a listing becomes on its page: caption, code, marks of what
//! changed, and what the program printed or the compiler said.

use std::path::Path;

use html_escape::{encode_double_quoted_attribute, encode_text};

use super::include::{Taken, Target};
use super::listing::{self, EXERCISES, Kind, command, id};

/// Which lines of `new` are not in `old`, one flag a line: all but those of a
/// longest common subsequence.
pub fn changed_lines(old: &str, new: &str) -> Vec<bool> {
    let (old, new): (Vec<_>, Vec<_>) = (old.lines().collect(), new.lines().collect());
    // How many lines what is left of both has in common.
    let mut common = vec![vec![0_u32; new.len() + 1]; old.len() + 1];
    for (i, a) in old.iter().enumerate().rev() {
        for (j, b) in new.iter().enumerate().rev() {
            common[i][j] = match a == b {
                true => common[i + 1][j + 1] + 1,
                false => common[i + 1][j].max(common[i][j + 1]),
            };
        }
    }
    let (mut i, mut changed) = (0, Vec::with_capacity(new.len()));
    for (j, line) in new.iter().enumerate() {
        while i < old.len() && old[i] != *line && common[i + 1][j] >= common[i][j + 1] {
            i += 1;
        }
        let same = old.get(i) == Some(line);
        i += usize::from(same);
        changed.push(!same);
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
    let text: Vec<String> = runs.iter().map(|(a, b)| if a == b { a.to_string() } else { format!("{a}–{b}") }).collect();
    text.join(", ")
}

/// The step a listing grew from, as its caption tells it.
pub struct GrownFrom {
    /// What the author wrote after `step=`.
    pub name: String,
    /// Its id, when it stands on the same page.
    pub link: Option<String>,
    /// A flag for each line of the listing.
    pub changed: Vec<bool>,
}

/// What a program printed or the compiler said, where it stands on its page.
#[derive(Debug, Clone)]
pub struct Record {
    /// The id of its block.
    pub id: String,
    /// Whether it is the compiler's.
    pub compiler: bool,
    pub text: String,
}

impl Record {
    fn html(&self) -> String {
        let codes = error_codes(&self.text).join(", ");
        let caption = match (self.compiler, &*codes) {
            (false, _) => "It prints:".to_string(),
            (true, "") => "The compiler says:".to_string(),
            (true, codes) => format!("The compiler says ({codes}):"),
        };
        format!(
            "<div class=\"record\" id=\"{id}\"><p>{caption} {link}</p>{code}</div>",
            id = self.id,
            link = permalink(&self.id, "output"),
            code = code_block(&encode_text(self.text.trim_end())),
        )
    }
}

/// A listing with all that stands around it on the page.
pub struct Figure<'a> {
    pub root: &'a Path,
    pub repository: Option<&'a str>,
    pub target: &'a Target,
    pub taken: &'a Taken,
    /// The listing's text as colored HTML.
    pub code: String,
    pub grown_from: Option<GrownFrom>,
    pub record: Option<Record>,
}

impl Figure<'_> {
    /// The figure as HTML.
    pub fn html(&self) -> String {
        let id = id(self.target);
        let kind = Kind::of(&self.target.file);
        let (class, verdict) = match kind {
            Kind::CompileFail => ("listing does-not-compile", "<strong class=\"verdict\">does not compile</strong>"),
            Kind::Exercise(_) => ("listing", "<strong class=\"verdict yours\">yours to write</strong>"),
            _ => ("listing", ""),
        };
        // What its menu asks for: the program as one file.
        let program = match &kind {
            Kind::Program(name) => format!(" data-program=\"{name}\""),
            _ => String::new(),
        };
        let Taken { first, last, .. } = self.taken;
        let file = &self.target.file;
        let file_link = link(self.repository, &format!("{file}#L{first}-L{last}"), listing::shown(file));
        let mut html = format!(
            "<figure class=\"{class}\" id=\"{id}\"{program}><figcaption><span class=\"file\">{file_link}</span>{verdict}"
        );
        if let Some(command) = command(self.root, file) {
            html += &format!("<code class=\"command\">{}</code>", encode_text(&command));
        }
        // One row, with room for what the script adds, so that nothing moves.
        html += &format!("<span class=\"tools\">{}</span>", permalink(&id, "listing"));
        if let Some(step) = &self.grown_from {
            html += &step.caption();
        }
        if let Kind::Exercise(name) = &kind {
            let file = format!("{EXERCISES}/solutions/{name}.rs");
            let solution = link(self.repository, &file, "one way to write it");
            html += &format!("<span class=\"step\">{solution}</span>");
        }
        html += "</figcaption><div class=\"code\">";
        if let Some(step) = &self.grown_from {
            html += &step.marks();
        }
        html += &code_block(&self.code);
        html += "</div>";
        html += &self.record.as_ref().map(Record::html).unwrap_or_default();
        html + "</figure>"
    }
}

/// A link to a file of the repository, when it is known where that is.
pub fn link(repository: Option<&str>, file: &str, shown: &str) -> String {
    match repository {
        Some(url) => format!(
            "<a href=\"{}/blob/main/{file}\">{shown}</a>",
            encode_double_quoted_attribute(url.trim_end_matches('/')),
        ),
        None => shown.to_string(),
    }
}

impl GrownFrom {
    fn caption(&self) -> String {
        let name = encode_text(&self.name);
        let name = match &self.link {
            Some(id) => format!("<a href=\"#{id}\">{name}</a>"),
            None => name.into_owned(),
        };
        let runs = runs(&self.changed);
        let what = match () {
            _ if runs.is_empty() => "only lines removed".to_string(),
            _ if runs.contains([',', '–']) => format!("lines {runs} changed (marked +)"),
            _ => format!("line {runs} changed (marked +)"),
        };
        format!("<span class=\"step\">from {name}: {what}</span>")
    }

    /// A column of `+` beside the changed lines, in the code's own metrics:
    /// it needs no script and is visible without color.
    fn marks(&self) -> String {
        let column: Vec<&str> = self.changed.iter().map(|c| if *c { "<b>+</b>" } else { "&nbsp;" }).collect();
        format!("<pre class=\"marks\" aria-hidden=\"true\">{}</pre>", column.join("\n"))
    }
}

/// The sign beside what can be linked to.
pub fn permalink(id: &str, what: &str) -> String {
    format!("<a class=\"permalink\" href=\"#{id}\" aria-label=\"Link to this {what}\">#</a>")
}

/// Code that is HTML already.
pub fn code_block(html: &str) -> String {
    format!("<pre><code>{html}\n</code></pre>")
}

/// A diagram that was drawn, with its caption.
pub fn drawing(svg: &str, id: &str, caption: &str) -> String {
    let link = permalink(id, "diagram");
    format!("<figure class=\"drawing\">{svg}{link}{caption}</figure>")
}

/// HTML as it may stand in place of a fence, wherever that stood.
///
/// In one line, so that the marks of a list or a quote around it need not be
/// repeated, and after a comment, because a block of HTML that begins with one
/// ends with that line: what follows is Markdown again.
pub fn as_markdown(html: &str) -> String {
    format!("<!---->{}", html.replace('\n', "&#10;"))
}

/// Every error code of a compiler's message, linked to its explanation.
fn error_codes(message: &str) -> Vec<String> {
    let mut codes: Vec<String> = message
        .lines()
        .filter_map(|l| l.strip_prefix("error[")?.split(']').next())
        .map(|code| format!("<a href=\"https://doc.rust-lang.org/error_codes/{code}.html\">{code}</a>"))
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
    fn html_in_place_of_a_fence_is_one_line() {
        assert_eq!(as_markdown("<pre>a\n\n b</pre>"), "<!----><pre>a&#10;&#10; b</pre>");
    }
}
