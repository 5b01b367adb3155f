//! A program as one file: the program itself, and of each step what it reaches,
//! in modules of their names.
//!
//! What is reached is found by names: an item is, when what is kept has its name
//! where that name leads to it; a method, when what is kept has its name anywhere.
//! So a file may keep a little more than it needs, never less.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::ops::Range;
use std::path::Path;

use anyhow::{Context as _, Result};
use tree_sitter::{Node, Parser};
use walkdir::WalkDir;

use super::listing::{BOUNDARY, CRATE};

/// A program with all that it uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    /// Its name, as `cargo run --example` takes it.
    pub name: String,
    /// What it shows: the `//!` on top of it, without the signs.
    pub about: String,
    /// What stands below that: attributes of the file, the program, the steps.
    pub code: String,
    /// The crates that it uses, by their names in code.
    pub crates: BTreeSet<String>,
    /// The steps that it has something of.
    pub steps: BTreeSet<Place>,
    /// The tests in it, by their names.
    pub tests: Vec<String>,
}

/// A place: the name of its crate, and of the modules around it.
pub type Place = Vec<String>;

/// The crates whose modules a program's file takes along.
const CRATES: [&str; 2] = [CRATE, BOUNDARY];

/// Where a program's own items are: no module can have this name.
const PROGRAM: &str = "main.rs";

/// Every step of the book, read once for all programs.
pub struct Steps {
    files: BTreeMap<Place, File>,
    /// The crates that a program may name.
    known: BTreeSet<String>,
    /// Every `impl` of a step, and the items that it is of.
    impls: Vec<(Spot, Vec<Spot>)>,
}

/// An item of a module, by its number there.
type Spot = (Place, usize);

impl Steps {
    /// Reads the steps of the book in `root`. `known` are the names of the
    /// crates that a program may use, as code spells them.
    ///
    /// # Errors
    /// When a step cannot be read or parsed.
    pub fn read(root: &Path, known: BTreeSet<String>) -> Result<Steps> {
        let mut files = BTreeMap::new();
        for name in CRATES {
            files.insert(vec![name.to_string()], File::default());
            let src = root.join(name).join("src");
            let walk =
                src.is_dir().then(|| WalkDir::new(&src).sort_by_file_name());
            for entry in walk.into_iter().flatten() {
                let path = entry?.into_path();
                if path.extension().is_none_or(|x| x != "rs") {
                    continue;
                }
                let shown = || path.display().to_string();
                let text = fs::read_to_string(&path).with_context(shown)?;
                let module = path.strip_prefix(&src)?.with_extension("");
                let below = module.iter().map(|part| part.to_string_lossy());
                let mut place: Place = [name.into()]
                    .into_iter()
                    .chain(below.map(Into::into))
                    .collect();
                if place[1..] == ["lib"]
                    || place.last().is_some_and(|n| n == "mod")
                {
                    place.pop();
                }
                let file =
                    File::parse(&text, Some(name)).with_context(shown)?;
                files.insert(place, file);
            }
        }
        let mut steps = Steps { files, known, impls: Vec::new() };
        let nothing = File::default();
        let reached = Reached::new(&steps, &nothing);
        let impls = steps.files.iter().flat_map(|(place, file)| {
            let spots = reached.impls_in(place, file);
            spots.collect::<Vec<_>>()
        });
        steps.impls = impls.collect();
        Ok(steps)
    }

    /// The program `name`, whose file has `text`, with all that it uses.
    ///
    /// # Errors
    /// When the program cannot be parsed.
    pub fn whole(&self, name: &str, text: &str) -> Result<Whole> {
        let program =
            File::parse(text, None).with_context(|| name.to_string())?;
        let mut reached = Reached::new(self, &program);
        reached.everything_of(&vec![PROGRAM.to_string()]);
        Ok(reached.whole(name, &program.about))
    }

    /// Whether there is a step at `place`.
    pub fn has(&self, place: &Place) -> bool {
        self.files.contains_key(place)
    }

    /// The step at `place` with its tests and all that they use; none where
    /// there is no such step, or no test in it.
    pub fn tested(&self, place: &Place) -> Option<Whole> {
        let step = self.files.get(place)?;
        let program = File::default();
        let mut reached = Reached::new(self, &program);
        for (at, _) in step.tests() {
            reached.keep(place.clone(), at);
        }
        if reached.items.is_empty() {
            return None;
        }
        reached.everything_of(place);
        let mut whole = reached.whole(&place[1..].join("_"), &step.about);
        let lines = step.tests().flat_map(|(_, item)| &item.text.0);
        whole.tests = test_names(lines.map(|(line, _)| line.as_str()));
        Some(whole)
    }
}

/// A module as it is written, taken apart.
#[derive(Debug, Default)]
struct File {
    /// The `//!` on top, without the signs.
    about: String,
    /// `#![…]`.
    attributes: String,
    items: Vec<Item>,
    uses: Vec<Import>,
    /// Its modules in files of their own, each with what stands before `mod`.
    modules: BTreeMap<String, String>,
    /// Every name in it that is no part of another.
    names: HashSet<String>,
}

/// What can be kept or left out.
#[derive(Debug, Default)]
struct Item {
    /// What it defines; an `impl` defines nothing.
    names: Vec<String>,
    text: Lines,
    says: Says,
    of: Option<Impl>,
    is_trait: bool,
    /// A module of tests: kept when it is asked for.
    is_test: bool,
}

/// What an `impl` is of, and what of it can be left out.
#[derive(Debug, Default)]
struct Impl {
    implementor: Vec<Vec<String>>,
    implemented: Option<Vec<String>>,
    /// Empty where everything in it is needed.
    members: Vec<Member>,
}

#[derive(Debug)]
struct Member {
    name: String,
    text: Lines,
    says: Says,
}

/// What a piece of code names.
#[derive(Debug, Default)]
struct Says {
    /// Paths, those of one name too.
    paths: Vec<Vec<String>>,
    /// Imports within a function: the name, and what it is.
    imports: Vec<(String, Vec<String>)>,
    /// Every name.
    names: HashSet<String>,
    /// Those of them that may be methods: after a dot and called, or after `::`.
    calls: HashSet<String>,
}

/// One name that a `use` brings.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Import {
    /// `pub`, and what else stands before `use`.
    before: String,
    path: Vec<String>,
    /// `*` for all of them, `_` for none.
    name: String,
}

/// Lines of code, each with whether it begins within a string, so that it stays
/// where it is.
#[derive(Debug, Default, Clone)]
struct Lines(Vec<(String, bool)>);

const OWN_ITEMS: [&str; 9] = [
    "function_item",
    "struct_item",
    "enum_item",
    "union_item",
    "trait_item",
    "type_item",
    "const_item",
    "static_item",
    "macro_definition",
];

impl File {
    /// `of` is its crate; a program has none.
    fn parse(text: &str, of: Option<&str>) -> Result<File> {
        let kept = text.lines().filter(|line| !is_anchor(line));
        let text = kept.collect::<Vec<_>>().join("\n") + "\n";
        let mut parser = Parser::new();
        parser.set_language(&tree_sitter_rust::LANGUAGE.into())?;
        let tree = parser.parse(&text, None).context("no tree")?;
        let root = tree.root_node();
        let mut file = File::default();
        let mut before: Vec<Node<'_>> = Vec::new();
        for node in children(root) {
            let said = &text[node.byte_range()];
            match node.kind() {
                "line_comment" if said.starts_with("//!") => {
                    let line = said.trim_start_matches("//!").trim_end();
                    file.about += line.strip_prefix(' ').unwrap_or(line);
                    file.about.push('\n');
                }
                "inner_attribute_item" => {
                    file.attributes += said;
                    file.attributes.push('\n');
                }
                "line_comment" | "block_comment" | "attribute_item" => {
                    before.push(node);
                }
                _ => {
                    let is_test = before.iter().any(|n| {
                        let said = &text[n.byte_range()];
                        said.starts_with("#[cfg(test)")
                            || said.starts_with("#[cfg(all(test")
                    });
                    file.add(&text, of, &before, node, is_test);
                    before.clear();
                }
            }
        }
        Ok(file)
    }

    /// Adds what is written at `node`, with the comments and attributes before.
    fn add(
        &mut self,
        text: &str,
        crate_of: Option<&str>,
        before: &[Node<'_>],
        node: Node<'_>,
        is_test: bool,
    ) {
        let has_body = node.child_by_field_name("body").is_some();
        if is_test && !(node.kind() == "mod_item" && has_body) {
            return;
        }
        let says = Says::of(text, before.iter().copied().chain([node]));
        if node.kind() == "use_declaration" {
            self.add_imports(text, before, node);
            return;
        }
        if !is_test {
            self.names.extend(says.paths.iter().map(|path| path[0].clone()));
        }
        let named = |field| {
            let name = node.child_by_field_name(field)?;
            Some(text[name.byte_range()].to_string())
        };
        if node.kind() == "mod_item" && !has_body {
            let declared = &text[node.byte_range()];
            let (visible, _) =
                declared.split_once("mod ").unwrap_or(("pub ", ""));
            if let Some(name) = named("name") {
                self.modules.insert(name, visible.to_string());
            }
            return;
        }
        let start = before.first().unwrap_or(&node).start_byte();
        let mut item = Item {
            text: Lines::of(text, crate_of, start..node.end_byte(), node),
            says,
            is_trait: node.kind() == "trait_item",
            is_test,
            ..Item::default()
        };
        match node.kind() {
            kind if OWN_ITEMS.contains(&kind) || kind == "mod_item" => {
                item.names = named("name").into_iter().collect();
            }
            "impl_item" => item.of = Some(Impl::of(text, crate_of, node)),
            // What a macro defines: `pin_project! { struct … }`.
            _ => item.names = defined(text, node),
        }
        if let Some(of) = &item.of
            && !of.members.is_empty()
            && let Some(body) = node.child_by_field_name("body")
        {
            // Its members say the rest.
            let head = children(node).filter(|n| n.kind() != body.kind());
            item.says = Says::of(text, before.iter().copied().chain(head));
            let head = start..body.start_byte() + 1;
            item.text = Lines::of(text, crate_of, head, node);
        }
        self.items.push(item);
    }

    fn add_imports(&mut self, text: &str, before: &[Node<'_>], node: Node<'_>) {
        let said = &text[node.byte_range()];
        let start = before.first().unwrap_or(&node).start_byte();
        let Some(at) = said.find("use ") else { return };
        let visible = &text[start..node.start_byte() + at];
        let leaves = imports(&tokens(text, node));
        self.uses.extend(leaves.into_iter().map(|(name, path)| Import {
            before: visible.to_string(),
            path,
            name,
        }));
    }

    fn tests(&self) -> impl Iterator<Item = (usize, &Item)> {
        self.items.iter().enumerate().filter(|(_, item)| item.is_test)
    }

    /// The names that are defined here.
    fn defines<'a>(&'a self, name: &'a str) -> impl Iterator<Item = usize> {
        let all = self.items.iter().enumerate();
        all.filter(move |(_, item)| item.names.iter().any(|n| n == name))
            .map(|(at, _)| at)
    }
}

/// What stands after `fn` below each `#[test]`, `#[tokio::test]` and the like.
fn test_names<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<String> {
    let (mut names, mut is_next) = (Vec::new(), false);
    for line in lines {
        is_next |= line.contains("#[test]") || line.contains("::test");
        let name =
            line.split_once("fn ").and_then(|(_, it)| it.split_once('('));
        if let Some((name, _)) = name.filter(|_| is_next) {
            names.push(name.to_string());
            is_next = false;
        }
    }
    names
}

fn is_anchor(line: &str) -> bool {
    let said = line.trim_start();
    said.starts_with("// ANCHOR:") || said.starts_with("// ANCHOR_END:")
}

fn children(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    (0..node.child_count()).filter_map(move |n| node.child(n as _))
}

impl Impl {
    fn of(text: &str, crate_of: Option<&str>, node: Node<'_>) -> Impl {
        let paths = |field| {
            let node = node.child_by_field_name(field)?;
            Some(Says::of(text, [node].into_iter()).paths)
        };
        let implementor = paths("type").unwrap_or_default();
        let implemented =
            paths("trait").and_then(|paths| paths.into_iter().next());
        let mut members = Vec::new();
        if implemented.is_none()
            && let Some(body) = node.child_by_field_name("body")
        {
            let mut before: Vec<Node<'_>> = Vec::new();
            for node in children(body).filter(|node| node.is_named()) {
                match node.kind() {
                    "line_comment" | "block_comment" | "attribute_item" => {
                        before.push(node);
                        continue;
                    }
                    _ => {}
                }
                let start = before.first().unwrap_or(&node).start_byte();
                // The first line is as far to the right as the others.
                let start = text[..start].rfind('\n').map_or(0, |at| at + 1);
                let name = node.child_by_field_name("name");
                members.push(Member {
                    name: name
                        .map(|name| text[name.byte_range()].to_string())
                        .unwrap_or_default(),
                    text: Lines::of(
                        text,
                        crate_of,
                        start..node.end_byte(),
                        node,
                    ),
                    says: Says::of(text, before.iter().copied().chain([node])),
                });
                before.clear();
            }
        }
        Impl { implementor, implemented, members }
    }
}

impl Lines {
    /// `text[range]`, with the strings in `node`. What its paths call the root
    /// is a module of the file.
    fn of(
        text: &str,
        crate_of: Option<&str>,
        range: Range<usize>,
        node: Node<'_>,
    ) -> Lines {
        let (mut strings, mut roots) = (Vec::new(), Vec::new());
        // Within a module the names of the crates are no more known.
        let is_within = crate_of.is_some() || node.kind() == "mod_item";
        leaves(node, &mut |leaf| {
            let is_path = text[leaf.end_byte()..].starts_with("::");
            let said = &text[leaf.byte_range()];
            match leaf.kind() {
                "crate" if is_path => {
                    let of = crate_of.map(|name| format!("::{name}"));
                    roots.push((leaf.end_byte(), of.unwrap_or_default()));
                }
                "identifier"
                    if is_within
                        && is_path
                        && CRATES.contains(&said)
                        && !text[..leaf.start_byte()].ends_with(':') =>
                {
                    roots.push((leaf.start_byte(), "crate::".into()));
                }
                _ if is_string(leaf) => strings.push(leaf.byte_range()),
                _ => {}
            }
        });
        let mut lines = Vec::new();
        let mut at = range.start;
        for line in text[range].split('\n') {
            let within = strings.iter().any(|s| s.start < at && at < s.end);
            let mut written = String::new();
            let mut from = at;
            for &(root, ref added) in &roots {
                if (at..at + line.len()).contains(&root) {
                    written += &text[from..root];
                    written += added;
                    from = root;
                }
            }
            written += &text[from..at + line.len()];
            lines.push((written, within));
            at += line.len() + 1;
        }
        while lines.last().is_some_and(|(line, _)| line.trim().is_empty()) {
            lines.pop();
        }
        Lines(lines)
    }

    /// Adds them to `out`, `depth` modules deep.
    fn put(&self, depth: usize, out: &mut String) {
        for (line, within) in &self.0 {
            if !within && !line.is_empty() {
                *out += &"    ".repeat(depth);
            }
            *out += line;
            out.push('\n');
        }
    }
}

fn is_string(node: Node<'_>) -> bool {
    ["string_literal", "raw_string_literal"].contains(&node.kind())
}

/// Every token below `node`, and each string as one.
fn leaves<'t>(node: Node<'t>, each: &mut impl FnMut(Node<'t>)) {
    let whole = is_string(node)
        || ["lifetime", "line_comment", "block_comment", "char_literal"]
            .contains(&node.kind());
    if node.child_count() == 0 || whole {
        each(node);
        return;
    }
    for child in children(node) {
        leaves(child, each);
    }
}

/// The tokens at `node`: each is a name or not, and its text.
fn tokens<'t>(text: &'t str, node: Node<'_>) -> Vec<(bool, &'t str)> {
    let mut out = Vec::new();
    leaves(node, &mut |leaf| {
        let said = &text[leaf.byte_range()];
        let is_name = matches!(
            leaf.kind(),
            "identifier"
                | "type_identifier"
                | "field_identifier"
                | "shorthand_field_identifier"
                | "self"
                | "super"
                | "crate"
        );
        match leaf.kind() {
            "line_comment" | "block_comment" | "lifetime" => {}
            _ => out.push((is_name, said)),
        }
    });
    out
}

/// What a macro at `node` defines.
fn defined(text: &str, node: Node<'_>) -> Vec<String> {
    let tokens = tokens(text, node);
    let pairs = tokens.windows(2);
    pairs
        .filter(|pair| {
            ["struct", "enum", "static", "fn"].contains(&pair[0].1) && pair[1].0
        })
        .map(|pair| pair[1].1.to_string())
        .collect()
}

impl Says {
    fn of<'t>(text: &str, nodes: impl Iterator<Item = Node<'t>>) -> Says {
        let mut says = Says::default();
        for node in nodes {
            says.add(&tokens(text, node));
        }
        says
    }

    fn add(&mut self, tokens: &[(bool, &str)]) {
        let mut at = 0;
        while at < tokens.len() {
            let (is_name, said) = tokens[at];
            if said == "use" && !is_name {
                let rest = &tokens[at..];
                let end = rest.iter().position(|(_, said)| *said == ";");
                let end = end.unwrap_or(rest.len());
                for (name, path) in imports(&rest[..end]) {
                    self.names.extend(path.iter().cloned());
                    self.paths.push(path.clone());
                    self.imports.push((name, path));
                }
                at += end;
            } else if is_name {
                let mut path = vec![said.to_string()];
                let after = |what| at > 0 && tokens[at - 1].1 == what;
                let of_value = after(".");
                let next = tokens.get(at + 1).map(|(_, said)| *said);
                if after("::") || of_value && matches!(next, Some("(" | "::")) {
                    self.calls.insert(said.to_string());
                }
                while let [(_, "::"), (true, next), ..] = tokens[at + 1..] {
                    path.push(next.to_string());
                    at += 2;
                }
                self.names.extend(path.iter().cloned());
                self.calls.extend(path.iter().skip(1).cloned());
                if !of_value {
                    self.paths.push(path);
                }
                at += 1;
            } else {
                // `{LIMIT}` in a text that is formatted.
                if said.contains('"') {
                    for part in said.split('{').skip(1) {
                        let name = part
                            .split(|c: char| !c.is_alphanumeric() && c != '_');
                        let name = name.take(1).filter(|n| !n.is_empty());
                        for name in name {
                            self.names.insert(name.to_string());
                            self.paths.push(vec![name.to_string()]);
                        }
                    }
                }
                at += 1;
            }
        }
    }
}

/// The names that the tokens of a `use` bring, each with what it is.
fn imports(tokens: &[(bool, &str)]) -> Vec<(String, Vec<String>)> {
    let start = tokens.iter().position(|(_, said)| *said == "use");
    let mut rest: Vec<&str> = tokens[start.map_or(0, |at| at + 1)..]
        .iter()
        .map(|(_, said)| *said)
        .take_while(|said| *said != ";")
        .collect();
    rest.reverse();
    let mut out = Vec::new();
    import_tree(&mut rest, &[], &mut out);
    out
}

/// Reads one tree from the end of `rest`.
fn import_tree(
    rest: &mut Vec<&str>,
    above: &[String],
    out: &mut Vec<(String, Vec<String>)>,
) {
    let mut path = above.to_vec();
    while let Some(token) = rest.pop() {
        match token {
            "::" => {}
            "{" => {
                loop {
                    match rest.last() {
                        Some(&"}") | None => {
                            rest.pop();
                            break;
                        }
                        Some(&",") => drop(rest.pop()),
                        Some(_) => import_tree(rest, &path, out),
                    }
                }
                return;
            }
            "*" => {
                out.push(("*".into(), path));
                return;
            }
            "as" => {
                let name = rest.pop().unwrap_or("_");
                out.push((name.to_string(), path));
                return;
            }
            "self" if !path.is_empty() => {}
            name => path.push(name.to_string()),
        }
        if matches!(rest.last(), None | Some(&"," | &"}")) {
            let name = path.last().cloned().unwrap_or_default();
            out.push((name, path));
            return;
        }
    }
}

/// What of a book's steps a program reaches.
struct Reached<'a> {
    steps: &'a Steps,
    program: &'a File,
    items: BTreeSet<Spot>,
    members: BTreeSet<(Place, usize, usize)>,
    uses: BTreeSet<Spot>,
    modules: BTreeSet<Place>,
    crates: BTreeSet<String>,
    /// What is called of a value or a type.
    calls: HashSet<String>,
    waiting: Vec<Spot>,
}

/// Where a path leads.
#[derive(Debug, Default)]
struct Found {
    items: Vec<Spot>,
    modules: Vec<Place>,
    /// The imports on the way.
    uses: Vec<Spot>,
    crates: Vec<String>,
}

impl Found {
    fn is_nothing(&self) -> bool {
        self.items.is_empty() && self.modules.is_empty()
    }

    fn add(&mut self, other: Found) {
        self.items.extend(other.items);
        self.modules.extend(other.modules);
        self.uses.extend(other.uses);
        self.crates.extend(other.crates);
    }
}

impl<'a> Reached<'a> {
    fn new(steps: &'a Steps, program: &'a File) -> Reached<'a> {
        Reached {
            steps,
            program,
            items: BTreeSet::new(),
            members: BTreeSet::new(),
            uses: BTreeSet::new(),
            modules: BTreeSet::new(),
            crates: BTreeSet::new(),
            calls: HashSet::new(),
            waiting: Vec::new(),
        }
    }

    fn file(&self, place: &Place) -> Option<&'a File> {
        match place.first().is_some_and(|name| name == PROGRAM) {
            true => Some(self.program),
            false => self.steps.files.get(place),
        }
    }

    /// Follows all that stands at `place`, but its tests.
    fn everything_of(&mut self, place: &Place) {
        let Some(file) = self.file(place) else { return };
        for (at, import) in file.uses.iter().enumerate() {
            self.uses.insert((place.clone(), at));
            // What a glob or a trait brings is not named.
            let named = file.names.contains(&import.name);
            let found = self.find(place, &import.path, 0);
            if !named || import.name == "*" {
                self.mark(found);
            } else {
                self.crates.extend(found.crates);
            }
        }
        for (at, item) in file.items.iter().enumerate() {
            if item.is_test {
                continue;
            }
            self.keep(place.clone(), at);
            if let Some(of) = &item.of {
                for member in 0..of.members.len() {
                    self.keep_member(place.clone(), at, member);
                }
            }
        }
        loop {
            while let Some((place, at)) = self.waiting.pop() {
                let Some(file) = self.file(&place) else { continue };
                let item = &file.items[at];
                // A module of tests names things from within.
                let within = item.names.iter().filter(|_| item.is_test);
                let place = place.iter().chain(within).cloned().collect();
                self.say(&place, &item.says);
            }
            let before =
                (self.items.len(), self.members.len(), self.uses.len());
            self.add_impls();
            self.add_traits();
            let after = (self.items.len(), self.members.len(), self.uses.len());
            if before == after && self.waiting.is_empty() {
                return;
            }
        }
    }

    fn keep(&mut self, place: Place, at: usize) {
        if self.items.insert((place.clone(), at)) {
            self.waiting.push((place, at));
        }
    }

    fn keep_member(&mut self, place: Place, at: usize, member: usize) {
        let Some(file) = self.file(&place) else { return };
        let Some(of) = &file.items[at].of else { return };
        if self.members.insert((place.clone(), at, member)) {
            self.say(&place, &of.members[member].says);
        }
    }

    /// Follows everything that `says` names at `place`.
    fn say(&mut self, place: &Place, says: &Says) {
        self.calls.extend(says.calls.iter().cloned());
        for path in &says.paths {
            let found = self.find(place, path, 0);
            self.mark(found);
            for (name, import) in &says.imports {
                if *name == path[0] || name == "*" {
                    let rest = path.iter().skip(usize::from(name != "*"));
                    let path = import.iter().chain(rest).cloned();
                    let found = self.find(place, &Vec::from_iter(path), 0);
                    self.mark(found);
                }
            }
        }
    }

    fn mark(&mut self, found: Found) {
        for (place, at) in found.items {
            self.keep(place, at);
        }
        self.modules.extend(found.modules);
        self.uses.extend(found.uses);
        self.crates.extend(found.crates);
    }

    /// Where `path` leads from `place`.
    fn find(&self, place: &Place, path: &[String], depth: usize) -> Found {
        let (Some(first), true) = (path.first(), depth < 32) else {
            return Found::default();
        };
        let in_program = place.first().is_some_and(|name| name == PROGRAM);
        let rest = &path[1..];
        match first.as_str() {
            "crate" if in_program => self.find(place, rest, depth + 1),
            "crate" => self.find_in(&place[..1].to_vec(), rest, depth + 1),
            name if CRATES.contains(&name) && !rest.is_empty() => {
                self.find_in(&vec![name.to_string()], rest, depth + 1)
            }
            "self" => self.find_in(place, rest, depth + 1),
            "super" => {
                let above = &place[..place.len().saturating_sub(1)];
                match rest.first().is_some_and(|next| next == "super") {
                    true => self.find(&above.to_vec(), rest, depth + 1),
                    false => self.find_in(&above.to_vec(), rest, depth + 1),
                }
            }
            _ => {
                let mut found = self.find_in(place, path, depth + 1);
                // A function may have the name of a crate, and a macro is often
                // called as its crate is.
                let is_module = self.file(place).is_some_and(|file| {
                    let brought = |import: &Import| {
                        import.name == *first && import.path[0] != *first
                    };
                    file.modules.contains_key(first)
                        || file.uses.iter().any(brought)
                });
                if !is_module
                    && !rest.is_empty()
                    && self.steps.known.contains(first)
                {
                    found.crates.push(first.clone());
                }
                found
            }
        }
    }

    /// What `path` names in the module `place`.
    fn find_in(&self, place: &Place, path: &[String], depth: usize) -> Found {
        let mut found = Found::default();
        let Some(first) = path.first() else {
            found.modules.push(place.clone());
            return found;
        };
        let Some(file) = self.file(place).filter(|_| depth < 32) else {
            return found;
        };
        let rest = &path[1..];
        found.items.extend(file.defines(first).map(|at| (place.clone(), at)));
        if file.modules.contains_key(first) {
            let mut below = place.clone();
            below.push(first.clone());
            found.add(self.find_in(&below, rest, depth + 1));
        }
        let all = file.uses.iter().enumerate();
        for (at, import) in all.clone().filter(|(_, u)| u.name == *first) {
            found.uses.push((place.clone(), at));
            let path = [&import.path, rest].concat();
            // A module may have the name of a crate that is brought into it.
            if import.path != path[..1] || import.path[0] != *first {
                found.add(self.find(place, &path, depth + 1));
            }
        }
        if found.is_nothing() && found.uses.is_empty() {
            for (at, import) in all.filter(|(_, u)| u.name == "*") {
                let path = [&import.path, path].concat();
                let brought = self.find(place, &path, depth + 1);
                if !brought.is_nothing() {
                    found.uses.push((place.clone(), at));
                    found.add(brought);
                }
            }
        }
        found
    }

    /// Keeps each `impl` of what is kept, and of it the methods that are called.
    fn add_impls(&mut self) {
        for ((place, at), of_items) in &self.steps.impls {
            if !of_items.iter().all(|item| self.items.contains(item)) {
                continue;
            }
            let file = &self.steps.files[place];
            let Some(of) = &file.items[*at].of else { continue };
            if of.members.is_empty() {
                self.keep(place.clone(), *at);
                continue;
            }
            for (n, member) in of.members.iter().enumerate() {
                if self.calls.contains(&member.name) {
                    self.keep(place.clone(), *at);
                    self.keep_member(place.clone(), *at, n);
                }
            }
        }
    }

    /// The `impl`s of a module, each with the book's own items that it is of.
    fn impls_in<'f>(
        &'f self,
        place: &'f Place,
        file: &'f File,
    ) -> impl Iterator<Item = (Spot, Vec<Spot>)> {
        let items = |path: &Vec<String>| self.find(place, path, 0).items;
        file.items.iter().enumerate().filter_map(move |(at, item)| {
            let of = item.of.as_ref()?;
            let first = of.implementor.first();
            let mut own = first.map(items).unwrap_or_default();
            if own.is_empty() {
                own = of.implementor.iter().flat_map(items).collect();
            }
            own.extend(of.implemented.iter().flat_map(items));
            (!own.is_empty()).then_some(((place.clone(), at), own))
        })
    }

    /// Keeps the traits whose methods are called, and their imports: nothing names
    /// them.
    fn add_traits(&mut self) {
        let places: BTreeSet<Place> =
            self.items.iter().map(|(place, _)| place.clone()).collect();
        for place in places {
            let Some(file) = self.file(&place) else { continue };
            let says = self.says_at(&place);
            let names =
                |name: &String| says.iter().any(|s| s.names.contains(name));
            let calls =
                |name: &String| says.iter().any(|s| s.calls.contains(name));
            for (at, item) in file.items.iter().enumerate() {
                let is_called =
                    item.is_trait && item.says.names.iter().any(calls);
                if is_called {
                    self.keep(place.clone(), at);
                }
            }
            for (at, import) in file.uses.iter().enumerate() {
                let named = file.names.contains(&import.name);
                let is_public = import.before.contains("pub");
                if named || is_public || import.name == "*" {
                    continue;
                }
                let found = self.find(&place, &import.path, 0);
                let is_called = match &found.items[..] {
                    [] => external_methods(&import.path)
                        .is_none_or(|all| all.iter().any(names)),
                    items => self.methods(items).iter().any(calls),
                };
                if is_called {
                    self.uses.insert((place.clone(), at));
                    self.mark(found);
                }
            }
        }
    }

    /// What is said in what is kept of a module.
    fn says_at(&self, place: &Place) -> Vec<&'a Says> {
        let mut says = Vec::new();
        let Some(file) = self.file(place) else { return says };
        for (at, item) in file.items.iter().enumerate() {
            if self.items.contains(&(place.clone(), at)) {
                says.push(&item.says);
            }
            let members = item.of.iter().flat_map(|of| &of.members);
            for (n, member) in members.enumerate() {
                if self.members.contains(&(place.clone(), at, n)) {
                    says.push(&member.says);
                }
            }
        }
        says
    }

    /// The names that the traits among `items` have.
    fn methods(&self, items: &[Spot]) -> Vec<String> {
        let says = |(place, at): &Spot| {
            let file = self.file(place)?;
            Some(file.items[*at].says.names.iter().cloned())
        };
        items.iter().filter_map(says).flatten().collect()
    }

    fn whole(&self, name: &str, about: &str) -> Whole {
        Whole {
            name: name.to_string(),
            about: about.to_string(),
            code: self.code(),
            crates: self.crates.clone(),
            steps: self.items.iter().map(|(place, _)| place.clone()).collect(),
            tests: Vec::new(),
        }
    }

    /// All that is reached, as one text.
    fn code(&self) -> String {
        let mut out = self.program.attributes.clone();
        let place = vec![PROGRAM.to_string()];
        self.put(&place, 0, &mut out);
        for name in CRATES {
            let root = vec![name.to_string()];
            if self.is_needed(&root) {
                blank(&mut out);
                out += &format!("mod {name} {{\n");
                self.put(&root, 1, &mut out);
                out += "}\n";
            }
        }
        out
    }

    fn is_needed(&self, place: &Place) -> bool {
        let below = |other: &Place| other.starts_with(place);
        self.items.iter().any(|(other, _)| below(other))
            || self.uses.iter().any(|(other, _)| below(other))
            || self.modules.iter().any(below)
    }

    /// Adds what is kept of a module, `depth` modules deep.
    fn put(&self, place: &Place, depth: usize, out: &mut String) {
        let Some(file) = self.file(place) else { return };
        let indent = "    ".repeat(depth);
        let is_kept = |at| self.items.contains(&(place.clone(), at));
        if depth > 0 && (0..file.items.len()).any(is_kept) {
            for line in file.about.lines() {
                *out += format!("{indent}//! {line}").trim_end();
                out.push('\n');
            }
            blank(out);
        }
        let kept = file.uses.iter().enumerate();
        let kept =
            kept.filter(|(at, _)| self.uses.contains(&(place.clone(), *at)));
        let kept: Vec<&Import> = kept.map(|(_, import)| import).collect();
        let crate_of = (depth > 0).then_some(&*place[0]);
        for line in written_imports(&kept, crate_of).lines() {
            *out += format!("{indent}{line}").trim_end();
            out.push('\n');
        }
        for (at, item) in file.items.iter().enumerate() {
            if !is_kept(at) {
                continue;
            }
            blank(out);
            item.text.put(depth, out);
            let Some(of) = &item.of else { continue };
            for (n, member) in of.members.iter().enumerate() {
                if self.members.contains(&(place.clone(), at, n)) {
                    blank(out);
                    member.text.put(depth, out);
                }
            }
            if !of.members.is_empty() {
                *out += &format!("{indent}}}\n");
            }
        }
        for (name, visible) in &file.modules {
            let mut below = place.clone();
            below.push(name.clone());
            if self.is_needed(&below) {
                blank(out);
                *out += &format!("{indent}{visible}mod {name} {{\n");
                self.put(&below, depth + 1, out);
                *out += &format!("{indent}}}\n");
            }
        }
    }
}

/// An empty line, where there is none and something stands above.
fn blank(out: &mut String) {
    let begins = out.ends_with("{\n") || out.ends_with("\n\n");
    if !out.is_empty() && !begins {
        out.push('\n');
    }
}

/// The methods of a trait that is not the book's, where they are known.
fn external_methods(path: &[String]) -> Option<Vec<String>> {
    let methods: &[&str] = match path.last()?.as_str() {
        "Write" if path[1] == "fmt" => &["write", "writeln", "write_str"],
        "Write" => &["write", "writeln", "write_all", "flush"],
        "Read" => &["read", "read_exact", "read_to_end", "read_to_string"],
        "BufRead" => &["lines", "read_line", "read_until"],
        "Future" => &["poll"],
        _ => return None,
    };
    Some(methods.iter().map(|name| name.to_string()).collect())
}

/// Imports as they are written: those of std first, then those of crates, then
/// our own, and all of one module in one line.
fn written_imports(imports: &[&Import], crate_of: Option<&str>) -> String {
    let own = ["crate", "self", "super", CRATE, BOUNDARY];
    let mut lines: BTreeMap<(usize, String, String), BTreeSet<String>> =
        BTreeMap::new();
    for import in imports {
        let mut path = import.path.clone();
        let group = match path.first().map(String::as_str) {
            Some("std" | "core" | "alloc") => 0,
            Some(first) if own.contains(&first) => 2,
            _ => 1,
        };
        if let (Some(name), Some(first)) = (crate_of, path.first()) {
            match first.as_str() {
                "crate" => path.insert(1, name.to_string()),
                first if CRATES.contains(&first) => {
                    path.insert(0, "crate".to_string());
                }
                _ => {}
            }
        }
        let (above, name) = match import.name.as_str() {
            "*" => (path.join("::"), "*".to_string()),
            name => {
                let last = path.pop().unwrap_or_default();
                let renamed = match name == last {
                    true => last,
                    false => format!("{last} as {name}"),
                };
                (path.join("::"), renamed)
            }
        };
        let before = import.before.clone();
        lines.entry((group, before, above)).or_default().insert(name);
    }
    let mut out = String::new();
    let mut group = None;
    for ((of, before, above), names) in lines {
        if group.is_some_and(|group| group != of) {
            out.push('\n');
        }
        group = Some(of);
        let names: Vec<String> = names.into_iter().collect();
        let names = match &names[..] {
            [one] => one.clone(),
            all => format!("{{{}}}", all.join(", ")),
        };
        let separator = if above.is_empty() { "" } else { "::" };
        out += &format!("{before}use {above}{separator}{names};\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The program as one file, in a book of these steps.
    fn whole(steps: &[(&str, &str)], program: &str) -> Whole {
        read(steps).whole("x", program).unwrap()
    }

    fn read(steps: &[(&str, &str)]) -> Steps {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in steps {
            let path = match name.starts_with(BOUNDARY) {
                true => dir.path().join(name),
                false => dir.path().join("listings/src").join(name),
            };
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let known = BTreeSet::from(["tokio".to_string()]);
        Steps::read(dir.path(), known).unwrap()
    }

    const STEPS: [(&str, &str); 4] = [
        ("lib.rs", "pub mod a;\n"),
        ("a/mod.rs", "//! A.\n\npub mod one;\nmod two;\n\npub use two::Two;\n"),
        (
            "a/one.rs",
            "//! One.\n\nuse std::io::Write;\n\nuse crate::a::Two;\n\n\
             // ANCHOR: one\n/// Gives two.\npub fn one() -> Two {\n    \
             Two::new()\n}\n// ANCHOR_END: one\n\npub fn other() {\n    \
             writeln!(std::io::stdout()).unwrap();\n}\n\n\
             #[cfg(test)]\nmod tests {}\n",
        ),
        (
            "a/two.rs",
            "pub struct Two;\n\npub trait Says {\n    fn say(&self);\n}\n\n\
             impl Says for Two {\n    fn say(&self) {}\n}\n\nimpl Two {\n    \
             pub fn new() -> Two {\n        Two\n    }\n\n    pub fn \
             unused(&self) {}\n}\n",
        ),
    ];

    #[test]
    fn of_the_steps_it_has_what_it_reaches_and_nothing_else() {
        let program = "//! Shows.\n\nuse listings::a::one::one;\n\n\
                       fn main() {\n    one();\n}\n";
        let whole = whole(&STEPS, program);
        assert_eq!(whole.about, "Shows.\n");
        let code = "use listings::a::one::one;\n\nfn main() {\n    one();\n}\n\n\
            mod listings {\n    pub mod a {\n        pub use two::Two;\n\n        \
            pub mod one {\n            //! One.\n\n            \
            use crate::listings::a::Two;\n\n            /// Gives two.\n            \
            pub fn one() -> Two {\n                Two::new()\n            }\n        \
            }\n\n        mod two {\n            pub struct Two;\n\n            \
            impl Two {\n                pub fn new() -> Two {\n                    \
            Two\n                }\n            }\n        }\n    }\n}\n";
        assert_eq!(whole.code, code);
        assert!(whole.crates.is_empty());
    }

    #[test]
    fn what_two_crates_give_is_a_module_each() {
        let steps = [
            ("lib.rs", "pub mod a;\n"),
            ("a.rs", "pub fn a() {}\n\npub fn b() {}\n"),
            ("boundary/src/lib.rs", "pub mod w;\n"),
            (
                "boundary/src/w.rs",
                "use listings::a::a;\n\npub fn w() {\n    a();\n    \
                 listings::a::b();\n    crate::w::v();\n}\n\nfn v() {}\n",
            ),
        ];
        let program = "fn main() {\n    boundary::w::w();\n}\n";
        let code = "fn main() {\n    boundary::w::w();\n}\n\n\
            mod listings {\n    pub mod a {\n        pub fn a() {}\n\n        \
            pub fn b() {}\n    }\n}\n\n\
            mod boundary {\n    pub mod w {\n        \
            use crate::listings::a::a;\n\n        pub fn w() {\n            \
            a();\n            crate::listings::a::b();\n            \
            crate::boundary::w::v();\n        }\n\n        fn v() {}\n    \
            }\n}\n";
        assert_eq!(whole(&steps, program).code, code);
    }

    #[test]
    fn a_step_has_its_tests_and_what_they_use() {
        let steps = [
            ("lib.rs", "pub mod a;\n"),
            ("a/mod.rs", "pub mod one;\nmod two;\npub mod three;\n"),
            (
                "a/one.rs",
                "//! One.\n\npub fn one() {}\n\n#[cfg(test)]\nmod tests \
                 {\n    use super::*;\n\n    #[test]\n    fn it_is_one() \
                 {\n        one();\n        super::super::two::two();\n    \
                 }\n}\n",
            ),
            ("a/two.rs", "pub fn two() {}\n"),
            ("a/three.rs", "pub fn three() {}\n"),
        ];
        let steps = read(&steps);
        let place =
            |name: &str| ["listings", "a", name].map(str::to_string).to_vec();
        let whole = steps.tested(&place("one")).unwrap();
        assert_eq!((&*whole.name, &*whole.about), ("a_one", "One.\n"));
        assert_eq!(whole.tests, ["it_is_one"]);
        let code = "mod listings {\n    pub mod a {\n        pub mod one {\n            \
            //! One.\n\n            pub fn one() {}\n\n            \
            #[cfg(test)]\n            mod tests {\n                \
            use super::*;\n\n                #[test]\n                \
            fn it_is_one() {\n                    one();\n                    \
            super::super::two::two();\n                }\n            }\n        \
            }\n\n        mod two {\n            pub fn two() {}\n        }\n    \
            }\n}\n";
        assert_eq!(whole.code, code);
        assert!(steps.tested(&place("two")).is_none(), "it has no tests");
        assert!(steps.tested(&place("four")).is_none(), "there is none");
    }

    #[test]
    fn a_trait_that_nothing_names_is_kept_where_its_method_is_called() {
        let program = "use listings::a::Two;\n\nfn main() {\n    \
                       go(&Two);\n}\n\nfn go(two: &Two) {\n    two.unused();\n}\n";
        let code = whole(&STEPS, program).code;
        assert!(code.contains("fn unused") && !code.contains("Says"), "{code}");
        let mut steps = STEPS;
        let called = STEPS[3].1.to_string() + "pub fn f(t: &Two) { t.say() }\n";
        steps[3].1 = &called;
        steps[1].1 = "mod two;\n\npub use two::{Two, f};\n";
        let program =
            "fn main() {\n    listings::a::f(&listings::a::Two);\n}\n";
        let code = whole(&steps, program).code;
        assert!(code.contains("impl Says for Two"), "{code}");
    }

    #[test]
    fn a_text_stays_where_it_is_and_a_crate_is_needed() {
        let program = "#[tokio::main]\nasync fn main() {\n    \
                       listings::a::one::other();\n}\n";
        let mut steps = STEPS;
        steps[2].1 = "pub fn other() {\n    print!(\"a\n  crate::b\");\n}\n";
        let whole = whole(&steps, program);
        assert_eq!(Vec::from_iter(&whole.crates), ["tokio"]);
        assert!(whole.code.contains("\n  crate::b\");\n"), "{}", whole.code);
    }
}
