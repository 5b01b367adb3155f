//! Every program of the book as one file: its text, its manifest, its page and,
//! where the Rust Playground has its crates, the link that opens it there.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use anyhow::{Context as _, Result, bail};
use html_escape::{encode_double_quoted_attribute, encode_text};
use regex::Regex;
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
use crate::read::listing::CRATE;
use crate::read::source::Source;
use crate::read::whole::{Steps, Whole};

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
    content: String,
    facts: String,
    file: String,
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

static SHOWN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"id="(listing-examples-(\w+)(?:-[\w-]+)?)""#)
        .expect("a pattern")
});
static CODE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("`([^`]+)`").expect("a pattern"));

/// Where the book shows a program first.
struct Place {
    page: String,
    id: String,
    title: String,
    changed: Option<String>,
}

/// Every program that the book shows and that needs no window, by its name.
///
/// # Errors
/// When a program or a step cannot be read, or there is no rustfmt.
pub fn programs(source: &Source) -> Result<Vec<Program>> {
    let root = &source.root;
    let places = places(source);
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let dependencies = Dependencies::read(root)?;
    let playground = Playground::read()?;
    let known = dependencies.0.keys().map(|name| in_code(name)).collect();
    let steps = Steps::read(root, known)?;
    let mut texts = Vec::new();
    for (name, place) in &places {
        let file = format!("{CRATE}/examples/{name}.rs");
        let text = fs::read_to_string(root.join(&file)).context(file)?;
        let whole = steps.whole(name, &text)?;
        let manifest = dependencies.manifest(&whole);
        let address = source.site.address.of(&page(name));
        let title = &source.site.title;
        texts.push((
            place,
            with_top(&whole, title, &address, &manifest),
            whole,
            manifest,
        ));
    }
    let formatted = formatted(root, texts.iter().map(|(_, text, ..)| &**text))?;
    texts
        .into_iter()
        .zip(formatted)
        .map(|((place, _, whole, manifest), text)| {
            let link = playground.link(&whole.crates, &text);
            program(source, place, whole, manifest, text, link)
        })
        .collect()
}

fn page(name: &str) -> String {
    format!("{FOLDER}/{name}.html")
}

fn in_code(name: &str) -> String {
    name.replace('-', "_")
}

fn places(source: &Source) -> BTreeMap<String, Place> {
    let mut places = BTreeMap::new();
    for (path, chapter) in &source.chapters {
        for found in SHOWN.captures_iter(&chapter.content) {
            let (id, name) = (found[1].to_string(), found[2].to_string());
            let file = format!("{CRATE}/examples/{name}.rs");
            if source.root.join(file).is_file() {
                let changed = slashed(&source.src.join(path));
                places.entry(name).or_insert_with(|| Place {
                    page: page_of(path),
                    id,
                    title: chapter.title.clone(),
                    changed: source.changed.get(&changed).cloned(),
                });
            }
        }
    }
    places
}

/// The file: what it shows and what it needs stand above the code.
fn with_top(
    whole: &Whole,
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
    say(&format!("A program of *{book}* as one file:"));
    say(&format!("<{address}>"));
    say("");
    say("Its `Cargo.toml`:");
    say("");
    say("```toml");
    manifest.lines().for_each(&mut say);
    say("```");
    out.push_str(
        "#![allow(dead_code, reason = \"a step has more than this program uses\")]\n",
    );
    out.push('\n');
    out + &whole.code
}

/// What the book's own manifests say of each crate.
struct Dependencies(BTreeMap<String, String>);

impl Dependencies {
    fn read(root: &Path) -> Result<Dependencies> {
        let read = |file: String| -> Result<Table> {
            let text = fs::read_to_string(root.join(&file));
            text.unwrap_or_default().parse().context(file)
        };
        let own = read(format!("{CRATE}/Cargo.toml"))?;
        let all = read("Cargo.toml".into())?;
        let table = |of: &Table, path: &[&str]| {
            let mut at = of.clone();
            for name in path {
                at = at.get(*name)?.as_table()?.clone();
            }
            Some(at)
        };
        let shared =
            table(&all, &["workspace", "dependencies"]).unwrap_or_default();
        let mut tables = vec![
            table(&own, &["dependencies"]),
            table(&own, &["dev-dependencies"]),
        ];
        let targets = table(&own, &["target"]).unwrap_or_default();
        tables.extend(targets.values().filter_map(|target| {
            table(target.as_table()?, &["dev-dependencies"]).map(Some)
        }));
        let mut lines = BTreeMap::new();
        for (name, value) in tables.into_iter().flatten().flatten() {
            let inherits = value.get("workspace").is_some();
            let value = match inherits {
                true => shared.get(&name).cloned().unwrap_or(value),
                false => value,
            };
            lines.insert(name.clone(), dependency(&name, value));
        }
        Ok(Dependencies(lines))
    }

    fn manifest(&self, whole: &Whole) -> String {
        let mut out = format!(
            "[package]\nname = \"{}\"\nversion = \"0.1.0\"\nedition = \
             \"2024\"\n",
            whole.name
        );
        let lines = self.0.iter();
        let lines: Vec<&str> = lines
            .filter(|(name, _)| whole.crates.contains(&in_code(name)))
            .map(|(_, line)| line.as_str())
            .collect();
        if !lines.is_empty() {
            out += "\n[dependencies]\n";
            out += &lines.join("\n");
            out.push('\n');
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

fn program(
    source: &Source,
    place: &Place,
    whole: Whole,
    manifest: String,
    text: String,
    playground: Result<String, NoLink>,
) -> Result<Program> {
    let name = whole.name;
    let file = format!("{CRATE}/examples/{name}.rs");
    let about = whole.about.split_whitespace().collect::<Vec<_>>().join(" ");
    let title = match about.is_empty() {
        true => name.clone(),
        false => title(&about),
    };
    let shown = excerpt(&source.root, &file)?;
    let book = &source.site.title;
    let facts = PageFacts {
        file: page(&name),
        title: title.clone(),
        description: format!(
            "{} A program of {book} as one file, with what it prints.",
            about.replace('`', "")
        )
        .trim()
        .to_string(),
        card_alt: format!("The program {name}, with its code"),
    };
    let recorded = format!("{CRATE}/examples/outputs/{name}.txt");
    let printed =
        fs::read_to_string(source.root.join(&recorded)).unwrap_or_default();
    let content = content(
        &name,
        &about,
        &title,
        place,
        &text,
        &printed,
        &manifest,
        &playground,
    )?;
    Ok(Program {
        facts: facts_html(&facts, &source.site),
        published: PublishedPage {
            facts,
            part: Some(place.title.clone()),
            number: None,
            excerpt: Some(shown),
            changed: place.changed.clone(),
        },
        name,
        text,
        crates: whole.crates,
        manifest,
        playground,
        content,
        file,
    })
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

#[expect(clippy::too_many_arguments, reason = "all of it stands on the page")]
fn content(
    name: &str,
    about: &str,
    title: &str,
    place: &Place,
    text: &str,
    printed: &str,
    manifest: &str,
    playground: &Result<String, NoLink>,
) -> Result<String> {
    let marked = |text: &str| {
        let text = encode_text(text).into_owned();
        CODE.replace_all(&text, "<code>$1</code>").into_owned()
    };
    let play = match playground {
        Ok(link) => format!(
            "<a class=\"playground\" href=\"{}\">Open it in the Rust \
             Playground</a>, or copy it from here.",
            encode_double_quoted_attribute(link)
        ),
        Err(NoLink::Crates(lacking)) => format!(
            "The Rust Playground has not all of its crates (<code>{}</code> is \
             missing): copy both files into an empty project.",
            lacking.join("</code>, <code>")
        ),
        Err(NoLink::Length(_)) => format!(
            "It is too long for a link to the <a href=\"{}\">Rust \
             Playground</a>: copy it from here and paste it there.",
            encode_double_quoted_attribute(ASKED)
        ),
    };
    let Place { page, id, title: chapter, .. } = place;
    let chapter = encode_text(chapter);
    let mut html = format!(
        "<h1 id=\"top\"><a class=\"header\" href=\"#top\">{}</a></h1>\n\
         <p>{}</p>\n\
         <p>This program stands in the chapter \
         <a href=\"../{page}#{id}\">{chapter}</a>. Here it is one file: the \
         program and, of the book's steps, what the program uses.</p>\n\
         <p><a href=\"{name}.rs\" download>Download the file</a>. {play}</p>\n",
        encode_text(title),
        marked(about),
    );
    html += &figure("program", "src/main.rs", &code::html("rust", text)?);
    html += &format!(
        "<div class=\"record\" id=\"output\"><p>It prints: {}</p>{}</div>\
         </figure>\n",
        permalink("output", "output"),
        code_block(&encode_text(printed.trim_end())),
    );
    html += &figure("manifest", "Cargo.toml", &encode_text(manifest));
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
