//! What a page writes in plain Markdown and a reader sees as more: the short
//! answer, the sections that can wait, the proof of a sentence, how long it
//! takes.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::mem::{replace, take};
use std::ops::Range;
use std::path::Path;

use html_escape::encode_double_quoted_attribute;
use mdbook_markdown::pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};
use mdbook_markdown::{MarkdownOptions, new_cmark_parser};

use super::markdown::Edit;
use crate::disk;
use crate::links::slashed;

/// What a quote begins with that is the page's short answer.
const SHORT_ANSWER: &str = "The short answer.";
/// What the heading begins with of a section that a first reading may skip.
const DEEPER: &str = "Deeper:";
/// Folders with tests, relative to the root.
const FOLDERS: [&str; 4] = ["listings", "proofs", "boundary", "exercises/tests"];
/// How many words of a text on code are read in a minute.
const PACE: usize = 180;

patterns! {
    /// After a sentence's end, whatever it is wrapped in, brackets that hold nothing but code (with the space before
    /// them), and what they hold. In a quote the line begins with its sign.
    PROOF = r#"[.!?:][*_”"')`]*([ \r\n>]+\((`[A-Za-z0-9_:]+`(?:\s*,\s*`[A-Za-z0-9_:]+`)*)\s*\))"#;
}

/// Where each test stands: by its name, its files with the line in each.
#[derive(Debug, Default)]
pub struct Tests(BTreeMap<String, Vec<(String, usize)>>);

impl Tests {
    /// Reads the names of all tests below `root`.
    pub fn read(root: &Path) -> Tests {
        let mut tests = Tests::default();
        for folder in FOLDERS {
            for path in disk::below(&root.join(folder), "rs") {
                let (Ok(text), Ok(file)) = (fs::read_to_string(&path), path.strip_prefix(root)) else {
                    continue;
                };
                let file = slashed(file);
                for (name, line) in tests_in(&text) {
                    let at = tests.0.entry(name.into()).or_default();
                    at.push((file.clone(), line));
                }
            }
        }
        tests
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.values().map(Vec::len).sum()
    }

    /// The file and the line of a test. Of several with the name the one is
    /// meant whose path has the chapter's, or what stands before `::`; of several
    /// of the chapter that of the listing last shown in the text `before`.
    fn find(&self, name: &str, chapter: &Path, before_it: &str) -> Result<(&str, usize), String> {
        let (before, short) = name.rsplit_once("::").unwrap_or(("", name));
        let Some(all) = self.0.get(short) else {
            return Err(format!(
                "`{name}` is no test: what stands in brackets after a sentence names the test that proves it"
            ));
        };
        let module = |path: &str| format!("/{}/", path.strip_suffix(".rs").unwrap_or(path).replace('-', "_"));
        let part = match (before, &all[..]) {
            ("", [_]) => None,
            ("", _) => Some(chapter.with_extension("").to_string_lossy().into_owned()),
            (before, _) => Some(before.replace("::", "/")),
        };
        let is_meant = |file: &str| part.as_ref().is_none_or(|part| module(file).contains(&module(part)));
        let found: Vec<_> = all.iter().filter(|(file, _)| is_meant(file)).collect();
        let shown = found.iter().filter_map(|it| Some((before_it.rfind(&it.0)?, it))).max();
        match (found.as_slice(), shown) {
            ([(file, line)], _) | (_, Some((_, (file, line)))) => Ok((file, *line)),
            _ => {
                let files: Vec<_> = all.iter().map(|(f, _)| &**f).collect();
                Err(format!("`{name}` could be a test of {}: write `module::{short}`", files.join(" or of ")))
            }
        }
    }
}

/// The tests of a Rust file, with the line of each.
pub(super) fn tests_in(text: &str) -> Vec<(&str, usize)> {
    let mut found = Vec::new();
    let mut is_test = false;
    for (n, line) in text.lines().enumerate() {
        let line = line.trim_start();
        if let Some(attribute) = line.strip_prefix("#[") {
            let name = attribute.split(['(', ']']).next().unwrap_or_default();
            is_test |= name == "test" || name.ends_with("::test");
        } else if let Some((_, rest)) = line.split_once("fn ")
            && is_test
        {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
            found.push((&rest[..end.unwrap_or(rest.len())], n + 1));
            is_test = false;
        } else if !line.starts_with("//") {
            is_test = false;
        }
    }
    found
}

/// What the marks of one text become.
#[derive(Debug, Default)]
pub struct Marks {
    pub edits: Vec<Edit>,
    /// The files of the tests that are named as a proof.
    pub proved_in: Vec<String>,
    /// Where something is wrong, from the text's beginning, and what.
    pub problems: Vec<(usize, String)>,
}

impl Marks {
    /// Finds the marks in `text`, a `chapter` below `src` as it is written. A
    /// test is linked in `repository`.
    pub fn find(text: &str, chapter: &Path, tests: &Tests, repository: Option<&str>) -> Marks {
        let mut marks = Marks::default();
        let mut heading: Option<String> = None;
        let mut is_titled = false;
        // A quote whose first words are still to come.
        let mut quote: Option<(Range<usize>, String)> = None;
        let proofs = PROOF.captures_iter(text).filter_map(|found| {
            let (whole, names) = (found.get(1)?.range(), found.get(2)?);
            Some((names.start(), (whole, names.as_str())))
        });
        let proofs: HashMap<usize, (Range<usize>, &str)> = proofs.collect();
        let parser = new_cmark_parser(text, &MarkdownOptions::default());
        for (event, range) in parser.into_offset_iter() {
            match event {
                Event::Start(Tag::Heading { level, .. }) => {
                    heading = (level != HeadingLevel::H1).then(String::new);
                }
                Event::End(TagEnd::Heading(_)) => {
                    let end = range.start + text[range].trim_end().len();
                    let is_title = !replace(&mut is_titled, true);
                    match heading.take() {
                        None if is_title => {
                            let time = format!("\n\n<p class=\"reading-time\">{}</p>\n\n", Words::of(text));
                            marks.edits.push((end..end, time));
                        }
                        Some(said) if said.starts_with(DEEPER) => {
                            marks.edits.push(deeper(text, end));
                        }
                        _ => {}
                    }
                }
                Event::Start(Tag::BlockQuote(None)) => {
                    quote = Some((range.clone(), String::new()));
                }
                Event::End(TagEnd::Strong) => {
                    if let Some((range, said)) = quote.take()
                        && said == SHORT_ANSWER
                    {
                        marks.edits.extend(short_answer(text, range));
                    }
                }
                Event::Start(Tag::Paragraph | Tag::Strong) => {}
                Event::Text(said) => {
                    if let Some(heading) = &mut heading {
                        *heading += &said;
                    }
                    if let Some((_, quote)) = &mut quote {
                        *quote += &said;
                    }
                }
                Event::Code(_) => {
                    quote = None;
                    if let Some((whole, names)) = proofs.get(&range.start).filter(|_| heading.is_none()) {
                        let mut html = String::new();
                        for name in names.split(',').map(|name| name.trim().trim_matches('`')) {
                            match tests.find(name, chapter, &text[..whole.start]) {
                                Ok(at) => {
                                    marks.proved_in.push(at.0.to_string());
                                    html += &mark(name, at, repository);
                                }
                                Err(why) => marks.problems.push((whole.start, why)),
                            }
                        }
                        marks.edits.push((whole.clone(), html));
                    }
                }
                _ => quote = None,
            }
        }
        marks
    }
}

/// A class for the heading that ends at `end`, as mdBook reads it.
fn deeper(text: &str, end: usize) -> Edit {
    match text[..end].ends_with('}') {
        true => (end - 1..end, " .deeper}".into()),
        false => (end..end, " {.deeper}".into()),
    }
}

/// A quote becomes HTML with a class, which Markdown cannot give it.
fn short_answer(text: &str, quote: Range<usize>) -> Vec<Edit> {
    let mut new = "<blockquote class=\"short-answer\">\n\n";
    let (mut edits, mut at) = (Vec::new(), quote.start);
    for line in text[quote].trim_end().split_inclusive('\n') {
        let inner = line.trim_start_matches(' ');
        let inner = inner.strip_prefix('>').unwrap_or(inner);
        let inner = inner.strip_prefix(' ').unwrap_or(inner);
        edits.push((at..at + line.len() - inner.len(), take(&mut new).into()));
        at += line.len();
    }
    edits.push((at..at, "\n\n</blockquote>".into()));
    edits
}

/// The sign at the end of a proved sentence. Its text is read out, and shown to
/// who points at it.
fn mark(name: &str, (file, line): (&str, usize), repository: Option<&str>) -> String {
    let said = format!("<span>proved by <code>{name}</code></span>");
    match repository {
        Some(url) => format!(
            "<a class=\"proof\" href=\"{}/blob/main/{file}#L{line}\">{said}</a>",
            encode_double_quoted_attribute(url.trim_end_matches('/')),
        ),
        None => format!("<a class=\"proof\" tabindex=\"0\">{said}</a>"),
    }
}

/// How many words a reader has before them.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// On the main line: without code, folded answers and deeper sections.
    pub main: usize,
    /// In the deeper sections.
    pub deeper: usize,
}

impl Words {
    /// Counts those of a chapter as it is written.
    pub fn of(text: &str) -> Words {
        let mut words = Words::default();
        let (mut folded, mut code, mut deeper) = (0_usize, false, false);
        let mut heading: Option<String> = None;
        let parser = new_cmark_parser(text, &MarkdownOptions::default());
        for event in parser {
            let mut said = 0;
            match &event {
                Event::Start(Tag::CodeBlock(_)) => code = true,
                Event::End(TagEnd::CodeBlock) => code = false,
                Event::Start(Tag::Heading { level: HeadingLevel::H1 | HeadingLevel::H2, .. }) => {
                    heading = Some(String::new())
                }
                Event::End(TagEnd::Heading(_)) => heading = None,
                Event::Html(html) | Event::InlineHtml(html) => {
                    let closed = html.matches("</details>").count();
                    folded += html.matches("<details").count();
                    folded = folded.saturating_sub(closed);
                }
                Event::Text(text) if !code => {
                    if let Some(heading) = &mut heading {
                        *heading += text;
                        deeper = heading.starts_with(DEEPER);
                    }
                    let words = text.split_whitespace();
                    said = words.filter(|it| it.contains(char::is_alphanumeric)).count();
                }
                Event::Code(_) => said = 1,
                _ => {}
            }
            match (folded, deeper) {
                (0, false) => words.main += said,
                (0, true) => words.deeper += said,
                _ => {}
            }
        }
        words
    }
}

impl std::fmt::Display for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let minutes = |words: usize| match words.div_ceil(PACE) {
            0 | 1 => "a minute".to_string(),
            n => format!("{n} minutes"),
        };
        write!(f, "About {} to read", minutes(self.main))?;
        match self.deeper {
            0 => Ok(()),
            deeper => {
                write!(f, ", and {} for the deeper sections", minutes(deeper))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::markdown::edited;

    fn tests() -> Tests {
        let mut tests = Tests::default();
        for (name, file) in [
            ("it_wakes", "listings/src/wakers/mutex/queue.rs"),
            ("it_works", "listings/src/wakers/mutex/queue.rs"),
            ("it_works", "listings/src/wakers/oneshot/plain.rs"),
        ] {
            let at = tests.0.entry(name.into()).or_default();
            at.push((file.into(), 7));
        }
        tests
    }

    fn marked(text: &str) -> (String, Vec<(usize, String)>) {
        let url = Some("https://a.b/c/");
        let chapter = Path::new("wakers/mutex.md");
        let marks = Marks::find(text, chapter, &tests(), url);
        (edited(text, marks.edits), marks.problems)
    }

    #[test]
    fn a_quote_that_begins_with_the_short_answer_gets_a_class() {
        let (html, _) = marked("a\n\n> **The short answer.** Yes,\n> it does.\n\nb\n");
        assert_eq!(
            html,
            "a\n\n<blockquote class=\"short-answer\">\n\n**The short \
             answer.** Yes,\nit does.\n\n</blockquote>\n\nb\n"
        );
        for other in ["> The short answer.\n", "> **Note.** The short answer.\n", "> a **The short answer.**\n"] {
            assert_eq!(marked(other).0, other);
        }
    }

    #[test]
    fn a_deeper_heading_gets_a_class() {
        assert_eq!(marked("## Deeper: a\n\nb").0, "## Deeper: a {.deeper}\n\nb");
        let with_id = "## Deeper: `a` {#x}\n";
        assert_eq!(marked(with_id).0, "## Deeper: `a` {#x .deeper}\n");
        assert_eq!(marked("## Deep\n").0, "## Deep\n");
    }

    #[test]
    fn brackets_after_a_sentence_become_a_link_to_the_test() {
        let (html, problems) = marked("It wakes. (`it_wakes`, `mutex::it_works`) Then.");
        assert!(problems.is_empty(), "{problems:?}");
        assert!(html.starts_with(
            "It wakes.<a class=\"proof\" href=\"https://a.b/c/blob/main/\
             listings/src/wakers/mutex/queue.rs#L7\"><span>proved by \
             <code>it_wakes</code></span></a><a class=\"proof\""
        ));
        assert!(html.ends_with("</a> Then."), "{html}");
        let over_lines = marked("It wakes.\n(`it_wakes`)\n").0;
        assert!(over_lines.starts_with("It wakes.<a "), "{over_lines}");
    }

    #[test]
    fn other_brackets_stay() {
        for other in [
            "A future (`it_wakes`) is lazy.",
            "One. (`it_wakes` or not)",
            "One. (`a + b`)",
            "```text\nOne. (`it_wakes`)\n```\n",
        ] {
            let (html, problems) = marked(other);
            assert!(html == other && problems.is_empty(), "{html}");
        }
    }

    #[test]
    fn a_name_that_is_no_test_is_told_with_its_place() {
        let (_, problems) = marked("One. Two. (`it_sleeps`)");
        assert_eq!(problems[0].0, 9);
        assert!(problems[0].1.contains("`it_sleeps` is no test"));
    }

    #[test]
    fn of_two_tests_the_one_of_the_chapter_is_meant() {
        let tests = tests();
        let own = tests.find("it_works", Path::new("wakers/mutex.md"), "");
        assert_eq!(own.unwrap().0, "listings/src/wakers/mutex/queue.rs");
        let why = tests.find("it_works", Path::new("a.md"), "").unwrap_err();
        assert!(why.contains("write `module::it_works`"), "{why}");
    }

    #[test]
    fn a_proof_in_the_short_answer_is_marked_as_well() {
        for space in [" ", "\n> "] {
            let text = format!("> **The short answer.** It does.{space}(`it_wakes`) So.\n");
            let (html, _) = marked(&text);
            assert!(html.contains("short-answer"), "{html}");
            assert!(html.contains("It does.<a class=\"proof\""), "{html}");
            assert!(html.contains("</a> So.\n"), "{html}");
        }
    }

    #[test]
    fn tests_are_found_in_every_spelling() {
        let text = "#[cfg(test)]\nmod tests {\n    #[test]\n    fn a() {}\n\n    \
                    #[tokio::test(flavor = \"x\")]\n    // why\n    #[ignore]\n    \
                    async fn b() {}\n    fn c() {}\n}\n";
        assert_eq!(tests_in(text), [("a", 4), ("b", 9)]);
    }

    #[test]
    fn the_main_line_is_without_code_answers_and_what_is_deeper() {
        let text = "# One two\n\nthree `four` – five.\n\n```text\nno no\n```\n\n\
                    <details><summary>no</summary>\n\nno\n\n</details>\n\nsix\n\n\
                    ## Deeper: a\n\nb c\n\n## Seven\n";
        assert_eq!(Words::of(text), Words { main: 7, deeper: 4 });
    }

    #[test]
    fn how_long_it_takes_stands_under_the_title() {
        let words = Words { main: 1801, deeper: 100 };
        let time = "About 11 minutes to read, and a minute for the deeper \
                    sections";
        assert_eq!(words.to_string(), time);
        let (html, _) = marked("# T\n\na\n\n## B\n");
        let time = "# T\n\n<p class=\"reading-time\">About a minute to read\
                    </p>\n\n";
        assert!(html.starts_with(time), "{html}");
        assert!(html.trim_end().ends_with("a\n\n## B"), "{html}");
    }
}
