use std::path::Path;
use std::{env, fmt, fs};

/// How a run compares with what was recorded of an earlier one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recorded {
    /// The run repeated the recorded text.
    Same,
    /// `BLESS=1` is set: the file now holds what the run gave.
    Blessed,
    /// The run gave something else; the text says where and what to do.
    Differs(String),
}

impl Recorded {
    /// Ends a test.
    ///
    /// # Panics
    /// When the run differs from the record, with the first line that does.
    pub fn unwrap(self) {
        if let Recorded::Differs(why) = self {
            panic!("{why}");
        }
    }
}

impl fmt::Display for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Recorded::Same => "same",
            Recorded::Blessed => "rewritten",
            Recorded::Differs(why) => why,
        })
    }
}

/// Compares `actual` with the file at `path`, relative to the repository.
/// With the environment variable `BLESS=1` the file is rewritten instead.
pub fn check_recorded(path: &str, actual: &str) -> Recorded {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name(path);
    let expected = fs::read_to_string(&file).unwrap_or_default();
    if let Some(why) = unprintable(actual) {
        return Recorded::Differs(format!("{path}:{why}"));
    }
    if expected.replace("\r\n", "\n") == actual {
        return Recorded::Same;
    }
    if env::var_os("BLESS").is_some_and(|v| v == "1") {
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).expect("the folder can be made");
        }
        fs::write(&file, actual).expect("the record can be written");
        return Recorded::Blessed;
    }
    Recorded::Differs(difference(path, &expected, actual))
}

/// The line of the first character that no page and no EPUB can show, and what
/// to do. Nothing with such a character is recorded.
fn unprintable(text: &str) -> Option<String> {
    let bad = |c: char| c.is_control() && !matches!(c, '\n' | '\t' | '\r');
    let at = text.find(|c| bad(c) || c == '\u{feff}')?;
    let line = text[..at].matches('\n').count() + 1;
    let c = u32::from(text[at..].chars().next()?);
    Some(format!(
        "{line}: the run gave the character U+{c:04X}, which no page can show: \
         print without colors and controls"
    ))
}

fn difference(path: &str, expected: &str, actual: &str) -> String {
    if expected.is_empty() {
        return format!(
            "{path}: nothing is recorded; the run gave:\n{actual}\n\
             record it with `cargo ci --bless`"
        );
    }
    let (mut old, mut new) = (expected.lines(), actual.lines());
    let mut line = 0;
    loop {
        line += 1;
        match (old.next(), new.next()) {
            (a, b) if a == b && a.is_some() => {}
            (a, b) => {
                let show = |l: Option<&str>| match l {
                    Some(text) => format!("`{text}`"),
                    None => "the end".to_string(),
                };
                return format!(
                    "{path}:{line}: recorded {}, but the run gave {}; \
                     if the run is right: `cargo ci --bless`",
                    show(a),
                    show(b)
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_names_file_line_and_both_texts() {
        let why = difference("listings/traces/x.mmd", "a\nb\n", "a\nc\n");
        assert!(why.starts_with("listings/traces/x.mmd:2: "), "{why}");
        assert!(why.contains("`b`") && why.contains("`c`"), "{why}");
    }

    #[test]
    fn a_missing_line_is_a_difference_at_the_end() {
        let why = difference("listings/traces/x.mmd", "a\n", "a\nc\n");
        assert!(why.contains(":2: recorded the end"), "{why}");
    }

    #[test]
    fn a_character_that_no_page_can_show_is_never_recorded() {
        let told = check_recorded("no/such.txt", "fine\n\u{1b}[31mred\n");
        let Recorded::Differs(why) = told else { panic!("{told:?}") };
        assert!(why.starts_with("no/such.txt:2: "), "{why}");
        assert!(why.contains("U+001B"), "{why}");
        assert_eq!(unprintable("a\tb\r\n"), None);
    }
}
