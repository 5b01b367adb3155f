//! The theme's style sheets: read strictly, and sent without what no page
//! needs.
//!
//! A browser passes over what it cannot parse, and half of a style sheet with
//! it. Here that is an error with its file and line.

use std::collections::HashSet;

use crate::problem::Problem;

/// What stands in a block of a style sheet, or outside of all.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Item {
    /// `name: value`, or a statement such as `@import`.
    Declaration(String),
    /// What a block is for (`.a, .b`, `@media print`), and what is in it.
    Block(String, Vec<Item>),
}

/// A style sheet that was read.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct StyleSheet(Vec<Item>);

impl StyleSheet {
    /// Reads `css`, which stands in `file`.
    ///
    /// # Errors
    /// When a comment, a string, a parenthesis or a block has no end, or what
    /// stands in a block is no declaration.
    pub fn parse(file: &str, css: &str) -> Result<StyleSheet, Problem> {
        let mut reader = Reader { css, at: 0 };
        let read = reader.items(false).map_err(|(at, why)| {
            let line = css[..at].matches('\n').count() + 1;
            Problem::new(file, line, why)
        })?;
        Ok(StyleSheet(read))
    }

    /// Puts all of it into a block, such as `@media print`.
    pub fn within(self, prelude: &str) -> StyleSheet {
        StyleSheet(vec![Item::Block(prelude.into(), self.0)])
    }

    /// Appends another.
    pub fn extend(&mut self, other: StyleSheet) {
        self.0.extend(other.0);
    }

    /// All of it.
    pub fn whole(&self) -> String {
        let mut css = String::new();
        write_items(&self.0, &mut css);
        css
    }

    /// The text that is sent: without selectors of classes and ids that are not
    /// among the words in `used`, and without variables that nothing asks for.
    pub fn minified(&self, used: &HashSet<String>) -> String {
        let kept = used_items(&self.0, used);
        let mut css = String::new();
        write_items(&kept, &mut css);
        // A variable may be asked for by a variable that is asked for by none.
        loop {
            let asked = variables(&css);
            let mut less = String::new();
            write_items(&without_variables(&kept, &asked), &mut less);
            if less.len() == css.len() {
                return less;
            }
            css = less;
        }
    }
}

/// The offset and the reason.
type Refused = (usize, String);

struct Reader<'a> {
    css: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.css[self.at..]
    }

    /// Reads to the end of the block, or of the text.
    fn items(&mut self, in_block: bool) -> Result<Vec<Item>, Refused> {
        let open = self.at;
        let mut items = Vec::new();
        loop {
            self.space()?;
            let Some(next) = self.rest().chars().next() else {
                if in_block {
                    return Err((open, "this block has no `}`".into()));
                }
                return Ok(items);
            };
            match next {
                '}' if in_block => {
                    self.at += 1;
                    return Ok(items);
                }
                '}' => return Err((self.at, "a `}` too many".into())),
                ';' => self.at += 1,
                _ => items.push(self.item(in_block)?),
            }
        }
    }

    fn item(&mut self, in_block: bool) -> Result<Item, Refused> {
        let start = self.at;
        let (text, end) = self.prelude()?;
        match end {
            Some('{') => {
                if text.is_empty() {
                    return Err((start, "a block without a selector".into()));
                }
                Ok(Item::Block(text, self.items(true)?))
            }
            _ if text.starts_with('@') => Ok(Item::Declaration(text)),
            _ => match text.split_once(':') {
                Some((name, value)) if in_block => declaration(name, value)
                    .ok_or_else(|| {
                        (start, format!("`{text}` is no `name: value`"))
                    }),
                _ => Err((
                    start,
                    format!("`{text}` is neither a rule nor a declaration"),
                )),
            },
        }
    }

    /// The text up to `{`, `;` or the block's end, in one line.
    fn prelude(&mut self) -> Result<(String, Option<char>), Refused> {
        let mut text = String::new();
        let mut open: Vec<(usize, char)> = Vec::new();
        loop {
            let at = self.at;
            let Some(c) = self.rest().chars().next() else {
                match open.last() {
                    Some((at, c)) => {
                        return Err((*at, format!("this `{c}` has no end")));
                    }
                    None => return Ok((tidy(&text), None)),
                }
            };
            if self.rest().starts_with("/*") {
                self.comment()?;
                text.push(' ');
                continue;
            }
            match c {
                '"' | '\'' => {
                    text += &self.string(c)?;
                    continue;
                }
                '(' if is_raw_url(&text, self.rest()) => {
                    let Some(end) = self.rest().find(')') else {
                        return Err((at, "this `(` has no end".into()));
                    };
                    text += &self.css[at..=at + end];
                    self.at += end + 1;
                    continue;
                }
                '(' | '[' => open.push((at, c)),
                ')' | ']' => {
                    let fits = if c == ')' { '(' } else { '[' };
                    if open.pop().is_none_or(|(_, c)| c != fits) {
                        return Err((at, format!("a `{c}` too many")));
                    }
                }
                '{' if open.is_empty() => {
                    self.at += 1;
                    return Ok((tidy(&text), Some('{')));
                }
                ';' if open.is_empty() => {
                    self.at += 1;
                    return Ok((tidy(&text), Some(';')));
                }
                '}' if open.is_empty() => return Ok((tidy(&text), None)),
                '{' | '}' | ';' => {
                    let (at, c) = open[open.len() - 1];
                    return Err((at, format!("this `{c}` has no end")));
                }
                _ => {}
            }
            self.at += c.len_utf8();
            text.push(if c.is_whitespace() { ' ' } else { c });
        }
    }

    fn space(&mut self) -> Result<(), Refused> {
        loop {
            let text = self.rest();
            self.at += text.len() - text.trim_start().len();
            if !self.rest().starts_with("/*") {
                return Ok(());
            }
            self.comment()?;
        }
    }

    fn comment(&mut self) -> Result<(), Refused> {
        let Some(end) = self.rest().find("*/") else {
            return Err((self.at, "this comment has no `*/`".into()));
        };
        self.at += end + 2;
        Ok(())
    }

    fn string(&mut self, quote: char) -> Result<String, Refused> {
        let start = self.at;
        let mut escaped = true;
        for (at, c) in self.rest().char_indices() {
            match c {
                _ if escaped => escaped = false,
                '\n' => break,
                '\\' => escaped = true,
                _ if c == quote => {
                    self.at = start + at + 1;
                    return Ok(self.css[start..self.at].to_string());
                }
                _ => {}
            }
        }
        Err((start, "this string has no end on its line".into()))
    }
}

/// Whether an address follows that is no string: in it no character means
/// anything but `)`.
fn is_raw_url(before: &str, rest: &str) -> bool {
    let inside = rest[1..].trim_start();
    before.ends_with("url") && !inside.starts_with(['"', '\''])
}

fn declaration(name: &str, value: &str) -> Option<Item> {
    let (name, value) = (name.trim(), value.trim());
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    let named = !name.is_empty() && name.chars().all(plain);
    let custom = name.starts_with("--");
    (named && (custom || !value.is_empty()))
        .then(|| Item::Declaration(format!("{name}:{value}")))
}

/// Without the white space that means nothing.
fn tidy(text: &str) -> String {
    let words: Vec<&str> = text.split(' ').filter(|w| !w.is_empty()).collect();
    let text = words.join(" ");
    let mut out = String::with_capacity(text.len());
    let mut quote = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match quote {
            Some(open) if open == c => quote = None,
            None if matches!(c, '"' | '\'') => quote = Some(c),
            _ => {}
        }
        let next = chars.peek().copied();
        let drop = quote.is_none()
            && c == ' '
            && (out.ends_with([',', '>', '('])
                || matches!(next, Some(',' | '>' | ')')));
        if !drop {
            out.push(c);
        }
    }
    out
}

fn used_items(items: &[Item], used: &HashSet<String>) -> Vec<Item> {
    let mut kept: Vec<Item> = Vec::new();
    for item in items {
        let Item::Block(prelude, inside) = item else {
            kept.push(item.clone());
            continue;
        };
        let prelude = match prelude.starts_with('@') {
            true => prelude.clone(),
            false => {
                let selectors = split_top(prelude, ',');
                let mut known = selectors.into_iter();
                known
                    .by_ref()
                    .filter_map(|selector| used_selector(selector, used))
                    .collect::<Vec<_>>()
                    .join(",")
            }
        };
        let inside = used_items(inside, used);
        if !prelude.is_empty() && !inside.is_empty() {
            kept.push(Item::Block(prelude, inside));
        }
    }
    kept
}

/// The selector without choices that no element meets; nothing when it meets
/// none itself.
fn used_selector(selector: &str, used: &HashSet<String>) -> Option<String> {
    let mut out = String::new();
    let mut rest = selector;
    while let Some(at) = rest.find('(') {
        let (before, inside) = rest.split_at(at);
        let end = closing(inside)?;
        let choices = &inside[1..end];
        if !names_are_used(before, used) {
            return None;
        }
        out += before;
        // What is not there does not make `:not` false.
        if before.ends_with(":is") || before.ends_with(":where") {
            let choices: Vec<String> = split_top(choices, ',')
                .into_iter()
                .filter_map(|choice| used_selector(choice, used))
                .collect();
            if choices.is_empty() {
                return None;
            }
            out += &format!("({})", choices.join(","));
        } else {
            out += &inside[..=end];
        }
        rest = &inside[end + 1..];
    }
    names_are_used(rest, used).then(|| out + rest)
}

/// Where the parenthesis that `text` begins with is closed.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

/// Splits at `separator`, where it stands in no parenthesis.
fn split_top(text: &str, separator: char) -> Vec<&str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0);
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            _ if c == separator && depth == 0 => {
                parts.push(text[start..at].trim());
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    parts
}

/// Whether every class and id of a part of a selector is in use.
fn names_are_used(part: &str, used: &HashSet<String>) -> bool {
    let name = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    let starts = part.char_indices().filter(|(_, c)| matches!(c, '.' | '#'));
    starts.into_iter().all(|(at, _)| {
        let rest = &part[at + 1..];
        let end = rest.find(|c| !name(c)).unwrap_or(rest.len());
        end == 0 || used.contains(&rest[..end])
    })
}

/// The variables that a style sheet asks for.
fn variables(css: &str) -> HashSet<&str> {
    let name = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    css.split("var(")
        .skip(1)
        .map(|rest| {
            let rest = rest.trim_start();
            &rest[..rest.find(|c| !name(c)).unwrap_or(rest.len())]
        })
        .collect()
}

fn without_variables(items: &[Item], asked: &HashSet<&str>) -> Vec<Item> {
    let kept = items.iter().filter_map(|item| match item {
        Item::Declaration(text) => {
            let name = text.split(':').next().unwrap_or_default();
            let kept = !name.starts_with("--") || asked.contains(name);
            kept.then(|| item.clone())
        }
        Item::Block(prelude, inside) => {
            let inside = without_variables(inside, asked);
            (!inside.is_empty()).then(|| Item::Block(prelude.clone(), inside))
        }
    });
    kept.collect()
}

fn write_items(items: &[Item], css: &mut String) {
    for (n, item) in items.iter().enumerate() {
        match item {
            Item::Declaration(text) => {
                *css += text;
                if n + 1 < items.len() || text.starts_with('@') {
                    css.push(';');
                }
            }
            Item::Block(prelude, inside) => {
                *css += prelude;
                css.push('{');
                write_items(inside, css);
                css.push('}');
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small(css: &str, used: &str) -> String {
        let used = used.split(' ').map(str::to_string).collect();
        StyleSheet::parse("a.css", css).unwrap().minified(&used)
    }

    fn refused(css: &str) -> String {
        StyleSheet::parse("a.css", css).unwrap_err().to_string()
    }

    #[test]
    fn what_is_not_there_goes() {
        let css = ".a, #c { color: red; } .b { color: var(--x); } \
                   :root { --x: var(--z); --y: 2px; --z: 1px }";
        assert_eq!(
            small(css, "b"),
            ".b{color:var(--x)}:root{--x:var(--z);--z:1px}"
        );
    }

    #[test]
    fn one_choice_of_a_selector_may_go() {
        let css = ".a :is(.b, .c) > p, .d { top: 0 }";
        assert_eq!(small(css, "a b"), ".a :is(.b)>p{top:0}");
        assert_eq!(small(css, "a"), "");
        assert_eq!(small("a:not(.b) { top: 0 }", ""), "a:not(.b){top:0}");
    }

    #[test]
    fn blocks_in_blocks_comments_and_strings_are_read() {
        let css = "/* { */ @media (min-width: 2px) { .a::before { content: \
                   \"} ; {\"; inset: 0 } } @font-face { src: url(a;b) }";
        assert_eq!(
            small(css, "a"),
            "@media (min-width: 2px){.a::before{content:\"} ; {\";inset:0}}\
             @font-face{src:url(a;b)}"
        );
    }

    #[test]
    fn what_does_not_parse_is_named_with_its_line() {
        for (css, why) in [
            ("a { top: 0 }\n.x { color: red;\n", "a.css:2: this block has no"),
            ("a { top: 0 }\n}\n", "a.css:2: a `}` too many"),
            ("a {\n top 0;\n}", "a.css:2: `top 0` is neither"),
            ("a {\n top: ;\n}", "a.css:2: `top:` is no `name: value`"),
            ("a { top: calc(1px }", "a.css:1: this `(` has no end"),
            ("a { content: \"x\n}", "a.css:1: this string has no end"),
            ("/* a", "a.css:1: this comment has no"),
            ("top: 0;", "a.css:1: `top: 0` is neither"),
        ] {
            let said = refused(css);
            assert!(said.starts_with(why), "{css}: {said}");
        }
    }
}
