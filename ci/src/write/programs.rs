//! Every program of the book as one file: its text, its manifest, its page and,
//! where the Rust Playground has its crates, the link that opens it there. A step
//! that no program on a page uses has such a file too, with its tests.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::iter;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use html_escape::encode_text;
use regex::Captures;
use serde::{Deserialize, Serialize};
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
use crate::read::figure::{code_block, permalink};
use crate::read::include::{Target, anchors, take};
use crate::read::listing::{BOUNDARY, CRATE};
use crate::read::source::Source;
use crate::read::whole::{Place, Steps, Whole};
use crate::site::Site;

/// The folder of the programs' pages, below the book's.
pub const FOLDER: &str = "programs";

/// What the playground has, with the day when it was so.
const PLAYGROUND: &str = include_str!("../../playground.toml");

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
    /// The crates that it needs, as code names them.
    pub crates: BTreeSet<String>,
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
    let texts = drafts.iter().map(|draft| draft.text(source));
    let texts = formatted(&source.root, &texts.collect::<Result<Vec<_>>>()?)?;
    let playground = toml::from_str(PLAYGROUND);
    let playground: Playground = playground.context("ci/playground.toml")?;
    let all = drafts.into_iter().zip(texts);
    all.map(|(draft, text)| draft.program(source, &playground, text)).collect()
}

fn drafts(source: &Source) -> Result<Vec<Draft>> {
    let root = &source.root;
    let listings = Dependencies::read(root, CRATE)?;
    let boundary = Dependencies::read(root, BOUNDARY)?;
    let known = listings.names().chain(boundary.names()).collect();
    let steps = Steps::read(root, known)?;
    let (mut examples, mut tested) = (BTreeMap::new(), BTreeMap::new());
    let mut main = BTreeMap::new();
    for shown in shown(source) {
        let id = shown.id.clone();
        let names: Vec<&str> = id.split('-').skip(1).collect();
        if let ["examples", name, ..] = names[..] {
            main.entry(shown.page.clone()).or_insert(name.to_string());
            examples.entry(name.to_string()).or_insert(shown);
            continue;
        }
        // The path of a step, and the name of the part that is shown.
        let names = [CRATE].into_iter().chain(names).map(str::to_string);
        let mut place: Place = names.collect();
        while place.len() > 1 && !steps.has(&place) {
            place.pop();
        }
        if place.len() > 1 {
            tested.entry(place).or_insert(shown);
        }
    }
    let mut drafts = Vec::new();
    for (name, shown) in examples {
        for (package, of) in [(CRATE, &listings), (BOUNDARY, &boundary)] {
            let file = format!("{package}/examples/{name}.rs");
            if !root.join(&file).is_file() {
                continue;
            }
            let whole = steps.whole(&name, &disk::text(&root.join(&file))?)?;
            let output = format!("{package}/examples/outputs/{name}.txt");
            let output = fs::read_to_string(root.join(output)).ok();
            let kind = Kind::Prints(package, output);
            let (manifest, shown) = (of.manifest(&whole), shown.clone());
            let is_main = main.values().any(|main| *main == name);
            drafts.push(Draft { kind, is_main, file, shown, whole, manifest });
        }
    }
    let used = drafts.iter().flat_map(|draft| draft.whole.steps.clone());
    let used: BTreeSet<Place> = used.collect();
    for (place, shown) in tested {
        let whole = steps.tested(&place).filter(|_| !used.contains(&place));
        let Some(whole) = whole else { continue };
        let ids = format!("listing-{}", place[1..].join("-"));
        let kind = Kind::Tests(ids, whole.tests.clone());
        let file = format!("{}/src/{}.rs", place[0], place[1..].join("/"));
        let (manifest, is_main) = (listings.manifest(&whole), false);
        drafts.push(Draft { kind, is_main, file, shown, whole, manifest });
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
            let name = of(&found[1]).map(|program| &program.name);
            let mark = name.map(|name| format!(" data-program=\"{name}\""));
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

/// Every listing that the book shows, in its order.
fn shown(source: &Source) -> Vec<Shown> {
    let mut all = Vec::new();
    for (path, chapter) in &source.chapters {
        let changed = slashed(&source.src.join(path));
        for found in FIGURE.captures_iter(&chapter.content) {
            all.push(Shown {
                page: page_of(path),
                id: found[1].to_string(),
                title: chapter.title.clone(),
                changed: source.changed.get(&changed).cloned(),
            });
        }
    }
    all
}

impl Draft {
    /// The file before it is formatted: what it shows and what it needs stand
    /// above the code, and the files that it includes are texts in it.
    fn text(&self, source: &Source) -> Result<String> {
        let Draft { kind, whole, manifest, .. } = self;
        let book = &source.site.title;
        let what = match kind {
            Kind::Prints(..) => {
                format!("A program of *{book}* as one file:")
            }
            Kind::Tests(..) => {
                format!("A step of *{book}* with its tests as one file:")
            }
        };
        let address = source.site.address.of(&page(&whole.name));
        let address = format!("<{address}>");
        let needs = needs(manifest);
        let below = ["", &*what, &*address, ""];
        let lines = whole.about.lines().chain(below).chain(needs.lines());
        let lines = lines.map(|line| format!("//! {line}\n"));
        let (lints, than) = match kind {
            Kind::Prints(CRATE, _) => ("dead_code", "this program uses"),
            _ => ("dead_code, unused_imports", "is used here"),
        };
        let mut text = lines.collect::<String>()
            + &format!("#![allow({lints}, reason = \"a step has more than {than}\")]\n\n")
            + &whole.code;
        let file = source.root.join(&self.file);
        for found in INCLUDED.captures_iter(&text.clone()) {
            let included = disk::text(&file.with_file_name(&found[1]))?;
            text = text.replace(&found[0], &format!("r##\"{included}\"##"));
        }
        Ok(text)
    }

    /// The program with all that stands on its page; `text` is its file.
    fn program(self, source: &Source, playground: &Playground, text: String) -> Result<Program> {
        let Draft { kind, is_main, file, shown, whole, manifest } = self;
        let name = whole.name;
        let about = whole.about.split_whitespace().collect::<Vec<_>>();
        let about = about.join(" ");
        let title = match about.is_empty() {
            true => name.clone(),
            false => title(&about),
        };
        let book = &source.site.title;
        let is_what = match &kind {
            Kind::Prints(..) => {
                format!("A program of {book} as one file, with what it prints.")
            }
            Kind::Tests(..) => {
                format!("A step of {book} as one file, with its tests.")
            }
        };
        let said = about.replace('`', "");
        let published = PublishedPage {
            file: page(&name),
            title,
            description: format!("{said} {is_what}").trim().to_string(),
            card_alt: format!("The program {name}, with its code"),
            part: Some(shown.title.clone()),
            number: None,
            excerpt: Some(excerpt(&source.root, &file)?),
            changed: shown.changed.clone(),
        };
        let mut program = Program {
            published,
            kind,
            is_main,
            playground: playground.link(&whole.crates, &text),
            text,
            crates: whole.crates,
            manifest,
            content: String::new(),
            file,
            name,
        };
        program.content = content(&program, &about, &shown)?;
        Ok(program)
    }
}

/// What a package of the book says of each crate that it uses: the table of the
/// manifest, the name, the line.
struct Dependencies(Vec<(String, String, String)>);

impl Dependencies {
    fn read(root: &Path, package: &str) -> Result<Dependencies> {
        let read = |file: String| -> Result<Table> {
            let text = fs::read_to_string(root.join(&file));
            text.unwrap_or_default().parse().context(file)
        };
        let own = read(format!("{package}/Cargo.toml"))?;
        let all = read("Cargo.toml".into())?;
        let table = |of: &Table, name: &str| {
            let table = of.get(name).and_then(Value::as_table);
            table.cloned().unwrap_or_default()
        };
        let shared = table(&table(&all, "workspace"), "dependencies");
        let targets = table(&own, "target").into_iter();
        let targets = targets.filter_map(|(target, value)| {
            let header = format!("target.'{target}'.dependencies");
            Some((header, value.as_table()?.clone()))
        });
        let mut lines = Vec::new();
        for (header, of) in iter::once(("dependencies".into(), own)).chain(targets) {
            let both = [table(&of, "dependencies"), table(&of, "dev-dependencies")];
            for (name, value) in both.into_iter().flatten() {
                let value = match value.get("workspace") {
                    Some(_) => shared.get(&name).cloned().unwrap_or(value),
                    None => value,
                };
                // The book's own crates are in the file.
                if value.get("path").is_none() {
                    let line = dependency(&name, value);
                    lines.push((header.clone(), name, line));
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
        for (header, name, line) in &self.0 {
            if whole.crates.contains(&in_code(name)) {
                if *header != above {
                    out += &format!("\n[{header}]\n");
                    above = header;
                }
                out += line;
                out.push('\n');
            }
        }
        out
    }
}

/// What a manifest asks for, as the file says it above its code: the page has all
/// of the manifest.
fn needs(manifest: &str) -> String {
    match manifest.split_once("\n\n") {
        Some((_, crates)) => format!(
            "Its edition is 2024, and its `Cargo.toml` has:\n\n\
             ```toml\n{crates}```\n"
        ),
        None => "Its edition is 2024, and it needs no crate.\n".to_string(),
    }
}

/// A line of a manifest.
fn dependency(name: &str, value: Value) -> String {
    let value = match value {
        Value::Table(mut table) => {
            table.remove("optional");
            match (table.len(), table.remove("version")) {
                (1, Some(version)) => version,
                (_, version) => {
                    let version = version.map(|v| format!("version = {v}"));
                    let rest = table.iter().map(|(k, v)| format!("{k} = {v}"));
                    let all: Vec<_> = version.into_iter().chain(rest).collect();
                    return format!("{name} = {{ {} }}", all.join(", "));
                }
            }
        }
        value => value,
    };
    format!("{name} = {value}")
}

/// What the Rust Playground has.
#[derive(Debug, Deserialize)]
struct Playground {
    crates: HashMap<String, String>,
}

impl Playground {
    fn link(&self, crates: &BTreeSet<String>, text: &str) -> Result<String, NoLink> {
        let known: BTreeSet<String> = self.crates.keys().map(|name| in_code(name)).collect();
        let lacking: Vec<String> = crates.difference(&known).cloned().collect();
        if !lacking.is_empty() {
            return Err(NoLink::Crates(lacking));
        }
        let link = playground_link(text);
        match link.len() > LONGEST_LINK {
            true => Err(NoLink::Length(link.len())),
            false => Ok(link),
        }
    }
}

/// Where the playground is, with what it is asked for.
pub const ASKED: &str = "https://play.rust-lang.org/?version=stable&mode=debug&edition=2024";

fn playground_link(text: &str) -> String {
    format!("{ASKED}&code={}", encoded(text))
}

/// `text` as the value of a form: a space is a `+`.
fn encoded(text: &str) -> String {
    // What a query may have, and what a form does not give a meaning.
    let signs = b"-_.~!*():;,/?@$=";
    let each = text.bytes().map(|byte| match byte {
        b' ' => "+".to_string(),
        _ if byte.is_ascii_alphanumeric() || signs.contains(&byte) => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    });
    each.collect()
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
    let is_new = |n: &usize| kept.get(parts(*n)).is_none();
    let new: Vec<usize> = (0..texts.len()).filter(is_new).collect();
    for n in &new {
        fs::write(file(*n), &texts[*n])?;
    }
    if !new.is_empty() {
        let done = Command::new("rustfmt")
            .args(["--edition", "2024", "--config", STYLE])
            .args(new.iter().map(|n| file(*n)))
            .current_dir(dir.path())
            .output()
            .context("rustfmt does not start: `rustup component add rustfmt`")?;
        if !done.status.success() {
            let why = String::from_utf8_lossy(&done.stderr);
            bail!("rustfmt refuses a program as one file:\n{why}");
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
    let fits = |text: &str| text.chars().count() <= MOST;
    // A sentence ends before a space: not in `.await`.
    let mut ends = about.match_indices(['.', '?', '!']).map(|(at, _)| at + 1);
    let end = ends.find(|at| about[*at..].starts_with(' '));
    let sentence = &about[..end.unwrap_or(about.len())];
    for text in [&*about, sentence] {
        let text = text.trim_end_matches('.');
        if fits(text) {
            return text.to_string();
        }
    }
    let cut = |signs: &[&str]| {
        let all = sentence.char_indices().map(|(at, _)| at);
        let mut fit = all.filter(|at| fits(&sentence[..*at]));
        fit.rfind(|at| signs.iter().any(|s| sentence[*at..].starts_with(s)))
    };
    let at = cut(&[": ", "; ", ", "]).or_else(|| cut(&[" "]));
    let (cut, rest) = sentence.split_at(at.unwrap_or_default());
    // What stands before a colon is whole; anything else goes on.
    match rest.starts_with([':', ';']) {
        true => cut.to_string(),
        false => format!("{cut} …"),
    }
}

/// What of the program its card shows: its anchor, or all of it.
fn excerpt(root: &Path, file: &str) -> Result<Excerpt> {
    let text = fs::read_to_string(root.join(file))?;
    let anchor = anchors(&text).into_iter().next().map(|(name, _)| name);
    let target = Target { file: file.to_string(), anchor };
    let taken = take(root, &target).map_err(anyhow::Error::msg)?;
    let Excerpt::Code { file, text } = Excerpt::code(&target, &taken) else {
        bail!("{file} has no code");
    };
    let code = text.lines().skip_while(|line| line.starts_with("//!") || line.starts_with("use ") || line.is_empty());
    let text = code.collect::<Vec<_>>().join("\n");
    Ok(Excerpt::Code { file, text })
}

fn content(program: &Program, about: &str, shown: &Shown) -> Result<String> {
    let Program { name, text, playground, .. } = program;
    let about = encode_text(about);
    let block = |code: &str| code_block(code.trim_end());
    let (what, one_file, file, record) = match &program.kind {
        Kind::Prints(_, output) => (
            "program",
            "the program and, of the book's steps, what the program uses",
            "src/main.rs",
            output.as_ref().map(|output| ("It prints:", output.clone())),
        ),
        Kind::Tests(_, tests) => (
            "step",
            "the step with its tests and, of the other steps, what they use",
            "src/lib.rs",
            Some(("<code>cargo test</code> runs these:", tests.join("\n"))),
        ),
    };
    let (label, record) = record.unzip();
    let data = json!({
        "title": program.published.title,
        "about": CODE.replace_all(&about, "<code>$1</code>"),
        "what": what,
        "one_file": one_file,
        "shown": shown,
        "name": name,
        "playground": ASKED,
        "link": playground.as_ref().ok(),
        "lacking": match playground {
            Err(NoLink::Crates(lacking)) => &lacking[..],
            _ => &[],
        },
        "too_long": matches!(playground, Err(NoLink::Length(_))),
        "file": file,
        "code": block(&code::html("rust", text)?),
        "label": label,
        "record": record.map(|record| block(&encode_text(&record))),
        "manifest": block(&encode_text(&program.manifest)),
        "links": {
            "program": permalink("program", "listing"),
            "output": permalink("output", "output"),
            "manifest": permalink("manifest", "listing"),
        },
    });
    Ok(filled("program.html", &data).trim_end().to_string())
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
