//! Every program of the book as one file: its text, its manifest, its page and,
//! where the Rust Playground has its crates, the link that opens it there. A step
//! that no program on a page uses has such a file too, with its tests.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::iter;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use html_escape::encode_text;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use regex::Captures;
use serde::Serialize;
use serde_json::json;
use toml::{Table, Value};

use super::head::facts_html;
use super::page::PageText;
use super::publish::PublishedPage;
use super::templates::filled;
use crate::disk;
use crate::draw::code;
use crate::draw::kept::Kept;
use crate::links::{page_of, slashed};
use crate::read::excerpt::Excerpt;
use crate::read::figure::code_block;
use crate::read::include::{Target, anchors, take};
use crate::read::listing::{self, BOUNDARY, CRATE, PROOFS};
use crate::read::source::Source;
use crate::read::whole::{Place, Steps, Whole};
use crate::site::Site;

/// The folder of the programs' pages, below the book's.
pub const FOLDER: &str = "programs";

/// What the playground has, with the day when it was so.
const PLAYGROUND: &str = include_str!("../../playground.toml");

/// Where the playground is, with what it is asked for.
pub const ASKED: &str = "https://play.rust-lang.org/?version=stable&mode=debug&edition=2024";

/// No link is longer: nginx, with what it is set to by itself, refuses a request
/// line of more than [8 kB](https://nginx.org/en/docs/http/ngx_http_core_module.html#large_client_header_buffers),
/// and the line has some words around the address.
pub const LONGEST_LINK: usize = 8_000;

/// A program of the book as one file.
#[derive(Debug, Clone)]
pub struct Program {
    pub name: String,
    pub kind: Kind,
    /// Whether it is the first program of a page.
    pub is_main: bool,
    /// The file: what it is, what it needs, the program, and what it uses.
    pub text: String,
    /// Its `Cargo.toml`.
    pub manifest: String,
    /// The link that opens it in the Rust Playground, or why there is none.
    pub playground: Result<String, NoLink>,
    /// Its page, as the sitemap and its card have it.
    pub published: PublishedPage,
    /// The file that readers see on the page.
    pub file: String,
    /// The HTML within the frame.
    pub content: String,
}

/// What a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A program of this package, and what it prints where that is recorded.
    Prints(&'static str, Option<String>),
    /// A step, by the ids that its listings begin with, and the tests in it.
    Tests(String, Vec<String>),
}

/// Why a program has no link to the playground.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoLink {
    /// It has not these crates.
    Crates(Vec<String>),
    /// The link would be so long.
    Length(usize),
}

impl Program {
    /// Its page in the book `site`, ready for the frame.
    pub fn page(&self, site: &Site) -> PageText<'_> {
        PageText {
            page: &self.published.file,
            title: self.published.title.clone(),
            description: self.published.description.clone(),
            facts: facts_html(&self.published, site),
            content: &self.content,
            file: Some(self.file.clone()),
        }
    }

    /// Whether it is a program of the boundary, with its crates.
    pub fn has_window(&self) -> bool {
        matches!(self.kind, Kind::Prints(BOUNDARY, _))
    }
}

patterns! {
    FIGURE = r#"<figure class="listing" id="(listing-[\w-]+)""#;
    INCLUDED = r#"include_str!\("([^"]+)"\)"#;
    CODE = "`([^`]+)`";
}

/// Where the book shows a program first.
#[derive(Clone, Serialize)]
struct Shown {
    page: String,
    id: String,
    title: String,
    changed: Option<String>,
}

/// A program before its file is formatted.
struct Draft {
    kind: Kind,
    is_main: bool,
    file: String,
    shown: Shown,
    whole: Whole,
    manifest: String,
}

/// Every program that the book shows, by its name, and after them the steps with
/// tests that it shows and that none of these programs uses.
///
/// # Errors
/// When a program or a step cannot be read, or there is no rustfmt.
pub fn programs(source: &Source) -> Result<Vec<Program>> {
    let drafts = drafts(source)?;
    let texts = drafts.iter().map(|draft| draft.text(source)).collect::<Result<Vec<_>>>()?;
    let texts = formatted(&source.root, &texts)?;
    let all = drafts.into_iter().zip(texts);
    all.map(|(draft, text)| draft.program(source, text)).collect()
}

fn drafts(source: &Source) -> Result<Vec<Draft>> {
    let root = &source.root;
    let (listings, boundary) = (Dependencies::read(root, CRATE)?, Dependencies::read(root, BOUNDARY)?);
    let steps = Steps::read(root, listings.names().chain(boundary.names()).collect())?;
    let (mut examples, mut tested, mut main) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
    for (path, chapter) in &source.chapters {
        let changed = source.changed.get(&slashed(&source.src.join(path)));
        let mut is_first = true;
        for (target, _) in &chapter.uses {
            let (title, changed) = (chapter.title.clone(), changed.cloned());
            let shown = Shown { page: page_of(path), id: listing::id(target), title, changed };
            match listing::Kind::of(&target.file) {
                listing::Kind::Program(name) if !target.file.starts_with(PROOFS) => {
                    if is_first {
                        main.insert(name.clone());
                    }
                    is_first = false;
                    examples.entry(name).or_insert((target.file.clone(), shown));
                }
                listing::Kind::Step(module) if target.file.starts_with(CRATE) => {
                    let place: Place = iter::once(CRATE).chain(module.split("::")).map(str::to_string).collect();
                    tested.entry(place).or_insert((target.file.clone(), shown));
                }
                _ => {}
            }
        }
    }
    let mut drafts = Vec::new();
    for (name, (file, shown)) in examples {
        let (package, of) = match file.starts_with(BOUNDARY) {
            true => (BOUNDARY, &boundary),
            false => (CRATE, &listings),
        };
        let whole = steps.whole(&name, &disk::text(&root.join(&file))?)?;
        let output = fs::read_to_string(root.join(format!("{package}/examples/outputs/{name}.txt"))).ok();
        let (kind, manifest, is_main) = (Kind::Prints(package, output), of.manifest(&whole), main.contains(&name));
        drafts.push(Draft { kind, is_main, file, shown, whole, manifest });
    }
    let used: BTreeSet<Place> = drafts.iter().flat_map(|draft| draft.whole.steps.clone()).collect();
    for (place, (file, shown)) in tested {
        let whole = steps.tested(&place).filter(|_| !used.contains(&place));
        let Some(whole) = whole else { continue };
        let kind = Kind::Tests(format!("listing-{}", place[1..].join("-")), whole.tests.clone());
        let manifest = listings.manifest(&whole);
        drafts.push(Draft { kind, is_main: false, file, shown, whole, manifest });
    }
    Ok(drafts)
}

/// Marks the listings of steps that have a file of their own, so that their menu
/// leads there.
pub fn mark_steps(programs: &[Program], contents: &mut BTreeMap<String, String>) {
    let of = |id: &str| {
        programs.iter().find(|program| {
            let Kind::Tests(ids, _) = &program.kind else { return false };
            let rest = id.strip_prefix(ids.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        })
    };
    for html in contents.values_mut() {
        let marked = FIGURE.replace_all(html, |found: &Captures<'_>| {
            let mark = of(&found[1]).map(|program| format!(" data-program=\"{}\"", program.name));
            found[0].to_string() + &mark.unwrap_or_default()
        });
        *html = marked.into_owned();
    }
}

fn page(name: &str) -> String {
    format!("{FOLDER}/{name}.html")
}

fn in_code(name: &str) -> String {
    name.replace('-', "_")
}

impl Draft {
    /// The file before it is formatted: what it shows and what it needs stand
    /// above the code, and the files that it includes are texts in it.
    fn text(&self, source: &Source) -> Result<String> {
        let Draft { kind, whole, manifest, .. } = self;
        let what = match kind {
            Kind::Prints(..) => format!("A program of *{}* as one file:", source.site.title),
            Kind::Tests(..) => format!("A step of *{}* with its tests as one file:", source.site.title),
        };
        let (lints, than) = match kind {
            Kind::Prints(CRATE, _) => ("dead_code", "this program uses"),
            _ => ("dead_code, unused_imports", "is used here"),
        };
        let address = source.site.address.of(&page(&whole.name));
        let head = format!("{}\n{what}\n<{address}>\n\n{}", whole.about, needs(manifest));
        let head: String = head.lines().map(|line| format!("//! {line}\n")).collect();
        let allowed = format!("#![allow({lints}, reason = \"a step has more than {than}\")]\n\n");
        let mut text = head + &allowed + &whole.code;
        let file = source.root.join(&self.file);
        for found in INCLUDED.captures_iter(&text.clone()) {
            let included = disk::text(&file.with_file_name(&found[1]))?;
            text = text.replace(&found[0], &format!("r##\"{included}\"##"));
        }
        Ok(text)
    }

    /// The program with all that stands on its page; `text` is its file.
    fn program(self, source: &Source, text: String) -> Result<Program> {
        let Draft { kind, is_main, file, shown, whole, manifest } = self;
        let name = whole.name;
        let about = whole.about.split_whitespace().collect::<Vec<_>>().join(" ");
        let book = &source.site.title;
        let is_what = match &kind {
            Kind::Prints(..) => format!("A program of {book} as one file, with what it prints."),
            Kind::Tests(..) => format!("A step of {book} as one file, with its tests."),
        };
        let published = PublishedPage {
            file: page(&name),
            title: if about.is_empty() { name.clone() } else { title(&about) },
            description: format!("{} {is_what}", about.replace('`', "")).trim().to_string(),
            card_alt: format!("The program {name}, with its code"),
            part: Some(shown.title.clone()),
            number: None,
            excerpt: Some(excerpt(&source.root, &file)?),
            changed: shown.changed.clone(),
        };
        let playground = playground_link(&whole.crates, &text)?;
        let (is_step, record) = match &kind {
            Kind::Prints(_, output) => (false, output.clone()),
            Kind::Tests(_, tests) => (true, Some(tests.join("\n"))),
        };
        let lacking = match &playground {
            Err(NoLink::Crates(lacking)) => &lacking[..],
            _ => &[],
        };
        let block = |code: &str| code_block(code.trim_end());
        let data = json!({
            "title": published.title,
            "about": CODE.replace_all(&encode_text(&about), "<code>$1</code>"),
            "is_step": is_step,
            "shown": shown,
            "name": name,
            "playground": ASKED,
            "link": playground.as_ref().ok(),
            "lacking": lacking,
            "code": block(&code::html("rust", &text)?),
            "record": record.map(|record| block(&encode_text(&record))),
            "manifest": block(&encode_text(&manifest)),
        });
        let content = filled("program.html", &data).trim_end().to_string();
        Ok(Program { name, kind, is_main, text, manifest, playground, published, file, content })
    }
}

/// What a package of the book says of each crate that it uses: the table of the
/// manifest, the name, the line.
struct Dependencies(Vec<(String, String, String)>);

impl Dependencies {
    fn read(root: &Path, package: &str) -> Result<Dependencies> {
        let read = |file: String| -> Result<Table> {
            fs::read_to_string(root.join(&file)).unwrap_or_default().parse().context(file)
        };
        let table = |of: &Table, name: &str| of.get(name).and_then(Value::as_table).cloned().unwrap_or_default();
        let own = read(format!("{package}/Cargo.toml"))?;
        let shared = table(&table(&read("Cargo.toml".into())?, "workspace"), "dependencies");
        let targets = table(&own, "target")
            .into_iter()
            .filter_map(|(target, value)| Some((format!("target.'{target}'.dependencies"), value.as_table()?.clone())));
        let mut lines = Vec::new();
        for (header, of) in iter::once(("dependencies".into(), own)).chain(targets) {
            for (name, value) in table(&of, "dependencies").into_iter().chain(table(&of, "dev-dependencies")) {
                let value = match value.get("workspace") {
                    Some(_) => shared.get(&name).cloned().unwrap_or(value),
                    None => value,
                };
                // The book's own crates are in the file.
                if value.get("path").is_none() {
                    lines.push((header.clone(), name.clone(), dependency(&name, value)));
                }
            }
        }
        lines.sort();
        Ok(Dependencies(lines))
    }

    /// The crates as code names them.
    fn names(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|(_, name, _)| in_code(name))
    }

    fn manifest(&self, whole: &Whole) -> String {
        let mut out = format!("[package]\nname = \"{}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n", whole.name);
        let mut above = "";
        for (header, _, line) in self.0.iter().filter(|(_, name, _)| whole.crates.contains(&in_code(name))) {
            if header != above {
                out += &format!("\n[{header}]\n");
                above = header;
            }
            out += &format!("{line}\n");
        }
        out
    }
}

/// What a manifest asks for, as the file says it above its code: the page has all
/// of the manifest.
fn needs(manifest: &str) -> String {
    match manifest.split_once("\n\n") {
        Some((_, crates)) => {
            format!("Its edition is 2024, and its `Cargo.toml` has:\n\n```toml\n{crates}```\n")
        }
        None => "Its edition is 2024, and it needs no crate.\n".to_string(),
    }
}

/// A line of a manifest, with the version before all else.
fn dependency(name: &str, value: Value) -> String {
    let Value::Table(mut table) = value else { return format!("{name} = {value}") };
    table.remove("optional");
    let version = table.remove("version");
    if let (true, Some(version)) = (table.is_empty(), &version) {
        return format!("{name} = {version}");
    }
    let version = version.map(|version| format!("version = {version}"));
    let rest = table.iter().map(|(key, value)| format!("{key} = {value}"));
    format!("{name} = {{ {} }}", version.into_iter().chain(rest).collect::<Vec<_>>().join(", "))
}

/// The link that opens `text`, which needs `crates`, in the Rust Playground, or why there is none.
fn playground_link(crates: &BTreeSet<String>, text: &str) -> Result<Result<String, NoLink>> {
    let playground: Table = PLAYGROUND.parse().context("ci/playground.toml")?;
    let known = playground.get("crates").and_then(Value::as_table).context("ci/playground.toml has no `crates`")?;
    let known: BTreeSet<String> = known.keys().map(|name| in_code(name)).collect();
    let lacking: Vec<String> = crates.difference(&known).cloned().collect();
    let link = format!("{ASKED}&code={}", encoded(text));
    Ok(match link.len() {
        _ if !lacking.is_empty() => Err(NoLink::Crates(lacking)),
        length if length > LONGEST_LINK => Err(NoLink::Length(length)),
        _ => Ok(link),
    })
}

/// `text` as the value of a form: a space is a `+`.
fn encoded(text: &str) -> String {
    // What a query may have, and what a form does not give a meaning, stays.
    const WORDS: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'!');
    const SIGNS: AsciiSet = WORDS.remove(b'*').remove(b'(').remove(b')').remove(b':').remove(b';').remove(b',');
    const FORM: AsciiSet = SIGNS.remove(b'/').remove(b'?').remove(b'@').remove(b'$').remove(b'=');
    utf8_percent_encode(text, &FORM).to_string().replace("%20", "+")
}

/// The width that rustfmt has when nothing is asked of it, and as much in a line as
/// the listings have (`rustfmt.toml`).
const STYLE: &str = "max_width=100,use_small_heuristics=Max";

/// The texts as rustfmt writes them.
fn formatted(root: &Path, texts: &[String]) -> Result<Vec<String>> {
    let kept = Kept::below(&root.join("target/drawn"));
    let parts = |n: usize| [&*texts[n], "rustfmt", STYLE];
    let dir = tempfile::tempdir()?;
    let file = |n: usize| dir.path().join(format!("{n}.rs"));
    let new: Vec<usize> = (0..texts.len()).filter(|n| kept.get::<String>(parts(*n)).is_none()).collect();
    for n in &new {
        fs::write(file(*n), &texts[*n])?;
    }
    if !new.is_empty() {
        let mut rustfmt = Command::new("rustfmt");
        rustfmt.args(["--edition", "2024", "--config", STYLE]).args(new.iter().map(|n| file(*n)));
        let done = rustfmt.current_dir(dir.path()).output();
        let done = done.context("rustfmt does not start: `rustup component add rustfmt`")?;
        if !done.status.success() {
            bail!("rustfmt refuses a program as one file:\n{}", String::from_utf8_lossy(&done.stderr));
        }
    }
    let written = |n| kept.or_draw(parts(n), || disk::text(&file(n)));
    (0..texts.len()).map(written).collect()
}

/// What the program shows, short enough for a title: all of it, its first
/// sentence, or that up to a sign or a word.
fn title(about: &str) -> String {
    const MOST: usize = 78;
    let about = about.replace('`', "");
    // A sentence ends before a space: not in `.await`.
    let mut ends = about.match_indices(['.', '?', '!']).map(|(at, _)| at + 1);
    let end = ends.find(|at| about[*at..].starts_with(' '));
    let sentence = &about[..end.unwrap_or(about.len())];
    for text in [&*about, sentence].map(|text| text.trim_end_matches('.')) {
        if text.chars().count() <= MOST {
            return text.to_string();
        }
    }
    let limit = sentence.char_indices().nth(MOST).map_or(sentence.len(), |(at, _)| at);
    let last = |sign: &str| sentence.rmatch_indices(sign).map(|(at, _)| at).find(|at| *at <= limit);
    let at = [": ", "; ", ", "].into_iter().filter_map(last).max().or_else(|| last(" "));
    let (cut, rest) = sentence.split_at(at.unwrap_or_default());
    // What stands before a colon is whole; anything else goes on.
    match rest.starts_with([':', ';']) {
        true => cut.to_string(),
        false => format!("{cut} …"),
    }
}

/// What of the program its card shows: its anchor, or all of it.
fn excerpt(root: &Path, file: &str) -> Result<Excerpt> {
    let text = disk::text(&root.join(file))?;
    let anchor = anchors(&text).into_iter().next().map(|(name, _)| name);
    let target = Target { file: file.to_string(), anchor };
    let taken = take(root, &target).map_err(anyhow::Error::msg)?;
    Ok(Excerpt::code(&target, &taken))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_has_the_text_as_a_form_would_send_it() {
        assert_eq!(encoded("a + b;\n\"é\""), "a+%2B+b;%0A%22%C3%A9%22");
        assert_eq!(encoded("&#%'<>{}[]|\\^"), "%26%23%25%27%3C%3E%7B%7D%5B%5D%7C%5C%5E");
    }

    #[test]
    fn a_title_is_what_fits() {
        assert_eq!(title("A `b` in c."), "A b in c");
        let more = " Another one that is not.".repeat(4);
        let long = format!("What `.await` does is short.{more}");
        assert_eq!(title(&long), "What .await does is short");
        let endless = "word ".repeat(20);
        assert_eq!(title(&format!("One, two: {endless}")), "One, two");
        assert_eq!(title(&format!("One, {endless}")), "One …");
        let words = title(endless.trim_end());
        assert_eq!(words, format!("{}…", "word ".repeat(15)));
        let path = format!("A `b::c` d: e, f {endless}");
        assert_eq!(title(&path), "A b::c d: e …");
    }

    #[test]
    fn a_file_says_which_crates_it_needs_and_no_more_of_its_manifest() {
        let read = |asked: &[&str]| {
            let crates = asked.iter().map(|name| name.to_string()).collect();
            let steps = BTreeSet::new();
            let (name, about) = ("x".to_string(), String::new());
            let (code, tests) = (String::new(), Vec::new());
            let whole = Whole { name, about, code, crates, steps, tests };
            let line = |name: &str| {
                let header = "dependencies".to_string();
                (header, name.to_string(), format!("{name} = \"1\""))
            };
            let all = Dependencies(vec![line("a"), line("b-c")]);
            needs(&all.manifest(&whole))
        };
        assert_eq!(read(&[]), "Its edition is 2024, and it needs no crate.\n");
        assert_eq!(
            read(&["b_c"]),
            "Its edition is 2024, and its `Cargo.toml` has:\n\n\
             ```toml\n[dependencies]\nb-c = \"1\"\n```\n"
        );
    }

    #[test]
    fn a_manifest_has_the_books_own_lines() {
        let line = |text: &str| {
            let table: Table = text.parse().unwrap();
            let (name, value) = table.into_iter().next().unwrap();
            dependency(&name, value)
        };
        assert_eq!(line("a = \"1\""), "a = \"1\"");
        assert_eq!(line("a = { version = \"1\", optional = true }"), "a = \"1\"");
        assert_eq!(line("a = { features = [\"x\"], version = \"1\" }"), "a = { version = \"1\", features = [\"x\"] }");
    }
}
