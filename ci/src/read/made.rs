//! Tables of the back of the book, made from the chapters and from what proves
//! them, so that nobody types or forgets a row.
//!
//! A page asks for one by a fence whose language is its name:
//!
//! ```text
//! exercises   each exercise, what it trains, its page, how to run it
//! messages    what the compiler says on the pages; with lines in the fence,
//!             where a program prints each of them
//! counts      how many tests, models, programs and messages prove the pages
//! checks      what the last run of `cargo ci` in this copy said, step by step
//! sheet       a table of a chapter once more, on a page of its own to print; in the fence the chapter's file and the
//!             first word of its head: `cancellation/cancel-safety.md: Operation`
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use regex::Captures;

use super::chapter::Chapter;
use super::listing::{EXERCISES, Kind, id};
use crate::disk;
use crate::links::slashed;

/// The languages of the fences that ask for a table.
pub const TABLES: [&str; 5] = ["exercises", "messages", "counts", "checks", "sheet"];

/// What `cargo ci` said last, below the repository: a line for each step that left nothing out, with its name, what
/// it proves and what it said, between tabs.
pub const SAID: &str = "target/ci/said.txt";

patterns! {
    /// A link within the book: its page, and the place on it.
    LINK = r"\]\(([^):#]*)(#[^)]*)?\)";
    /// Names of tests, which become a mark on the chapter's own page.
    TESTS = r" \(`\w+`(?:, `\w+`)*\)";
    MESSAGE = r"(?m)^(?:error|warning)(?:\[(\w+)\])?: (.*)$";
}

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
    /// Step, what it proves, what it said.
    checks: Vec<Vec<String>>,
    /// Each chapter's tables as they are written, by its file and the first cell of the head; nothing if two have it.
    tables: BTreeMap<(String, String), Option<String>>,
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
        let mut made = Made { checks: checks(root), ..Made::default() };
        let mut proofs = BTreeSet::new();
        for (path, chapter) in chapters {
            let page = format!("../{}", slashed(path));
            let place = |id: &str| Place { title: chapter.title.clone(), link: format!("{page}#{id}") };
            for table in tables(&chapter.written) {
                let name = table.split('|').nth(1).unwrap_or_default().trim();
                let of_name = made.tables.entry((slashed(path), name.to_string()));
                of_name.and_modify(|it| *it = None).or_insert_with(|| Some(table.to_string()));
            }
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
            "sheet" => self.sheet(inside.trim()),
            _ if !lines.is_empty() => Err(format!("a fence of `{name}` is empty: its rows are made")),
            "exercises" => Ok(self.exercises()),
            "messages" => Ok(self.messages()),
            "checks" => Ok(self.checks()),
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
            // The search counts the first cell of a row most.
            vec![text.clone(), code.unwrap_or_default(), links(places)]
        });
        table(&["The compiler says", "Code", "Where, and why"], rows)
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

    /// Without a run there is no table: the page says so around it.
    fn checks(&self) -> String {
        if self.checks.is_empty() {
            return "In this copy of the book no run is recorded.\n".into();
        }
        table(&["Step", "What it checks", "What it said last"], self.checks.iter().cloned())
    }

    /// The table of a chapter, for a page in another folder, without its marks.
    fn sheet(&self, asked: &str) -> Result<String, String> {
        let found = asked.split_once(": ").and_then(|(file, name)| {
            let name = (file.trim().to_string(), name.trim().to_string());
            self.tables.get_key_value(&name)
        });
        let Some(((file, _), table)) = found else {
            return Err(format!(
                "a fence of `sheet` names a chapter and the first cell of a table in it, `part/chapter.md: Head`, and \
                 not `{asked}`"
            ));
        };
        let Some(table) = table else {
            return Err(format!("two tables begin as a fence of `sheet` asks, `{asked}`: give one another head"));
        };
        let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
        let table = LINK.replace_all(table, |it: &Captures<'_>| {
            let place = it.get(2).map_or("", |it| it.as_str());
            match &it[1] {
                "" => format!("](../{file}{place})"),
                page => format!("](../{folder}/{page}{place})"),
            }
        });
        let table = TESTS.replace_all(&table, "");
        // The class is what the check of its one sheet of paper looks for.
        Ok(format!("<div class=\"sheet\">\n\n{table}\n</div>\n"))
    }

    fn counts(&self) -> String {
        let rows = self.counts.iter().map(|(what, n)| vec![(*what).to_string(), n.to_string()]);
        table(&["What", "How many"], rows)
    }
}

/// Every table of a chapter, as it is written.
fn tables(written: &str) -> Vec<&str> {
    let is_row = |line: &str| line.starts_with('|');
    let (mut found, mut from, mut at) = (Vec::new(), None, 0);
    for line in written.split_inclusive('\n').chain([""]) {
        match (is_row(line), from) {
            (true, None) => from = Some(at),
            (false, Some(begin)) => {
                let table = &written[begin..at];
                if table.lines().nth(1).is_some_and(|rule| rule.starts_with("|--")) {
                    found.push(table);
                }
                from = None;
            }
            _ => {}
        }
        at += line.len();
    }
    found
}

/// The steps of the last runs of `cargo ci`, if there was one in this copy.
fn checks(root: &Path) -> Vec<Vec<String>> {
    let said = fs::read_to_string(root.join(SAID)).unwrap_or_default();
    let rows = said.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    rows.filter(|row| row.len() == 3)
        .map(|row| {
            let said = if row[2].is_empty() { "passed" } else { row[2] };
            vec![format!("`cargo ci {}`", row[0]), as_prose(row[1]), as_prose(said)]
        })
        .collect()
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

/// Where scenarios run on our primitives and on those of other crates.
const PEERS: &str = "proofs/tests/peers";

/// How many scenarios a file has: where a test calls one of the two macros that run a block on ours and on the peers.
fn scenarios_in(text: &str) -> usize {
    ["\n    scenario!(", "\n    everywhere!("].map(|it| text.matches(it).count()).iter().sum()
}

/// How many entries the list of the differences has.
fn differences_in(text: &str) -> usize {
    text.matches("\n    Difference {\n").count()
}

/// What proves the book, counted in its files.
fn counts(root: &Path, tests: usize, made: &Made, proofs: usize) -> Result<Vec<(&'static str, usize)>> {
    let files = |folder: &str, end: &str| disk::below(&root.join(folder), end).count();
    let sabotage = disk::text(&root.join("proofs/sabotage.toml"))?;
    let outputs = ["listings", "proofs", "boundary"].map(|it| files(&format!("{it}/examples/outputs"), "txt"));
    let mut models = 0;
    for file in disk::below(&root.join("proofs/tests/models"), "rs") {
        models += disk::text(&file)?.matches("#[test]").count();
    }
    let (mut scenarios, mut differences) = (0, 0);
    for file in disk::below(&root.join(PEERS), "rs") {
        let text = disk::text(&file)?;
        scenarios += scenarios_in(&text);
        differences += differences_in(&text);
    }
    Ok(vec![
        ("tests in the listings, the proofs and the exercises", tests),
        ("files whose tests a sentence names as its proof", proofs),
        ("programs whose output is recorded and compared", outputs.iter().sum()),
        (
            "listings that must not compile, with the compiler's own message",
            files("proofs/tests/compile_fail", "stderr"),
        ),
        ("models whose schedules loom tries", models),
        ("scenarios from the test suites of Tokio, futures and async-channel, run on theirs and on ours", scenarios),
        ("differences between ours and these suites, each written down and shown on both", differences),
        ("sequence diagrams that a run wrote", files("listings/traces", "mmd")),
        ("small changes that must turn a test red", sabotage.matches("[[sabotage]]").count()),
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
        // The text stands first: the search counts the first cell most.
        let code = "[E0277](https://doc.rust-lang.org/error_codes/E0277.html)";
        assert_eq!(
            row,
            format!(
                "| `a` is \\|not\\| \\<b> | {code} | [X](../a/x.md#message-a) \
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

    #[test]
    fn a_sheet_is_the_table_of_a_chapter_with_links_for_its_own_folder() {
        let text = "Text.\n\n| Way | When |\n|---|---|\n| [a](#a) | [b](b.md#b) and [c](https://c.org/#c). (`it_is_so`, \
                    `and_so`) |\n\n| Other |\n|---|\n| x |\n";
        let chapter = Chapter { written: text.into(), ..Chapter::default() };
        let made = made(&[("part/one.md", chapter)]);
        assert_eq!(
            made.table("sheet", "part/one.md: Way\n").unwrap(),
            "<div class=\"sheet\">\n\n| Way | When |\n|---|---|\n| [a](../part/one.md#a) | [b](../part/b.md#b) and \
             [c](https://c.org/#c). |\n\n</div>\n"
        );
        for none in ["part/one.md: No", "part/two.md: Way", "Way", ""] {
            let why = made.table("sheet", none).unwrap_err();
            assert!(why.contains("part/chapter.md: Head"), "{why}");
        }
    }

    #[test]
    fn a_sheet_is_of_one_table() {
        let text = "| Way |\n|---|\n| a |\n\n| Way |\n|---|\n| b |\n";
        let chapter = Chapter { written: text.into(), ..Chapter::default() };
        let why = made(&[("one.md", chapter)]).table("sheet", "one.md: Way\n").unwrap_err();
        assert!(why.starts_with("two tables begin"), "{why}");
    }

    #[test]
    fn a_scenario_is_a_test_that_runs_on_ours_and_on_a_peer() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(PEERS);
        let (mut tests, mut scenarios) = (0, 0);
        for file in disk::below(&root, "rs") {
            let text = disk::text(&file).unwrap();
            tests += text.matches("#[test]").count();
            scenarios += scenarios_in(&text);
        }
        assert!(scenarios > 0);
        // The other test is that of the differences.
        assert_eq!(tests, scenarios + 1);
        let two = "macro_rules! scenario {\n}\n    scenario!(ours, of_tokio, |it| {\n    everywhere!(|it| {\n";
        assert_eq!(scenarios_in(two), 2);
    }

    #[test]
    fn a_difference_is_an_entry_of_the_list() {
        let list =
            "struct Difference {\n}\n    Difference {\n        asked: \"x\",\n    },\n    Difference {\n    },\n";
        assert_eq!(differences_in(list), 2);
        let table = made(&[]).table("counts", "").unwrap();
        let row = table.lines().find(|row| row.starts_with("| differences")).unwrap();
        assert!(!row.ends_with("| 0 |"), "{row}");
    }

    #[test]
    fn what_the_last_run_said_is_a_row_for_each_step() {
        let root = tempfile::tempdir().unwrap();
        assert!(checks(root.path()).is_empty());
        let file = root.path().join(SAID);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, "tests\tthey pass\t12 <tests>\nbroken\n").unwrap();
        let rows = checks(root.path());
        assert_eq!(rows, [["`cargo ci tests`", "they pass", "12 \\<tests>"]]);
    }
}
