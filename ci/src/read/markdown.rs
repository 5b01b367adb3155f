//! The one reader of a chapter: fences, directives, HTML and headings, as the
//! Markdown parser and mdBook see them.

use std::mem::replace;
use std::ops::Range;

use mdbook_markdown::pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Tag, TagEnd, TextMergeWithOffset};
use mdbook_markdown::{MarkdownOptions, new_cmark_parser};

use super::made::TABLES;

patterns! {
    /// mdBook's own pattern of `{{#include …}}` and its like, escaped or not, and
    /// what mdBook passes over in silence: a directive without an argument.
    DIRECTIVE = r"(\\)\{\{#.*?\}\}|\{\{\s*#([a-zA-Z0-9_]+)\s*([^}]*)\}\}";
    FOOTNOTE = r"\[\^([^\]\s]+)\]";
    /// What is left of a link whose name is given to no address.
    LOOSE_LINK = r"\]\[([^\[\]]+)\]";
    /// What was meant as a heading and is text.
    LOOSE_HEADING = r"^(?:#+[A-Za-z]|#{7})";
    /// A comment that looks like a mark, and its word.
    MARK = r"^<!--\s*([a-z]+)\s*:";
    RAW_CODE = r"(?i)<pre[\s>]|<code\s";
    FENCE_LINE = r"^[\s>]*(?:```|~~~)";
}

/// The languages of the book's fences, as they are written.
const LANGUAGES: [&str; 10] = ["rust", "js", "mermaid", "chart", "text", "console", "toml", "html", "css", "wgsl"];

/// The marks that are written as a comment: `<!-- search: … -->`.
const MARKS: [&str; 2] = ["description", "search"];

/// A directive such as `{{#include path}}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// `include`, or another of mdBook's helpers.
    pub helper: String,
    /// What stands between the helper's name and the closing braces.
    pub argument: String,
    /// Its place in the text that was searched.
    pub range: Range<usize>,
}

/// A fence of a chapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fence {
    /// From its first backtick to its last.
    pub range: Range<usize>,
    /// The first word after the backticks.
    pub language: String,
    /// The other words.
    pub options: Vec<String>,
    /// What is in it, without the marks of a quote or a list around it.
    pub inner: String,
    /// Its first line, counted from 1.
    pub line: usize,
}

impl Fence {
    /// The directive that is all that the fence holds.
    pub fn only_directive(&self) -> Option<Directive> {
        let found = directives(&self.inner);
        let [one] = &found[..] else { return None };
        let whole = one.range.len() == self.inner.trim().len();
        whole.then(|| one.clone())
    }

    /// Only a figure is shown in more than one way.
    pub fn no_option(&self) -> Result<(), String> {
        self.options.first().map_or(Ok(()), |option| Err(format!("`{option}` means nothing here")))
    }
}

/// Whether the last line of a fence, as it is written, is its end.
fn has_end(whole: &str) -> bool {
    let Some((first, _)) = whole.split_once('\n') else { return false };
    let sign = if first.starts_with('~') { '~' } else { '`' };
    let opened = first.chars().take_while(|c| *c == sign).count();
    let last = whole.lines().next_back().unwrap_or_default();
    let last = last.trim_start_matches([' ', '\t', '>']);
    last.len() >= opened && last.chars().all(|c| c == sign)
}

/// A chapter as it was read.
#[derive(Debug, Default)]
pub struct Markdown {
    /// In their order.
    pub fences: Vec<Fence>,
    /// HTML in the text: its place.
    pub html: Vec<Range<usize>>,
    /// What is wrong, with its line.
    pub problems: Vec<(usize, String)>,
}

/// Reads a chapter.
pub fn read(content: &str) -> Markdown {
    let mut out = Markdown::default();
    let mut open: Option<Fence> = None;
    let mut heading: Option<(usize, String, bool)> = None;
    let in_heading = |heading: &mut Option<(usize, String, bool)>, more: &str| {
        if let Some((_, words, _)) = heading {
            *words += more;
        }
    };
    let mut in_code = false;
    let (mut titles, mut columns) = (0, 0);
    let mut begins = false;
    let parser = new_cmark_parser(content, &MarkdownOptions::default());
    for (event, range) in TextMergeWithOffset::new(parser.into_offset_iter()) {
        let is_first = replace(&mut begins, matches!(event, Event::Start(Tag::Paragraph)));
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                in_code = true;
                let CodeBlockKind::Fenced(info) = kind else {
                    out.problem(content, range.start, "code is indented: use a fence, which says its language");
                    continue;
                };
                let mut words = info.split([' ', '\t', ',']).filter(|word| !word.is_empty()).map(str::to_string);
                let end = range.start + content[range.clone()].trim_end().len();
                open = Some(Fence {
                    line: line_of(content, range.start),
                    range: range.start..end,
                    language: words.next().unwrap_or_default(),
                    options: words.collect(),
                    inner: String::new(),
                });
            }
            Event::Text(more) if in_code => {
                if let Some(fence) = &mut open {
                    fence.inner += &more;
                }
            }
            Event::Text(more) => {
                if is_first && LOOSE_HEADING.is_match(&content[range.start..]) {
                    let why = "this is text: a heading begins with one to six `#` and a space";
                    out.problem(content, range.start, why);
                }
                out.loose(content, range);
                in_heading(&mut heading, &more);
            }
            Event::Code(more) => in_heading(&mut heading, &more),
            Event::End(TagEnd::CodeBlock) => {
                in_code = false;
                if let Some(fence) = open.take() {
                    out.language(content, &fence);
                    if !has_end(&content[fence.range.clone()]) {
                        let why = "this fence has no end, so what follows is shown as code: end it with a line of the \
                                   same signs";
                        out.problem(content, fence.range.start, why);
                    }
                    out.fences.push(fence);
                }
            }
            Event::Html(_) | Event::InlineHtml(_) => out.raw_html(content, range),
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) if dest_url.is_empty() => {
                out.problem(content, range.start, "a link without an address");
            }
            Event::Start(Tag::Table(alignments)) => columns = alignments.len(),
            Event::Start(Tag::TableHead | Tag::TableRow) => {
                let cells = cells(&content[range.clone()]);
                if cells > columns {
                    let why = format!(
                        "this row has {cells} cells, and only {columns} are shown: write `\\|` for a `|` within a cell"
                    );
                    out.problem(content, range.start, why);
                }
            }
            Event::Start(Tag::Heading { id, level, .. }) => {
                titles += usize::from(level == HeadingLevel::H1);
                if level == HeadingLevel::H1 && titles > 1 {
                    let why = "a second title: the heading of a section begins with `##`";
                    out.problem(content, range.start, why);
                }
                heading = Some((range.start, String::new(), id.is_some()));
            }
            Event::End(TagEnd::Heading(_)) => {
                let Some((at, words, named)) = heading.take() else { continue };
                if words.trim().is_empty() && named {
                    out.problem(content, at, "a heading without a word: write one");
                } else if !named && !words.chars().any(char::is_alphanumeric) {
                    let why = "a heading without a word has no address: write one, or name it with `{#id}`";
                    out.problem(content, at, why);
                }
            }
            _ => {}
        }
    }
    out
}

/// How many cells a row of a table is written with.
fn cells(row: &str) -> usize {
    let row = row.trim();
    let row = row.strip_prefix('|').unwrap_or(row);
    let bars = row.match_indices('|').filter(|(at, _)| !row[..*at].ends_with('\\'));
    let ends = bars.clone().any(|(at, _)| at + 1 == row.len());
    bars.count() + usize::from(!ends)
}

impl Markdown {
    fn problem(&mut self, content: &str, at: usize, why: impl Into<String>) {
        self.problems.push((line_of(content, at), why.into()));
    }

    fn language(&mut self, content: &str, fence: &Fence) {
        let language = &*fence.language;
        if LANGUAGES.iter().chain(&TABLES).any(|it| *it == language) {
            return;
        }
        let what = match language {
            "" => "a fence says its language".to_string(),
            _ => format!("`{language}` is no language of this book"),
        };
        self.problem(content, fence.range.start, format!("{what}: write one of {}", LANGUAGES.join(", ")));
    }

    fn raw_html(&mut self, content: &str, range: Range<usize>) {
        const RAW: &str = "code is written as HTML: use a fence";
        const WITHIN: &str =
            "this fence stands within HTML and would be shown as it is written: leave an empty line above it";
        let html = &content[range.clone()];
        let first = line_of(content, range.start);
        if let Some(mark) = MARK.captures(html)
            && !MARKS.contains(&&mark[1])
        {
            let why = format!("`{}` is no mark of this book: `{}` are", &mark[1], MARKS.join("` and `"));
            self.problems.push((first, why));
        }
        for (n, line) in html.lines().enumerate() {
            for (pattern, why) in [(&RAW_CODE, RAW), (&FENCE_LINE, WITHIN)] {
                if pattern.is_match(line) {
                    self.problems.push((first + n, why.into()));
                }
            }
        }
        self.html.push(range);
    }

    /// A footnote or an address that is defined nowhere is text to the parser.
    fn loose(&mut self, content: &str, range: Range<usize>) {
        for (pattern, what, sign) in [(&LOOSE_LINK, "address of the link", ""), (&FOOTNOTE, "footnote", "^")] {
            for found in pattern.captures_iter(&content[range.clone()]) {
                let at = range.start + found.get(0).map_or(0, |it| it.start());
                if !content[..at].ends_with('\\') {
                    let name = &found[1];
                    let why = format!("the {what} `{name}` is defined nowhere: add `[{sign}{name}]: …`");
                    self.problem(content, at, why);
                }
            }
        }
    }
}

/// Every directive in `text` that is not escaped with a backslash.
pub fn directives(text: &str) -> Vec<Directive> {
    DIRECTIVE
        .captures_iter(text)
        .filter(|found| found.get(1).is_none())
        .map(|found| Directive {
            helper: found[2].to_string(),
            argument: found[3].trim().to_string(),
            range: found.get(0).map_or(0..0, |whole| whole.range()),
        })
        .collect()
}

/// What is written in place of a part of a text.
pub type Edit = (Range<usize>, String);

/// `text` with what is written in place of its parts; one within another is
/// left out.
pub fn edited(text: &str, edits: impl IntoIterator<Item = Edit>) -> String {
    let mut edits = Vec::from_iter(edits);
    edits.sort_by_key(|(range, _)| range.start);
    let (mut out, mut at) = (String::new(), 0);
    for (range, new) in edits {
        if range.start >= at {
            out += &text[at..range.start];
            out += &new;
            at = range.end;
        }
    }
    out + &text[at..]
}

/// What makes escaped directives what they mean: they lose the backslash.
pub fn unescaped(text: &str) -> impl Iterator<Item = Edit> {
    let found = DIRECTIVE.captures_iter(text);
    let escapes = found.filter_map(|found| found.get(1));
    escapes.map(|escape| (escape.range(), String::new()))
}

/// The line of a place in a text, counted from 1.
pub fn line_of(text: &str, offset: usize) -> usize {
    text[..offset].matches('\n').count() + 1
}

/// Where mdBook's warning `said` of a chapter belongs: it names no line, so the
/// tag or the footnote that it is about is looked for.
pub fn line_of_warning(content: &str, said: &str) -> usize {
    let lower = content.to_lowercase();
    let within = |from: &str, to: &str| {
        let (_, rest) = said.split_once(from)?;
        Some(rest.split_once(to)?.0.to_lowercase())
    };
    let place = if let Some(name) = within("footnote `", "`") {
        let mark = format!("[^{name}]:");
        let mut places = lower.match_indices(&mark).map(|(at, _)| at);
        match said.contains("multiple times") {
            true => places.nth(1),
            false => places.next(),
        }
    } else if let Some(tag) = within("`<", ">`") {
        let name = |range: &Range<usize>| {
            let html = lower.get(range.clone()).unwrap_or_default();
            html.find(&format!("<{tag}")).map(|at| range.start + at)
        };
        read(content).html.iter().find_map(name)
    } else if said.contains("in state Comment") {
        let mut comments = lower.match_indices("<!--").map(|(at, _)| at);
        comments.find(|at| !lower[*at..].contains("-->"))
    } else {
        None
    };
    place.map_or(0, |at| line_of(content, at.min(content.len())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(content: &str) -> Vec<String> {
        let each = read(content).problems.into_iter();
        each.map(|(line, what)| format!("{line}: {what}")).collect()
    }

    #[track_caller]
    fn refused(content: &str, why: &str) {
        let found = problems(content);
        assert!(found.iter().any(|said| said.starts_with(why)), "{content}: {found:?}");
    }

    #[test]
    fn a_fence_is_read_wherever_markdown_allows_one() {
        for (content, line) in [
            ("```rust\nlet a;\n  b\n```\n", 1),
            ("a\n\n- ```rust\n  let a;\n    b\n  ```\n", 3),
            ("1. ```rust\n   let a;\n     b\n   ```\n", 1),
            ("- > ```rust\n  > let a;\n  >   b\n  > ```\n", 1),
            ("> a\n>\n>```rust\n>let a;\n>   b\n>```\n", 3),
            ("a\n: ```rust\n  let a;\n    b\n  ```\n", 2),
        ] {
            let read = read(content);
            let [fence] = &read.fences[..] else { panic!("{content}") };
            assert_eq!(fence.language, "rust", "{content}");
            assert_eq!(fence.inner.trim_end(), "let a;\n  b", "{content}");
            assert_eq!(fence.line, line, "{content}");
            let whole = &content[fence.range.clone()];
            assert!(whole.starts_with("```rust"), "{whole}");
            assert!(whole.ends_with("```"), "{whole}");
        }
    }

    #[test]
    fn another_spelling_of_a_language_is_refused() {
        for word in ["rs", "Rust", "rust2024", "{.rust}", "Mermaid", "js,x y"] {
            let content = format!("a\n\n```{word}\nlet a;\n```\n");
            if word.starts_with("js") {
                assert_eq!(problems(&content), Vec::<String>::new());
            } else {
                refused(&content, &format!("3: `{word}` is no language"));
            }
        }
    }

    #[test]
    fn code_in_html_and_a_fence_in_html_are_refused() {
        let html = "a\n\n<pre><code class=\"language-rust\">x</code></pre>\n";
        refused(html, "3: code is written as HTML");
        refused("a <code class=x>b</code>\n", "1: code is written as HTML");
        let summary = "<details><summary>Is <code>a</code>?</summary>\n\nb\n";
        assert_eq!(problems(summary), Vec::<String>::new());
        let folded = "<details><summary>S</summary>\n```text\nx\n```\n\
                      </details>\n";
        refused(folded, "2: this fence stands within HTML");
        let apart = folded.replace("</summary>\n", "</summary>\n\n");
        assert_eq!(problems(&apart), Vec::<String>::new());
    }

    #[test]
    fn a_heading_without_a_word_is_refused() {
        refused("# A\n\n## ::\n", "3: a heading without a word");
        refused("# A\n\n##\n", "3: a heading without a word");
        refused("# A\n\n## {#id}\n", "3: a heading without a word");
        refused("# A\n\n# B\n", "3: a second title");
        refused("# A\n\nB\n=====\n", "3: a second title");
        for heading in ["## `a`", "## :: {#id}", "## [x](y.md) z"] {
            assert_eq!(problems(heading), Vec::<String>::new());
        }
    }

    #[test]
    fn a_footnote_that_is_defined_nowhere_is_refused() {
        refused("# A\n\nText[^a] more.\n", "3: the footnote `a` is defined");
        for fine in ["a[^b]\n\n[^b]: c\n", "`[^a]`\n", "\\[^a]\n"] {
            assert_eq!(problems(fine), Vec::<String>::new(), "{fine}");
        }
    }

    #[test]
    fn what_would_be_lost_or_stay_as_it_is_typed_is_refused() {
        for (content, why) in [
            ("```\nfn main() {}\n```\n", "1: a fence says its language"),
            ("a\n\n    fn main() {}\n", "3: code is indented"),
            ("```text\na\n\nb\n", "1: this fence has no end"),
            ("```text\na\n    ```\n\nb\n", "1: this fence has no end"),
            ("````text\na\n```\n\nb\n", "1: this fence has no end"),
            ("> ```text\na\n```\nb\n", "1: this fence has no end"),
            ("|a|b|\n|-|-|\n|1|2|\n|`x | y`|z|\n", "4: this row has 3 cells"),
            ("a [b][c] d\n", "1: the address of the link `c`"),
            ("a [`b`][c] d\n", "1: the address of the link `c`"),
            ("a [b]() c\n", "1: a link without an address"),
            ("a\n\n###b\n", "3: this is text"),
            ("####### b\n", "1: this is text"),
            ("<!-- serach: a -->\n", "1: `serach` is no mark"),
        ] {
            refused(content, why);
        }
        for fine in [
            "~~~text\n```\n~~~\n",
            "````text\n```\n````\n",
            "|a|b|\n|-|-|\n|1|2|\n|1\n|`x \\| y`|z\n",
            "> a | b\n> --|--\n> 1 | 2\n",
            "a [b][c] d\n\n[c]: e.md\n",
            "`[b][c]` \\[b\\][c]\n",
            "#35 of 40, and `#[test]`\n",
            "<!-- TODO -->\n",
        ] {
            assert_eq!(problems(fine), Vec::<String>::new(), "{fine}");
        }
    }

    #[test]
    fn every_spelling_of_a_directive_is_read() {
        let found = |text: &str| {
            let found = directives(text);
            let [one] = &found[..] else { panic!("{text}: {found:?}") };
            (one.helper.clone(), one.argument.clone())
        };
        let pair = |a: &str, b: &str| (a.to_string(), b.to_string());
        assert_eq!(found("{{#include a.rs}}"), pair("include", "a.rs"));
        assert_eq!(found("{{ #include a.rs:b }}"), pair("include", "a.rs:b"));
        assert_eq!(found("{{\n#include  a.rs\n}}"), pair("include", "a.rs"));
        assert_eq!(found("{{#playground a}}"), pair("playground", "a"));
        assert_eq!(found("{{#title}}"), pair("title", ""));
        assert!(directives(r"\{{#include a.rs}}").is_empty());
        let text = r"a \{{#include b}}";
        assert_eq!(edited(text, unescaped(text)), "a {{#include b}}");
    }

    #[test]
    fn a_warning_of_mdbook_is_given_its_line() {
        let content = "# A\n\nx<T> and `<b>`\n\n[^a]: b\n\nc[^a]\n\n[^a]: d\n";
        let line = |said| line_of_warning(content, said);
        assert_eq!(line("unclosed HTML tag `<t>` found in `a.md` while"), 3);
        assert_eq!(line("footnote `a` in a.md defined multiple times"), 9);
        assert_eq!(line("footnote `a` in `a.md` is defined but not"), 5);
        assert_eq!(line("something else"), 0);
        let open = "<!-- a -->\n\n<!-- b\n\nc\n";
        let said = "html parse error in `a.md`: Saw EOF in state Comment";
        assert_eq!(line_of_warning(open, said), 3);
    }
}
