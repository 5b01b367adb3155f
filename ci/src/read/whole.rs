//! A program as one file: the program itself, and of each step what it reaches,
//! in modules of their names.
//!
//! What is reached is found by names: an item is, when what is kept has its name
//! where that name leads to it; a method, when what is kept calls its name of any
//! value, or of its type.
//! So a file may keep a little more than it needs, never less.

mod parse;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;
use std::slice;

use anyhow::{Context as _, Result};
use parse::{File, Impl, Import, Item, Method, Says};

use super::listing::{BOUNDARY, CRATE};
use super::marks::tests_in;
use crate::disk;

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
    /// Every other name that a step has for a type.
    renamed: HashSet<String>,
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
            for path in disk::below(&src, "rs") {
                let text = disk::text(&path)?;
                let module = path.strip_prefix(&src)?.with_extension("");
                let below = module.iter().map(|part| part.to_string_lossy());
                let mut place: Place = [name.into()].into_iter().chain(below.map(Into::into)).collect();
                if place[1..] == ["lib"] || place.last().is_some_and(|n| n == "mod") {
                    place.pop();
                }
                let file = File::parse(&text, Some(name));
                let shown = || path.display().to_string();
                files.insert(place, file.with_context(shown)?);
            }
        }
        let renamed = files.values().flat_map(|file| &file.renamed).cloned().collect();
        let mut steps = Steps { files, known, renamed, impls: Vec::new() };
        let nothing = File::default();
        let reached = Reached::new(&steps, &nothing);
        let impls = |(place, file)| reached.impls_in(place, file).collect::<Vec<_>>();
        steps.impls = steps.files.iter().flat_map(impls).collect();
        Ok(steps)
    }

    /// The program `name`, whose file has `text`, with all that it uses.
    ///
    /// # Errors
    /// When the program cannot be parsed.
    pub fn whole(&self, name: &str, text: &str) -> Result<Whole> {
        let program = File::parse(text, None).with_context(|| name.to_string())?;
        let mut reached = Reached::new(self, &program);
        reached.everything_of(&vec![PROGRAM.to_string()]);
        Ok(reached.whole(name, &program.about))
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
        let tests = step.tests().flat_map(|(_, item)| tests_in(&item.text));
        whole.tests = tests.map(|(name, _)| name.to_string()).collect();
        Some(whole)
    }
}

/// What of a book's steps a program reaches.
struct Reached<'a> {
    steps: &'a Steps,
    program: &'a File,
    items: BTreeSet<Spot>,
    uses: BTreeSet<Spot>,
    modules: BTreeSet<Place>,
    crates: BTreeSet<String>,
    /// What is called of a type; of any, where that is not said.
    calls: HashSet<(String, String)>,
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
        let all = file.items.iter().enumerate();
        for (at, _) in all.filter(|(_, item)| !item.is_test) {
            self.keep(place.clone(), at);
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
            let before = (self.items.len(), self.uses.len());
            self.add_impls();
            self.add_traits();
            if before == (self.items.len(), self.uses.len()) {
                return;
            }
        }
    }

    fn keep(&mut self, place: Place, at: usize) {
        if self.items.insert((place.clone(), at)) {
            self.waiting.push((place, at));
        }
    }

    /// Follows everything that `says` names at `place`.
    fn say(&mut self, place: &Place, says: &Says) {
        for (of, name) in &says.methods {
            let is_renamed = self.steps.renamed.contains(of) || self.program.renamed.contains(of);
            let of = if is_renamed { String::new() } else { of.clone() };
            self.calls.insert((of, name.clone()));
        }
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
                    let brought = |import: &Import| import.name == *first && import.path[0] != *first;
                    file.modules.contains_key(first) || file.uses.iter().any(brought)
                });
                if !is_module && !rest.is_empty() && self.steps.known.contains(first) {
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
            let item = &self.steps.files[place].items[*at];
            let is_called = |of: &Impl| {
                let Some(Method { name, .. }) = &of.method else { return true };
                let own = of.implementor.first().and_then(|path| path.last());
                let of = [String::new()].into_iter().chain(own.cloned());
                let mut calls = of.map(|of| (of, name.clone()));
                calls.any(|call| self.calls.contains(&call))
            };
            if of_items.iter().all(|item| self.items.contains(item)) && item.of.as_ref().is_none_or(is_called) {
                self.keep(place.clone(), *at);
            }
        }
    }

    /// The `impl`s of a module, each with the book's own items that it is of.
    fn impls_in<'f>(&'f self, place: &'f Place, file: &'f File) -> impl Iterator<Item = (Spot, Vec<Spot>)> {
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
        let places: BTreeSet<Place> = self.items.iter().map(|(place, _)| place.clone()).collect();
        for place in places {
            let Some(file) = self.file(&place) else { continue };
            let kept = self.kept(&place);
            let says: Vec<_> = kept.iter().map(|item| &item.says).collect();
            let names = |name: &String| says.iter().any(|s| s.names.contains(name));
            let calls = |name: &String| says.iter().any(|s| s.calls.contains(name));
            for (at, item) in file.items.iter().enumerate() {
                if item.is_trait && item.says.names.iter().any(calls) {
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
                    [] => external_methods(&import.path).is_none_or(|all| all.iter().any(names)),
                    items => self.methods(items).iter().any(calls),
                };
                if is_called {
                    self.uses.insert((place.clone(), at));
                    self.mark(found);
                }
            }
        }
    }

    /// The names that the traits among `items` have.
    fn methods(&self, items: &[Spot]) -> Vec<String> {
        let says = |(place, at): &Spot| Some(self.file(place)?.items[*at].says.names.iter().cloned());
        items.iter().filter_map(says).flatten().collect()
    }

    /// The items that are kept of a module.
    fn kept(&self, place: &Place) -> Vec<&'a Item> {
        let all = self.file(place).into_iter().flat_map(|file| &file.items).enumerate();
        all.filter(|(at, _)| self.items.contains(&(place.clone(), *at))).map(|(_, item)| item).collect()
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

    /// All that is reached, as one text; rustfmt indents it.
    fn code(&self) -> String {
        let mut parts = vec![self.program.attributes.clone()];
        parts.extend(self.parts(&vec![PROGRAM.to_string()]));
        for name in CRATES {
            parts.extend(self.module("", &vec![name.to_string()]));
        }
        joined(parts)
    }

    /// What is kept of a module, if anything is; `visible` stands before `mod`.
    fn module(&self, visible: &str, place: &Place) -> Option<String> {
        let below = |other: &Place| other.starts_with(place);
        let is_needed = self.items.iter().any(|(other, _)| below(other))
            || self.uses.iter().any(|(other, _)| below(other))
            || self.modules.iter().any(below);
        let (name, inside) = (place.last()?, joined(self.parts(place)));
        is_needed.then(|| format!("{visible}mod {name} {{\n{inside}}}\n"))
    }

    /// The parts of a module: imports, items, other modules.
    fn parts(&self, place: &Place) -> Vec<String> {
        let Some(file) = self.file(place) else { return Vec::new() };
        let is_program = place[0] == PROGRAM;
        let (kept, mut parts) = (self.kept(place), Vec::new());
        if !is_program && !kept.is_empty() {
            parts.push(file.about.lines().map(|line| format!("//! {line}\n")).collect());
        }
        let is_used = |at: usize| self.uses.contains(&(place.clone(), at));
        let uses = file.uses.iter().enumerate().filter(|(at, _)| is_used(*at)).map(|(_, it)| it);
        parts.push(written_imports(uses, (!is_program).then_some(&*place[0])));
        // What is left of several `impl` blocks of a type stands in one.
        let within = |item: &Item| Some(item.of.as_ref()?.method.as_ref()?.within.clone());
        for items in kept.chunk_by(|a, b| within(a) == within(b)) {
            let texts = joined(items.iter().map(|item| item.text.clone()).collect());
            parts.push(match within(items[0]) {
                Some(begins) => format!("{begins}\n{texts}}}"),
                None => texts,
            });
        }
        for (name, visible) in &file.modules {
            let below = [&place[..], slice::from_ref(name)].concat();
            parts.extend(self.module(visible, &below));
        }
        parts
    }
}

/// The parts that are not empty, with an empty line between them.
fn joined(parts: Vec<String>) -> String {
    let parts = parts.iter().map(|part| part.trim_end());
    let parts: Vec<_> = parts.filter(|part| !part.is_empty()).collect();
    parts.join("\n\n") + "\n"
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
fn written_imports<'a>(imports: impl Iterator<Item = &'a Import>, crate_of: Option<&str>) -> String {
    let own = ["crate", "self", "super", CRATE, BOUNDARY];
    let mut lines: BTreeMap<(usize, String, String), BTreeSet<String>> = BTreeMap::new();
    for import in imports {
        let mut path = import.path.clone();
        let group = match path.first().map(String::as_str) {
            Some("std" | "core" | "alloc") => 0,
            Some(first) if own.contains(&first) => 2,
            _ => 1,
        };
        match (crate_of, path.first().map(String::as_str)) {
            (Some(name), Some("crate")) => path.insert(1, name.to_string()),
            (Some(_), Some(first)) if CRATES.contains(&first) => path.insert(0, "crate".to_string()),
            _ => {}
        }
        let mut name = import.name.clone();
        if name != "*" {
            let last = path.pop().unwrap_or_default();
            name = if name == last { last } else { format!("{last} as {name}") };
        }
        lines.entry((group, import.before.clone(), path.join("::"))).or_default().insert(name);
    }
    let mut out = String::new();
    let mut group = None;
    for ((of, before, above), names) in lines {
        if group.is_some_and(|group| group != of) {
            out.push('\n');
        }
        group = Some(of);
        let names = Vec::from_iter(names).join(", ");
        let names = if names.contains(", ") { format!("{{{names}}}") } else { names };
        let separator = if above.is_empty() { "" } else { "::" };
        out += &format!("{before}use {above}{separator}{names};\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use std::fs;

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

    /// What rustfmt would not make alike: without indents and empty lines.
    fn plain(code: &str) -> Vec<&str> {
        let lines = code.lines().map(str::trim);
        lines.filter(|line| !line.is_empty()).collect()
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
        assert_eq!(plain(&whole.code), plain(code));
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
        assert_eq!(plain(&whole(&steps, program).code), plain(code));
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
        let place = |name: &str| ["listings", "a", name].map(str::to_string).to_vec();
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
        assert_eq!(plain(&whole.code), plain(code));
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
        let program = "fn main() {\n    listings::a::f(&listings::a::Two);\n}\n";
        let code = whole(&steps, program).code;
        assert!(code.contains("impl Says for Two"), "{code}");
    }

    /// A step with two types, and a program whose `main` does `what`.
    fn of_two_types(what: &str) -> String {
        let types = "pub struct One;\npub struct Two;\n\n\
                     impl One {\n    pub fn new() -> One {\n        One\n    }\n}\n\n\
                     impl One {\n    pub fn spawn(&self) {}\n    pub fn go(&self) {}\n}\n\n\
                     impl Two {\n    pub fn new() -> Two {\n        Two\n    }\n}\n";
        let steps = [("lib.rs", "pub mod a;\n"), ("a.rs", types)];
        let program = format!(
            "use listings::a::{{One, Two}};\n\nfn main() {{\n    let _: \
             Option<Two> = None;\n    {what}\n}}\n"
        );
        whole(&steps, &program).code
    }

    #[test]
    fn a_method_of_another_type_or_a_function_of_its_name_keeps_none() {
        let code = of_two_types("One::new(); std::thread::spawn(|| ());");
        assert!(code.contains("fn new() -> One"), "{code}");
        assert!(!code.contains("fn new() -> Two"), "{code}");
        assert!(!code.contains("fn spawn"), "{code}");
        let code = of_two_types("One::new().spawn();");
        assert!(code.contains("fn spawn"), "{code}");
    }

    #[test]
    fn a_method_is_called_by_another_name_of_its_type_too() {
        for renames in ["type Other = Two;", "use listings::a::Two as Other;"] {
            let main = of_two_types(&format!("Other::new();\n}}\n{renames}\nfn f() {{"));
            assert!(main.contains("fn new() -> Two"), "{main}");
        }
    }

    #[test]
    fn what_is_left_of_two_impls_of_a_type_stands_in_one() {
        let code = of_two_types("One::new().go();");
        assert_eq!(code.matches("impl One {").count(), 1, "{code}");
        assert!(code.contains("fn new") && code.contains("fn go"), "{code}");
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
