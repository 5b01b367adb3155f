//! A module taken apart: its items, what each names, and what it imports.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use anyhow::{Context as _, Result};
use tree_sitter::{Node, Parser};

use super::CRATES;
use crate::draw::code::children;

/// A module as it is written, taken apart.
#[derive(Debug, Default)]
pub struct File {
    /// The `//!` on top, without the signs.
    pub about: String,
    /// `#![…]`.
    pub attributes: String,
    pub items: Vec<Item>,
    pub uses: Vec<Import>,
    /// Its modules in files of their own, each with what stands before `mod`.
    pub modules: BTreeMap<String, String>,
    /// Every name in it that is no part of another.
    pub names: HashSet<String>,
    /// Other names for types: of a `type`, or of a `use … as …`.
    pub renamed: HashSet<String>,
}

/// What can be kept or left out: an item of a module, or a method.
#[derive(Debug, Default)]
pub struct Item {
    /// What it defines in its module; an `impl` and a method define nothing.
    pub names: Vec<String>,
    pub text: String,
    pub says: Says,
    pub of: Option<Impl>,
    pub is_trait: bool,
    /// A module of tests: kept when it is asked for.
    pub is_test: bool,
}

/// What an `impl` is of.
#[derive(Debug, Default, Clone)]
pub struct Impl {
    pub implementor: Vec<Vec<String>>,
    pub implemented: Option<Vec<String>>,
    /// Where the item is one method of it. Of a trait's none can be left out.
    pub method: Option<Method>,
}

#[derive(Debug, Clone)]
pub struct Method {
    pub name: String,
    /// The text of its `impl` up to the brace.
    pub within: String,
}

/// What a piece of code names.
#[derive(Debug, Default)]
pub struct Says {
    /// Paths, those of one name too.
    pub paths: Vec<Vec<String>>,
    /// Imports within a function.
    pub imports: Vec<Brought>,
    /// Every name.
    pub names: HashSet<String>,
    /// Those of them that may be methods: after a dot and called, or after `::`.
    pub calls: HashSet<String>,
    /// The same with the type that each is called of, empty where that is not said.
    /// What stands after a module is no method.
    pub methods: HashSet<(String, String)>,
}

/// A name that a `use` brings, and what it is: `*` for all, `_` for none.
pub type Brought = (String, Vec<String>);

/// A name that a `use` of a module brings.
#[derive(Debug)]
pub struct Import {
    /// `pub`, and what else stands before `use`.
    pub before: String,
    pub path: Vec<String>,
    pub name: String,
}

impl File {
    /// `of` is its crate; a program has none.
    pub fn parse(text: &str, of: Option<&str>) -> Result<File> {
        let kept = text.lines().filter(|line| !is_anchor(line));
        let text = &*(kept.collect::<Vec<_>>().join("\n") + "\n");
        let mut parser = Parser::new();
        parser.set_language(&tree_sitter_rust::LANGUAGE.into())?;
        let tree = parser.parse(text, None).context("no tree")?;
        let code = Code { text, of };
        let mut file = File::default();
        for mut piece in pieces(tree.root_node()) {
            piece.retain(|node| {
                let said = code.said(*node).trim_end();
                let about = said.strip_prefix("//!");
                let inner = node.kind() == "inner_attribute_item";
                if let Some(line) = about {
                    file.about += line.strip_prefix(' ').unwrap_or(line);
                    file.about.push('\n');
                } else if inner {
                    file.attributes += said;
                    file.attributes.push('\n');
                }
                about.is_none() && !inner
            });
            file.add(code, &piece);
        }
        Ok(file)
    }

    /// Adds a node, with the comments and attributes before it in its `piece`.
    fn add(&mut self, code: Code<'_>, piece: &[Node<'_>]) {
        let Some((&node, above)) = piece.split_last() else { return };
        let said = code.said(node);
        let is_test = above
            .iter()
            .map(|it| code.said(*it))
            .any(|it| it.starts_with("#[cfg(test)") || it.starts_with("#[cfg(all(test"));
        let body = node.child_by_field_name("body");
        let before = |start: usize, word: &str| {
            let (visible, _) = said.split_once(word).unwrap_or_default();
            code.text[start..node.start_byte()].to_string() + visible
        };
        match (node.kind(), body) {
            ("mod_item", Some(_)) => {}
            _ if is_test => return,
            ("mod_item", None) => {
                let visible = before(node.start_byte(), "mod ");
                self.modules.insert(code.name(node), visible);
                return;
            }
            ("use_declaration", _) => {
                let imports = code.imports(node, &[]);
                self.add_renamed(&imports);
                for (name, path) in imports {
                    let before = before(piece[0].start_byte(), "use ");
                    self.uses.push(Import { before, path, name });
                }
                return;
            }
            _ => {}
        }
        let says = code.says(piece);
        self.add_renamed(&says.imports);
        if node.kind() == "type_item" {
            self.renamed.insert(code.name(node));
        }
        if !is_test {
            self.names.extend(says.paths.iter().map(|path| path[0].clone()));
        }
        if node.kind() == "impl_item" {
            self.add_impl(code, piece, node);
            return;
        }
        self.items.push(Item {
            names: match node.child_by_field_name("name") {
                Some(_) => vec![code.name(node)],
                // What a macro defines: `pin_project! { struct … }`.
                None => code.defined(node),
            },
            text: code.written(range(piece), node),
            says,
            is_trait: node.kind() == "trait_item",
            is_test,
            ..Item::default()
        });
    }

    fn add_renamed(&mut self, imports: &[Brought]) {
        let renames = imports.iter().filter(|(n, path)| path.last() != Some(n));
        self.renamed.extend(renames.map(|(name, _)| name.clone()));
    }

    /// Adds an `impl`: that of a trait as a whole, else each of its methods.
    fn add_impl(&mut self, code: Code<'_>, piece: &[Node<'_>], node: Node<'_>) {
        let paths = |field| {
            let node = node.child_by_field_name(field);
            code.says(node.as_slice()).paths
        };
        let (implementor, implemented) = (paths("type"), paths("trait"));
        let of = Impl { implementor, implemented: implemented.into_iter().next(), method: None };
        let body = node.child_by_field_name("body");
        let body = body.filter(|_| of.implemented.is_none());
        let methods = body.map(pieces).unwrap_or_default();
        let (Some(body), false) = (body, methods.is_empty()) else {
            self.items.push(Item {
                text: code.written(range(piece), node),
                says: code.says(piece),
                of: Some(of),
                ..Item::default()
            });
            return;
        };
        let above = piece[..piece.len() - 1].iter().copied();
        let head = above.chain(children(node).filter(|it| *it != body));
        let head = Vec::from_iter(head);
        let start = range(piece).start;
        let begins = code.written(start..body.start_byte() + 1, node);
        for piece in methods {
            let last = piece[piece.len() - 1];
            let method = Method { name: code.name(last), within: begins.clone() };
            self.items.push(Item {
                text: code.written(range(&piece), last),
                says: code.says(&[&head[..], &piece].concat()),
                of: Some(Impl { method: Some(method), ..of.clone() }),
                ..Item::default()
            });
        }
    }

    pub fn tests(&self) -> impl Iterator<Item = (usize, &Item)> {
        self.items.iter().enumerate().filter(|(_, item)| item.is_test)
    }

    /// The items that define `name` here.
    pub fn defines<'a>(&'a self, name: &'a str) -> impl Iterator<Item = usize> {
        let all = self.items.iter().enumerate();
        all.filter(move |(_, item)| item.names.iter().any(|n| n == name)).map(|(at, _)| at)
    }
}

fn is_anchor(line: &str) -> bool {
    let said = line.trim_start();
    said.starts_with("// ANCHOR:") || said.starts_with("// ANCHOR_END:")
}

/// What stands in `node`, each with the comments and attributes above it.
fn pieces(node: Node<'_>) -> Vec<Vec<Node<'_>>> {
    const ABOVE: [&str; 4] = ["line_comment", "block_comment", "attribute_item", "inner_attribute_item"];
    let mut all = vec![Vec::new()];
    for child in children(node).filter(Node::is_named) {
        all.last_mut().expect("one is open").push(child);
        if !ABOVE.contains(&child.kind()) {
            all.push(Vec::new());
        }
    }
    // What stands above nothing.
    all.pop();
    all
}

/// Where a piece stands in the text.
fn range(piece: &[Node<'_>]) -> Range<usize> {
    piece[0].start_byte()..piece[piece.len() - 1].end_byte()
}

/// Goes through the tree, into each node of which `inside` says so.
fn walk<'t>(node: Node<'t>, inside: &mut impl FnMut(Node<'t>) -> bool) {
    if inside(node) {
        children(node).for_each(|child| walk(child, inside));
    }
}

/// The text of a file, and the crate that it is of.
#[derive(Clone, Copy)]
struct Code<'t> {
    text: &'t str,
    of: Option<&'t str>,
}

impl<'t> Code<'t> {
    fn said(self, node: Node<'_>) -> &'t str {
        &self.text[node.byte_range()]
    }

    fn name(self, node: Node<'_>) -> String {
        let name = node.child_by_field_name("name");
        name.map_or("", |name| self.said(name)).to_string()
    }

    /// The text in `range` of `node`. What its paths call the root is a module
    /// of the program's file.
    fn written(self, range: Range<usize>, node: Node<'_>) -> String {
        // Within a module the names of the crates are no more known.
        let is_within = self.of.is_some() || node.kind() == "mod_item";
        let (mut out, mut from) = (String::new(), range.start);
        walk(node, &mut |node| {
            let is_path = self.text[node.end_byte()..].starts_with("::");
            let is_crate = is_within
                && node.kind() == "identifier"
                && CRATES.contains(&self.said(node))
                && !self.text[..node.start_byte()].ends_with(':');
            let (at, added) = match (node.kind(), self.of) {
                ("crate", Some(name)) => (node.end_byte(), format!("::{name}")),
                _ => (node.start_byte(), "crate::".to_string()),
            };
            let is_root = is_crate || node.kind() == "crate" && self.of.is_some();
            if is_path && is_root && range.contains(&at) {
                out += &self.text[from..at];
                out += &added;
                from = at;
            }
            true
        });
        out + &self.text[from..range.end]
    }

    /// The tokens at `node`: each is a name or not, and its text. What is
    /// imported among them is told apart.
    fn tokens(self, node: Node<'_>, imports: &mut Vec<Brought>) -> Vec<(bool, &'t str)> {
        const NAMES: [&str; 7] = [
            "identifier",
            "type_identifier",
            "field_identifier",
            "shorthand_field_identifier",
            "self",
            "super",
            "crate",
        ];
        let mut out = Vec::new();
        walk(node, &mut |node| {
            let whole = match node.kind() {
                "use_declaration" => {
                    imports.extend(self.imports(node, &[]));
                    return false;
                }
                "line_comment" | "block_comment" | "lifetime" => return false,
                "string_literal" | "raw_string_literal" | "char_literal" => true,
                _ => node.child_count() == 0,
            };
            if whole {
                out.push((NAMES.contains(&node.kind()), self.said(node)));
            }
            !whole
        });
        out
    }

    /// What a macro at `node` defines.
    fn defined(self, node: Node<'_>) -> Vec<String> {
        let tokens = self.tokens(node, &mut Vec::new());
        let pairs =
            tokens.windows(2).filter(|pair| ["struct", "enum", "static", "fn"].contains(&pair[0].1) && pair[1].0);
        pairs.map(|pair| pair[1].1.to_string()).collect()
    }

    /// The names that the tree of a `use` brings, below the path `above`.
    fn imports(self, node: Node<'_>, above: &[String]) -> Vec<Brought> {
        let path = |node: Option<Node<'_>>| {
            let said = node.map_or("", |node| self.said(node)).split("::");
            let of_above = |name: &&str| *name == "self" && !above.is_empty();
            let names = said.filter(|it| !it.is_empty() && !of_above(it));
            [above, &names.map(str::to_string).collect::<Vec<_>>()].concat()
        };
        let field = |name| node.child_by_field_name(name);
        match node.kind() {
            "use_declaration" => field("argument").map_or_else(Vec::new, |it| self.imports(it, above)),
            "use_list" => {
                let each = children(node).filter(Node::is_named);
                each.flat_map(|it| self.imports(it, above)).collect()
            }
            "scoped_use_list" => {
                let above = path(field("path"));
                field("list").map_or_else(Vec::new, |it| self.imports(it, &above))
            }
            "use_wildcard" => vec![("*".into(), path(node.named_child(0)))],
            "use_as_clause" => {
                let name = field("alias").map_or("_", |it| self.said(it));
                vec![(name.to_string(), path(field("path")))]
            }
            "line_comment" | "block_comment" => Vec::new(),
            _ => {
                let path = path(Some(node));
                vec![(path.last().cloned().unwrap_or_default(), path)]
            }
        }
    }

    /// What the nodes name.
    fn says(self, nodes: &[Node<'_>]) -> Says {
        let mut says = Says::default();
        for node in nodes {
            let mut imports = Vec::new();
            says.add(&self.tokens(*node, &mut imports));
            for (_, path) in &imports {
                says.names.extend(path.iter().cloned());
                says.paths.push(path.clone());
            }
            says.imports.extend(imports);
        }
        says
    }
}

/// The method, and its type, that two names with `::` between them may be.
fn method_of(pair: &[String]) -> Option<(String, String)> {
    let [of, name] = pair else { return None };
    match &**of {
        "Self" => Some((String::new(), name.clone())),
        _ if of.starts_with(char::is_uppercase) => Some((of.clone(), name.clone())),
        _ => None,
    }
}

impl Says {
    fn add(&mut self, tokens: &[(bool, &str)]) {
        let mut at = 0;
        while at < tokens.len() {
            let (is_name, said) = tokens[at];
            if is_name {
                let mut path = vec![said.to_string()];
                let after = |what| at > 0 && tokens[at - 1].1 == what;
                let of_value = after(".");
                let next = tokens.get(at + 1).map(|(_, said)| *said);
                if after("::") || of_value && matches!(next, Some("(" | "::")) {
                    self.calls.insert(said.to_string());
                    self.methods.insert((String::new(), said.to_string()));
                }
                while let [(_, "::"), (true, next), ..] = tokens[at + 1..] {
                    path.push(next.to_string());
                    at += 2;
                }
                self.names.extend(path.iter().cloned());
                self.calls.extend(path.iter().skip(1).cloned());
                self.methods.extend(path.windows(2).filter_map(method_of));
                if !of_value {
                    self.paths.push(path);
                }
            } else if said.contains('"') {
                // `{LIMIT}` in a text that is formatted.
                for part in said.split('{').skip(1) {
                    let ends = |c: char| !c.is_alphanumeric() && c != '_';
                    let name = part.split(ends).next().unwrap_or_default();
                    if !name.is_empty() {
                        self.names.insert(name.to_string());
                        self.paths.push(vec![name.to_string()]);
                    }
                }
            }
            at += 1;
        }
    }
}
