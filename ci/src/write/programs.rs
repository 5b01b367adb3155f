//! Every program of the book as one file: its text, its manifest, its page and,
//! where the Rust Playground has its crates, the link that opens it there. A step
//! that no program on a page uses has such a file too, with its tests.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::iter;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use anyhow::{Context as _, Result, bail};
use html_escape::{encode_double_quoted_attribute, encode_text};
use regex::{Captures, Regex};
use serde::Deserialize;
use toml::{Table, Value};

use super::folder::Output;
use super::head::{PageFacts, facts_html};
use super::page::PageText;
use super::publish::PublishedPage;
use crate::draw::code;
use crate::draw::kept::Kept;
use crate::links::{page_of, slashed};
use crate::read::excerpt::Excerpt;
use crate::read::figure::{code_block, permalink};
use crate::read::include::{Target, anchors, take};
use crate::read::listing::{BOUNDARY, CRATE};
use crate::read::source::Source;
use crate::read::whole::{Place, Steps, Whole};

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
    content: String,
    facts: String,
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
    /// Its page, ready for the frame.
    pub fn page(&self) -> PageText<'_> {
        PageText {
            page: &self.published.facts.file,
            title: self.published.facts.title.clone(),
            description: self.published.facts.description.clone(),
            facts: &self.facts,
            content: &self.content,
            file: Some(self.file.clone()),
        }
    }

    /// Whether it is a program of the boundary, with its crates.
    pub fn has_window(&self) -> bool {
        matches!(self.kind, Kind::Prints(BOUNDARY, _))
    }

    /// The HTML within the frame.
    pub fn content(&self) -> &str {
        &self.content
    }

    /// Adds the file to download.
    pub fn add_file(&self, output: &mut Output) {
        let name = format!("{FOLDER}/{}.rs", self.name);
        output.insert(name, self.text.clone().into_bytes());
    }
}

static FIGURE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"<figure class="listing" id="(listing-[\w-]+)""#)
        .expect("a pattern")
});
static INCLUDED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"include_str!\("([^"]+)"\)"#).expect("a pattern")
});
static CODE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("`([^`]+)`").expect("a pattern"));

/// Where the book shows a program first.
#[derive(Clone)]
struct Shown {
    page: String,
    id: String,
    title: String,
    changed: Option<String>,
}

/// Every program that the book shows, by its name, and after them the steps with
/// tests that it shows and that none of these programs uses.
///
/// # Errors
/// When a program or a step cannot be read, or there is no rustfmt.
pub fn programs(source: &Source) -> Result<Vec<Program>> {
    let root = &source.root;
    let (examples, figures) = shown(source);
    if figures.is_empty() {
        return Ok(Vec::new());
    }
    let dependencies = [CRATE, BOUNDARY].map(|of| Dependencies::read(root, of));
    let [listings, boundary] = dependencies;
    let (listings, boundary) = (listings?, boundary?);
    let known = listings.names().chain(boundary.names()).collect();
    let steps = Steps::read(root, known)?;
    let mut all = Vec::new();
    let mut used = BTreeSet::new();
    for (name, (package, shown)) in examples {
        let file = format!("{package}/examples/{name}.rs");
        let text =
            fs::read_to_string(root.join(&file)).context(file.clone())?;
        let whole = steps.whole(&name, &text)?;
        used.extend(whole.steps.iter().cloned());
        let output = format!("{package}/examples/outputs/{name}.txt");
        let output = fs::read_to_string(root.join(output)).ok();
        let of = if package == CRATE { &listings } else { &boundary };
        let manifest = of.manifest(&whole);
        let kind = Kind::Prints(package, output);
        all.push((kind, file, shown, manifest, whole));
    }
    for (place, shown) in steps_of(&steps, figures) {
        let whole = steps.tested(&place).filter(|_| !used.contains(&place));
        let Some(whole) = whole else { continue };
        let ids = format!("listing-{}", place[1..].join("-"));
        let kind = Kind::Tests(ids, whole.tests.clone());
        let file = format!("{}/src/{}.rs", place[0], place[1..].join("/"));
        all.push((kind, file, shown, listings.manifest(&whole), whole));
    }
    let address = |name| source.site.address.of(&page(name));
    let texts = all.iter().map(|(kind, file, _, manifest, whole)| {
        let address = address(&whole.name);
        let title = &source.site.title;
        let text = with_top(whole, kind, title, &address, manifest);
        with_included(&root.join(file), &text)
    });
    let texts = texts.collect::<Result<Vec<String>>>()?;
    let formatted = formatted(root, texts.iter().map(String::as_str))?;
    let playground = Playground::read()?;
    let all = all.into_iter().zip(formatted);
    all.map(|((kind, file, shown, manifest, whole), text)| {
        let link = playground.link(&whole.crates, &text);
        program(source, &shown, kind, &file, whole, manifest, text, link)
    })
    .collect()
}

/// Marks the listings of steps that have a file of their own, so that their menu
/// leads there.
pub fn mark_steps(
    programs: &[Program],
    contents: &mut BTreeMap<String, String>,
) {
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

/// The examples that the book shows, each with its package; and all that may be
/// a step's listing, by its id without the first word.
#[expect(clippy::type_complexity, reason = "both are taken apart at once")]
fn shown(
    source: &Source,
) -> (BTreeMap<String, (&'static str, Shown)>, BTreeMap<String, Shown>) {
    let (mut examples, mut others) = (BTreeMap::new(), BTreeMap::new());
    for (path, chapter) in &source.chapters {
        for found in FIGURE.captures_iter(&chapter.content) {
            let id = &found[1];
            let changed = slashed(&source.src.join(path));
            let shown = Shown {
                page: page_of(path),
                id: id.to_string(),
                title: chapter.title.clone(),
                changed: source.changed.get(&changed).cloned(),
            };
            let id = id.trim_start_matches("listing-");
            let Some(name) = id.strip_prefix("examples-") else {
                others.entry(id.to_string()).or_insert(shown);
                continue;
            };
            let name = name.split('-').next().unwrap_or(name);
            let package = [CRATE, BOUNDARY].into_iter().find(|package| {
                let file = format!("{package}/examples/{name}.rs");
                source.root.join(file).is_file()
            });
            if let Some(package) = package {
                examples.entry(name.to_string()).or_insert((package, shown));
            }
        }
    }
    (examples, others)
}

/// The steps among what the book shows: a listing's id is the path of its step,
/// and the name of the part that it shows.
fn steps_of(
    steps: &Steps,
    figures: BTreeMap<String, Shown>,
) -> BTreeMap<Place, Shown> {
    let mut all = BTreeMap::new();
    for (id, shown) in figures {
        let mut place: Place = vec![CRATE.to_string()];
        place.extend(id.split('-').map(str::to_string));
        while place.len() > 1 && !steps.has(&place) {
            place.pop();
        }
        if place.len() > 1 {
            all.entry(place).or_insert(shown);
        }
    }
    all
}

/// The program with the files that it includes as texts.
fn with_included(file: &Path, text: &str) -> Result<String> {
    let mut out = text.to_string();
    for found in INCLUDED.captures_iter(text) {
        let path = file.with_file_name(&found[1]);
        let shown = || path.display().to_string();
        let included = fs::read_to_string(&path).with_context(shown)?;
        out = out.replace(&found[0], &format!("r##\"{included}\"##"));
    }
    Ok(out)
}

/// The file: what it shows and what it needs stand above the code.
fn with_top(
    whole: &Whole,
    kind: &Kind,
    book: &str,
    address: &str,
    manifest: &str,
) -> String {
    let mut out = String::new();
    let mut say = |line: &str| {
        out += format!("//! {line}").trim_end();
        out.push('\n');
    };
    whole.about.lines().for_each(&mut say);
    say("");
    say(&match kind {
        Kind::Prints(..) => format!("A program of *{book}* as one file:"),
        Kind::Tests(..) => {
            format!("A step of *{book}* with its tests as one file:")
        }
    });
    say(&format!("<{address}>"));
    say("");
    say("Its `Cargo.toml`:");
    say("");
    say("```toml");
    manifest.lines().for_each(&mut say);
    say("```");
    out.push_str(match kind {
        Kind::Prints(CRATE, _) => {
            "#![allow(dead_code, reason = \"a step has more than this program uses\")]\n"
        }
        _ => {
            "#![allow(dead_code, unused_imports, reason = \"a step has more than is used here\")]\n"
        }
    });
    out.push('\n');
    out + &whole.code
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
        for (header, of) in
            iter::once(("dependencies".into(), own)).chain(targets)
        {
            let both =
                [table(&of, "dependencies"), table(&of, "dev-dependencies")];
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
        let mut out = format!(
            "[package]\nname = \"{}\"\nversion = \"0.1.0\"\nedition = \
             \"2024\"\n",
            whole.name
        );
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
    fn read() -> Result<Playground> {
        toml::from_str(PLAYGROUND).context("ci/playground.toml")
    }

    fn link(
        &self,
        crates: &BTreeSet<String>,
        text: &str,
    ) -> Result<String, NoLink> {
        let known: BTreeSet<String> =
            self.crates.keys().map(|name| in_code(name)).collect();
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
pub const ASKED: &str =
    "https://play.rust-lang.org/?version=stable&mode=debug&edition=2024";

fn playground_link(text: &str) -> String {
    format!("{ASKED}&code={}", encoded(text))
}

/// `text` as the value of a form: a space is a `+`.
fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b' ' => out.push('+'),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => out.push(byte.into()),
            // What a query may have, and what a form does not give a meaning.
            b'-' | b'_' | b'.' | b'~' | b'!' | b'*' | b'(' | b')' | b':'
            | b';' | b',' | b'/' | b'?' | b'@' | b'$' | b'=' => {
                out.push(byte.into());
            }
            byte => out += &format!("%{byte:02X}"),
        }
    }
    out
}

/// The texts as rustfmt writes them.
fn formatted<'a>(
    root: &Path,
    texts: impl Iterator<Item = &'a str>,
) -> Result<Vec<String>> {
    let kept = Kept::below(&root.join("target/drawn"));
    let parts = |text: &'a str| [text, "rustfmt", "100"];
    let texts: Vec<&str> = texts.collect();
    let dir = tempfile::tempdir()?;
    let mut files = Vec::new();
    for (n, text) in texts.iter().enumerate() {
        if kept.get(parts(text)).is_none() {
            let file = dir.path().join(format!("{n}.rs"));
            fs::write(&file, text)?;
            files.push(file);
        }
    }
    if !files.is_empty() {
        // The width that rustfmt has when nothing is asked of it.
        let done = Command::new("rustfmt")
            .args(["--edition", "2024", "--config", "max_width=100"])
            .args(&files)
            .current_dir(dir.path())
            .output()
            .context(
                "rustfmt does not start: `rustup component add rustfmt`",
            )?;
        if !done.status.success() {
            let why = String::from_utf8_lossy(&done.stderr);
            bail!("rustfmt refuses a program as one file:\n{why}");
        }
    }
    let mut out = Vec::new();
    for (n, text) in texts.iter().enumerate() {
        out.push(match kept.get(parts(text)) {
            Some(known) => known,
            None => {
                let file = dir.path().join(format!("{n}.rs"));
                let written = fs::read_to_string(file)?;
                kept.put(parts(text), &written);
                written
            }
        });
    }
    Ok(out)
}

#[expect(clippy::too_many_arguments, reason = "all of it stands on the page")]
fn program(
    source: &Source,
    shown: &Shown,
    kind: Kind,
    file: &str,
    whole: Whole,
    manifest: String,
    text: String,
    playground: Result<String, NoLink>,
) -> Result<Program> {
    let name = whole.name;
    let about = whole.about.split_whitespace().collect::<Vec<_>>().join(" ");
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
    let facts = PageFacts {
        file: page(&name),
        title: title.clone(),
        description: format!("{said} {is_what}").trim().to_string(),
        card_alt: format!("The program {name}, with its code"),
    };
    let mut program = Program {
        facts: facts_html(&facts, &source.site),
        published: PublishedPage {
            facts,
            part: Some(shown.title.clone()),
            number: None,
            excerpt: Some(excerpt(&source.root, file)?),
            changed: shown.changed.clone(),
        },
        name,
        kind,
        text,
        crates: whole.crates,
        manifest,
        playground,
        content: String::new(),
        file: file.to_string(),
    };
    program.content = content(&program, &about, shown)?;
    Ok(program)
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
    let code = text.lines().skip_while(|line| {
        line.starts_with("//!") || line.starts_with("use ") || line.is_empty()
    });
    let text = code.collect::<Vec<_>>().join("\n");
    Ok(Excerpt::Code { file, text })
}

fn content(program: &Program, about: &str, shown: &Shown) -> Result<String> {
    let Program { name, text, .. } = program;
    let marked = |text: &str| {
        let text = encode_text(text).into_owned();
        CODE.replace_all(&text, "<code>$1</code>").into_owned()
    };
    let play = match &program.playground {
        Ok(link) => format!(
            "<a class=\"playground\" href=\"{}\">Open it in the Rust \
             Playground</a>, or copy it from here.",
            encode_double_quoted_attribute(link)
        ),
        Err(NoLink::Crates(lacking)) => format!(
            "The Rust Playground lacks crates that it uses \
             (<code>{}</code>): copy both files into an empty project.",
            lacking.join("</code>, <code>")
        ),
        Err(NoLink::Length(_)) => format!(
            "It is too long for a link to the <a href=\"{}\">Rust \
             Playground</a>: copy it from here and paste it there.",
            encode_double_quoted_attribute(ASKED)
        ),
    };
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
    let Shown { page, id, title: chapter, .. } = shown;
    let mut html = format!(
        "<h1 id=\"top\"><a class=\"header\" href=\"#top\">{}</a></h1>\n\
         <p>{}</p>\n\
         <p>This {what} stands in the chapter \
         <a href=\"../{page}#{id}\">{}</a>. Here it is one file: \
         {one_file}.</p>\n\
         <p><a href=\"{name}.rs\" download>Download the file</a>. {play}</p>\n",
        encode_text(&program.published.facts.title),
        marked(about),
        encode_text(chapter),
    );
    html += &figure("program", file, &code::html("rust", text)?);
    if let Some((label, record)) = record {
        html += &format!(
            "<div class=\"record\" id=\"output\"><p>{label} {}</p>{}</div>",
            permalink("output", "output"),
            code_block(&encode_text(record.trim_end())),
        );
    }
    html += "</figure>\n";
    html += &figure("manifest", "Cargo.toml", &encode_text(&program.manifest));
    Ok(html + "</figure>")
}

/// A figure without its end.
fn figure(id: &str, file: &str, code: &str) -> String {
    format!(
        "<figure class=\"listing\" id=\"{id}\"><figcaption><span \
         class=\"file\">{file}</span><span class=\"tools\">{}</span>\
         </figcaption><div class=\"code\">{}</div>",
        permalink(id, "listing"),
        code_block(code.trim_end()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_has_the_text_as_a_form_would_send_it() {
        assert_eq!(encoded("a + b;\n\"é\""), "a+%2B+b;%0A%22%C3%A9%22");
        assert_eq!(
            encoded("&#%'<>{}[]|\\^"),
            "%26%23%25%27%3C%3E%7B%7D%5B%5D%7C%5C%5E"
        );
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
    fn a_manifest_has_the_books_own_lines() {
        let line = |text: &str| {
            let table: Table = text.parse().unwrap();
            let (name, value) = table.into_iter().next().unwrap();
            dependency(&name, value)
        };
        assert_eq!(line("a = \"1\""), "a = \"1\"");
        assert_eq!(
            line("a = { version = \"1\", optional = true }"),
            "a = \"1\""
        );
        assert_eq!(
            line("a = { features = [\"x\"], version = \"1\" }"),
            "a = { version = \"1\", features = [\"x\"] }"
        );
    }
}
