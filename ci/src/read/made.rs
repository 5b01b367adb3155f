//! Tables of the back of the book, made from the chapters and from what proves
//! them, so that nobody types or forgets a row.
//!
//! A page asks for one by a fence whose language is its name:
//!
//! ```text
//! exercises   each exercise, what it trains, its page, how to run it
//! messages    what the compiler says on the pages; with lines in the fence,
//!             where a program prints each of them
//! counts      how many tests, programs and messages prove the pages
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::chapter::Chapter;
use super::listing::{EXERCISES, Kind, id};
use crate::disk;
use crate::links::slashed;

/// The languages of the fences that ask for a table.
pub const TABLES: [&str; 3] = ["exercises", "messages", "counts"];

/// A place in the book that a row leads to.
struct Place {
    title: String,
    /// As a page in a folder below the book's root links to it.
    link: String,
}

/// All that the tables are made from.
#[derive(Default)]
pub struct Made {
    exercises: Vec<Vec<String>>,
    /// Code, if it has one, and text; the places.
    messages: BTreeMap<(Option<String>, String), Vec<Place>>,
    /// What was printed, and where.
    printed: Vec<(String, Place)>,
    counts: Vec<(&'static str, usize)>,
}

impl Made {
    /// Reads the exercises, the messages and the numbers of a book.
    ///
    /// # Errors
    /// When a file of the proofs cannot be read.
    pub fn read<'a>(
        root: &Path,
        tests: usize,
        chapters: impl Iterator<Item = (&'a Path, &'a Chapter)>,
    ) -> Result<Made> {
        let mut made = Made::default();
        let mut proofs = BTreeSet::new();
        for (path, chapter) in chapters {
            let page = format!("../{}", slashed(path));
            let place = |id: &str| Place { title: chapter.title.clone(), link: format!("{page}#{id}") };
            for (target, _) in &chapter.uses {
                if let Kind::Exercise(name) = Kind::of(&target.file) {
                    let at = place(&id(target));
                    made.exercises.push(exercise(root, &name, &at)?);
                }
            }
            for record in &chapter.records {
                match record.compiler {
                    false => made.printed.push((record.text.clone(), place(&record.id))),
                    true => said(&record.text)
                        .into_iter()
                        .for_each(|message| made.messages.entry(message).or_default().push(place(&record.id))),
                }
            }
            proofs.extend(chapter.proved_in.iter().cloned());
        }
        made.counts = counts(root, tests, &made, proofs.len())?;
        Ok(made)
    }

    /// The table that a fence asks for, as Markdown.
    ///
    /// # Errors
    /// Why there is no such table.
    pub fn table(&self, name: &str, inside: &str) -> Result<String, String> {
        let lines: Vec<&str> = inside.lines().filter(|line| !line.trim().is_empty()).collect();
        match name {
            "messages" if !lines.is_empty() => self.printed(&lines),
            _ if !lines.is_empty() => Err(format!("a fence of `{name}` is empty: its rows are made")),
            "exercises" => Ok(self.exercises()),
            "messages" => Ok(self.messages()),
            _ => Ok(self.counts()),
        }
    }

    fn exercises(&self) -> String {
        let head = ["Exercise", "What it trains", "Its page", "Begin, and test"];
        table(&head, self.exercises.iter().cloned())
    }

    fn messages(&self) -> String {
        let rows = self.messages.iter().map(|((code, text), places)| {
            let code = code.as_ref().map(|code| format!("[{code}](https://doc.rust-lang.org/error_codes/{code}.html)"));
            vec![code.unwrap_or_default(), text.clone(), links(places)]
        });
        table(&["Code", "The compiler says", "Where, and why"], rows)
    }

    fn printed(&self, lines: &[&str]) -> Result<String, String> {
        let rows = lines.iter().map(|line| line.trim()).map(|line| {
            let places = self.printed.iter().filter(|(text, _)| text.contains(line)).map(|(_, place)| place);
            match links(places) {
                links if links.is_empty() => Err(format!("no program on a page prints `{line}`")),
                links => Ok(vec![line.to_string(), links]),
            }
        });
        let rows = rows.collect::<Result<Vec<_>, _>>()?;
        Ok(table(&["A program prints", "Where, and why"], rows.into_iter()))
    }

    fn counts(&self) -> String {
        let rows = self.counts.iter().map(|(what, n)| vec![(*what).to_string(), n.to_string()]);
        table(&["What", "How many"], rows)
    }
}

/// A link for each page; of several places on one, to the first.
fn links<'a>(places: impl IntoIterator<Item = &'a Place>) -> String {
    let mut pages = BTreeSet::new();
    let links: Vec<String> = places
        .into_iter()
        .filter(|place| pages.insert(&place.title))
        .map(|place| format!("[{}]({})", place.title, place.link))
        .collect();
    links.join(" · ")
}

fn table(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let head: Vec<String> = head.iter().map(|it| it.to_string()).collect();
    let mut text = line(&head) + &line(&vec!["---".to_string(); head.len()]);
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| cell.replace('|', "\\|")).collect();
        text += &line(&cells);
    }
    text
}

/// The first line of a stub says its page and what is to be done there.
fn exercise(root: &Path, name: &str, at: &Place) -> Result<Vec<String>> {
    let file = format!("{EXERCISES}/src/{name}.rs");
    let text = fs::read_to_string(root.join(&file)).context(file.clone())?;
    let top = text.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim);
    let said = top.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
    let (_, what) = said
        .split_once(": ")
        .with_context(|| format!("{file} does not begin with `//! Exercise to page.html: what`"))?;
    Ok(vec![
        format!("`{name}`"),
        capital(what.trim_end_matches('.')),
        format!("[{}]({})", at.title, at.link),
        format!("`cargo exercise {name}`"),
    ])
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(chars).collect()
}

patterns! {
    MESSAGE = r"(?m)^(?:error|warning)(?:\[(\w+)\])?: (.*)$";
}

/// The errors and warnings of a compiler's output: code and text, as Markdown.
fn said(text: &str) -> Vec<(Option<String>, String)> {
    let found = MESSAGE.captures_iter(text).filter(|found| !found[2].starts_with("aborting"));
    found.map(|found| (found.get(1).map(|code| code.as_str().to_string()), as_prose(&found[2]))).collect()
}

/// Signs of the compiler's text that Markdown would take for its own, outside
/// of backticks.
fn as_prose(text: &str) -> String {
    let each = text.split('`').enumerate().map(|(n, part)| match n % 2 {
        0 => part.replace('<', "\\<").replace('*', "\\*"),
        _ => part.to_string(),
    });
    each.collect::<Vec<_>>().join("`")
}

/// What proves the book, counted in its files.
fn counts(root: &Path, tests: usize, made: &Made, proofs: usize) -> Result<Vec<(&'static str, usize)>> {
    let files = |folder: &str, end: &str| disk::below(&root.join(folder), end).count();
    let sabotage = disk::text(&root.join("proofs/sabotage.toml"))?;
    let outputs = ["listings", "proofs", "boundary"].map(|it| files(&format!("{it}/examples/outputs"), "txt"));
    Ok(vec![
        ("tests in the listings, the proofs and the exercises", tests),
        ("files whose tests a sentence names as its proof", proofs),
        ("programs whose output is recorded and compared", outputs.iter().sum()),
        (
            "listings that must not compile, with the compiler's own message",
            files("proofs/tests/compile_fail", "stderr"),
        ),
        ("sequence diagrams that a run wrote", files("listings/traces", "mmd")),
        ("changes of one line that must turn a test red", sabotage.matches("[[sabotage]]").count()),
        ("exercises, each with its tests", made.exercises.len()),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chapter(title: &str, compiler: bool, text: &str) -> Chapter {
        Chapter {
            title: title.into(),
            records: vec![crate::read::figure::Record { id: "message-a".into(), compiler, text: text.into() }],
            ..Chapter::default()
        }
    }

    fn made(chapters: &[(&str, Chapter)]) -> Made {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let chapters = chapters.iter().map(|(path, it)| (Path::new(path), it));
        Made::read(&root, 3, chapters).unwrap()
    }

    #[test]
    fn a_message_leads_to_every_page_that_shows_it() {
        let text = "error[E0277]: `a` is |not| <b>\n --> x.rs\nnote: no\n";
        let made = made(&[("a/x.md", chapter("X", true, text)), ("b/y.md", chapter("Y", true, text))]);
        let table = made.table("messages", "").unwrap();
        let row = table.lines().nth(2).unwrap();
        let code = "[E0277](https://doc.rust-lang.org/error_codes/E0277.html)";
        assert_eq!(
            row,
            format!(
                "| {code} | `a` is \\|not\\| \\<b> | [X](../a/x.md#message-a) \
                 · [Y](../b/y.md#message-a) |"
            )
        );
        assert_eq!(table.lines().count(), 3, "{table}");
    }

    #[test]
    fn a_line_that_no_program_prints_is_refused() {
        let made = made(&[("a/x.md", chapter("X", false, "it panics: no\n"))]);
        let table = made.table("messages", "panics: no\n").unwrap();
        assert!(table.contains("| panics: no | [X](../a/x.md#message-a) |"));
        let why = made.table("messages", "no\nyes\n").unwrap_err();
        assert_eq!(why, "no program on a page prints `yes`");
        assert!(made.table("counts", "typed").is_err());
    }
}
