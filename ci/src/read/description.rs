//! What the author says a chapter answers: `<!-- description: … -->`.

use super::markdown::{Edit, line_of};

/// How long a description may be, in characters: shorter says nothing, longer
/// is cut by search engines.
const LENGTH: std::ops::RangeInclusive<usize> = 50..=160;

patterns! {
    COMMENT = r"(?s)<!--\s*description:\s*(.*?)\s*-->[ \t]*\n?";
}
/// What the author wrote about a chapter: `<!-- description: … -->` under its
/// title, which is a comment to everything else that reads the file.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Described {
    /// The text, in one line.
    pub text: Option<String>,
    /// Its line in the file, counted from 1.
    pub line: usize,
    /// What is wrong with it, with the line.
    pub problems: Vec<(usize, String)>,
}

/// Reads the description of a chapter.
pub fn described(content: &str) -> Described {
    let (from, to) = (LENGTH.start(), LENGTH.end());
    let mut out = Described { line: 1, ..Described::default() };
    for found in COMMENT.captures_iter(content) {
        let start = found.get(0).map_or(0, |whole| whole.start());
        let line = line_of(content, start);
        let mut wrong = |what: &str| out.problems.push((line, what.into()));
        if out.text.is_some() {
            wrong("a second description: a chapter has one");
            continue;
        }
        let before = content[..start].trim_end();
        if !before.starts_with("# ") || before.contains('\n') {
            wrong("the description belongs directly under the title");
        }
        let words: Vec<&str> = found[1].split_whitespace().collect();
        let text = words.join(" ");
        let length = text.chars().count();
        if !LENGTH.contains(&length) {
            wrong(&format!("the description has {length} characters: write {from} to {to}"));
        } else if !text.ends_with(['.', '?']) {
            wrong("the description is not a whole sentence: end it with a period or a question mark");
        }
        if text.contains(['`', '*']) || text.contains("](") {
            wrong("the description is shown as it is: leave out the markup");
        }
        out.line = line;
        out.text = Some(text);
    }
    if out.text.is_none() {
        let what = format!(
            "no description: write `<!-- description: … -->` under the title, \
             {from} to {to} characters for search results and previews"
        );
        out.problems.push((1, what));
    }
    out
}

/// What takes the description out of a chapter.
pub fn taken_out(content: &str) -> impl Iterator<Item = Edit> {
    COMMENT.find_iter(content).map(|found| (found.range(), String::new()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::markdown::edited;

    const TEXT: &str = "Why does a future do nothing until someone polls it by hand?";

    fn problems(content: &str) -> Vec<String> {
        let each = described(content).problems.into_iter();
        each.map(|(line, what)| format!("{line}: {what}")).collect()
    }

    #[test]
    fn a_description_is_read_and_taken_out() {
        let content = format!("# One\n<!-- description: {TEXT} -->\n\nText.\n");
        let found = described(&content);
        assert_eq!(found.text.as_deref(), Some(TEXT));
        assert_eq!((found.line, found.problems), (2, vec![]));
        let without = edited(&content, taken_out(&content));
        assert_eq!(without, "# One\n\nText.\n");
    }

    #[test]
    fn it_may_stand_on_several_lines() {
        let content =
            format!("# One\n\n<!-- description:\n     {}\n-->\nText.\n", TEXT.replacen(" until ", "\n     until ", 1));
        let found = described(&content);
        assert_eq!(found.text.as_deref(), Some(TEXT));
        assert_eq!(found.problems, []);
    }

    #[test]
    fn what_is_wrong_with_it_is_said_with_its_line() {
        let with = |text: &str| problems(&format!("# One\n<!-- description: {text} -->\n"));
        assert!(problems("# One\n\nText.\n")[0].starts_with("1: no descr"));
        assert!(with("Too short.")[0].starts_with("2: the description has 10 "));
        assert!(with(&"long ".repeat(40))[0].contains("199 characters"));
        assert!(with(&TEXT.replace('?', ""))[0].contains("whole sentence"));
        assert!(with(&TEXT.replace("future", "`Future`"))[0].contains("markup"));
        let twice = format!("# One\n<!-- description: {TEXT} -->\n\n<!-- description: {TEXT} -->\n");
        assert!(problems(&twice)[0].starts_with("4: a second description"));
        let late = format!("# One\n\nText.\n\n<!-- description: {TEXT} -->\n");
        assert!(problems(&late)[0].starts_with("5: the description belongs"));
    }
}
