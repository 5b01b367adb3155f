//! The style sheets: read strictly, and sent without comments and white space,
//! and without what no page needs.
//!
//! A browser passes over what it cannot parse, and half of a style sheet with
//! it. Here that is an error with its file and line.

use std::collections::HashSet;
use std::mem::take;

use regex::{Captures, Matches};

use crate::problem::Problem;
use crate::read::markdown::line_of;

patterns! {
    /// A variable that is asked for.
    ASKED = r"var\((--[\w-]+)";
    /// What a selector and a value have apart: a string, and what stands in parentheses, some of them in others.
    APART = r#"(?s)"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\((?:[^()]|\([^()]*\))*\)"#;
    /// A class or an id.
    NAME = r"[.#]([A-Za-z_][\w-]*)";
    /// A comment, white space, a string, an address that is no string (in it no
    /// character means anything but `)`), or one character.
    TOKEN = r#"(?s)/\*.*?\*/|\s+|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|url\(\s*[^\s"'][^)]*\)|."#;
}

/// What a style sheet is made of, without comments and without white space that means nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// A declaration, or a rule without a block.
    Statement(String),
    /// What it is for, and what is in it.
    Block(String, Vec<Part>),
}

/// Reads the style sheet `css`, which stands in `file`.
///
/// # Errors
/// When a comment, a string, a parenthesis or a block has no end, or what
/// stands in a block is no declaration.
pub fn read(file: &str, css: &str) -> Result<Vec<Part>, Problem> {
    let mut reader = Reader { css, tokens: TOKEN.find_iter(css), text: String::new(), start: 0, open: Vec::new() };
    reader.parts(None).map_err(|(at, why)| Problem::new(file, line_of(css, at), why))
}

/// The style sheet as it is sent.
pub fn written(parts: &[Part]) -> String {
    let each = parts.iter().map(|part| match part {
        Part::Statement(text) => format!("{text};"),
        // The last declaration of a block needs no `;`.
        Part::Block(of, inside) => format!("{of}{{{}}}", written(inside).trim_end_matches(';')),
    });
    each.collect()
}

/// The parts without the selectors of classes and ids that are not among `words`, and without variables that nothing
/// asks for.
pub fn used(parts: &[Part], words: &HashSet<String>) -> Vec<Part> {
    let css = written(parts);
    let asked = ASKED.captures_iter(&css).map(|it| it.extract::<1>().1[0]).collect();
    let kept = kept(parts, words, &asked);
    // A variable may have been asked for by what is gone.
    if kept == parts { kept } else { used(&kept, words) }
}

fn kept(parts: &[Part], words: &HashSet<String>, asked: &HashSet<&str>) -> Vec<Part> {
    let kept = |part: &Part| match part {
        Part::Statement(text) => {
            let name = text.split(':').next().filter(|name| name.starts_with("--"));
            name.is_none_or(|name| asked.contains(name)).then(|| part.clone())
        }
        Part::Block(of, inside) => {
            let (of, inside) = (used_selectors(of, words), kept(inside, words, asked));
            (!of.is_empty() && !inside.is_empty()).then_some(Part::Block(of, inside))
        }
    };
    parts.iter().filter_map(kept).collect()
}

/// The selectors of a block whose names are all among `words`. Names in
/// parentheses do not count: they are choices, or what an element is not.
/// Nor does what a string says.
fn used_selectors(of: &str, words: &HashSet<String>) -> String {
    if of.starts_with('@') {
        return of.to_string();
    }
    // A comma in a string or in parentheses ends no selector.
    let whole = APART.replace_all(of, |it: &Captures<'_>| it[0].replace(',', "\0"));
    let is_used = |selector: &&str| {
        let bare = APART.replace_all(selector, "");
        NAME.captures_iter(&bare).all(|name| words.contains(&name[1]))
    };
    let kept: Vec<&str> = whole.split(',').filter(is_used).collect();
    kept.join(",").replace('\0', ",")
}

/// The rules with a block that a browser knows; it passes over any other.
const AT_RULES: &str =
    "container counter-style font-face keyframes layer media page property scope starting-style supports";

/// The offset and the reason.
type Refused = (usize, String);

/// A style sheet as far as it was read.
struct Reader<'c> {
    css: &'c str,
    tokens: Matches<'static, 'c>,
    /// What follows the last `{`, `}` or `;`, and where it began.
    text: String,
    start: usize,
    /// Each `(` and `[` that waits for its end.
    open: Vec<(usize, char)>,
}

impl Reader<'_> {
    /// What follows up to the end of the `block` that began there, or of the sheet.
    fn parts(&mut self, block: Option<usize>) -> Result<Vec<Part>, Refused> {
        let mut parts = Vec::new();
        while let Some(token) = self.tokens.next() {
            let (at, token) = (token.start(), token.as_str());
            match (token, self.open.last().copied()) {
                ("\"" | "'", _) => return Err((at, "this string has no end on its line".into())),
                ("/", _) if self.css[at..].starts_with("/*") => return Err((at, "this comment has no `*/`".into())),
                ("{" | "}" | ";", Some((at, sign))) => return Err((at, format!("this `{sign}` has no end"))),
                ("{", None) if self.text.is_empty() => return Err((at, "a block without a selector".into())),
                ("{", None) => {
                    let of = take(&mut self.text).trim_end().to_string();
                    let word = of.strip_prefix('@').and_then(|rule| rule.split([' ', '(']).next());
                    if word.is_some_and(|word| AT_RULES.split(' ').all(|known| known != word)) {
                        return Err((self.start, format!("no browser knows `{of}`")));
                    }
                    parts.push(Part::Block(of, self.parts(Some(at))?));
                }
                ("}", None) if block.is_none() => return Err((at, "a `}` too many".into())),
                ("}" | ";", None) => {
                    parts.extend(self.statement(block.is_some())?);
                    if token == "}" {
                        return Ok(parts);
                    }
                }
                (")" | "]", open) => {
                    let fits = if token == ")" { '(' } else { '[' };
                    if open.is_none_or(|(_, sign)| sign != fits) {
                        return Err((at, format!("a `{token}` too many")));
                    }
                    self.open.pop();
                    self.push(at, token);
                }
                ("(" | "[", _) => {
                    self.open.extend(token.chars().map(|sign| (at, sign)));
                    self.push(at, token);
                }
                _ => self.push(at, token),
            }
        }
        parts.extend(self.statement(block.is_some())?);
        match (self.open.last(), block) {
            (Some((at, sign)), _) => Err((*at, format!("this `{sign}` has no end"))),
            (None, Some(at)) => Err((at, "this block has no `}`".into())),
            (None, None) => Ok(parts),
        }
    }

    /// Takes a token over, without the white space that means nothing.
    fn push(&mut self, at: usize, token: &str) {
        if token.starts_with("/*") || token.trim().is_empty() {
            if !self.text.is_empty() && !self.text.ends_with([' ', ',', '>', '(']) {
                self.text.push(' ');
            }
            return;
        }
        if matches!(token, "," | ">" | ")") && self.text.ends_with(' ') {
            self.text.pop();
        }
        if self.text.is_empty() {
            self.start = at;
        }
        self.text += token;
    }

    /// What stands before a `;` or the end of a block, if anything does.
    fn statement(&mut self, in_block: bool) -> Result<Option<Part>, Refused> {
        let text = take(&mut self.text);
        let text = text.trim_end();
        let refused = |why| Err((self.start, format!("`{text}` is {why}")));
        if text.is_empty() {
            return Ok(None);
        }
        if text.starts_with('@') {
            return Ok(Some(Part::Statement(text.to_string())));
        }
        let Some((name, value)) = text.split_once(':').filter(|_| in_block) else {
            return refused("neither a rule nor a declaration");
        };
        let (name, value) = (name.trim(), value.trim());
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        if name.is_empty() || !name.chars().all(plain) || value.is_empty() && !name.starts_with("--") {
            return refused("no `name: value`");
        }
        if !name.starts_with("--") && APART.replace_all(value, "").contains(':') {
            return refused("two declarations: a `;` is missing");
        }
        Ok(Some(Part::Statement(format!("{name}:{value}"))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_goes() {
        let words = |text: &str| text.split(' ').map(str::to_string).collect();
        let small = |css: &str, of: &str| written(&used(&read("a.css", css).unwrap(), &words(of)));
        let css = ":root{--a:1px;--b:var(--c);--c:2px;--d:3px}.a,.b p,#c{top:0}\
                   @media print{.b{top:var(--a)}}@font-face{src:url(x)}";
        assert_eq!(small(css, "a"), ".a{top:0}@font-face{src:url(x)}".to_string());
        assert_eq!(
            small(css, "b"),
            ":root{--a:1px}.b p{top:0}@media print{.b{top:var(--a)}}\
             @font-face{src:url(x)}"
        );
        let css = ".a:is(.b,.c)>p,.d{content:\"};.x{\"}.a{&:hover{top:0}top:1px}";
        assert_eq!(small(css, "a"), ".a:is(.b,.c)>p{content:\"};.x{\"}.a{&:hover{top:0}top:1px}");
        let css = "a{content:'\\\n}'}.d{top:0}";
        assert_eq!(small(css, "d"), css);
        assert_eq!(small(css, ""), "a{content:'\\\n}'}");
        let css = ".d{content:\"};.x{\"}";
        assert_eq!(small(css, "d"), ".d{content:\"};.x{\"}");
        // A string, a name with `--` in it, and a value with a `;`.
        for css in [
            "a[href$=\".pdf\"],a[title=\"b,#c\"]{top:0}",
            ".d--e:hover{top:0}",
            ".d{content:\"{}\";top:0}",
            ".d{--f:\"a;b\";top:var(--f)}",
        ] {
            assert_eq!(small(css, "d d--e"), css);
        }
        let css = ".d{--a:1;--b:\"a;b\";top:var(--a);--c:2;--e:3}";
        assert_eq!(small(css, "d"), ".d{--a:1;top:var(--a)}");
    }

    #[test]
    fn blocks_in_blocks_comments_and_strings_are_read() {
        let css = "/* { */ @media (min-width: 2px) { .a::before , .b { content: \
                   \"} ; {\"; inset: 0; } } @font-face { src: url(a;b) } @x;";
        assert_eq!(
            written(&read("a.css", css).unwrap()),
            "@media (min-width: 2px){.a::before,.b{content:\"} ; {\";inset:0}}\
             @font-face{src:url(a;b)}@x;"
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
            ("a {\n top: 0\n left: 0;\n}", "a.css:2: `top: 0 left: 0` is two"),
            ("a { top: 0 }\n@meda print { a { top: 1px } }", "a.css:2: no b"),
        ] {
            let said = read("a.css", css).unwrap_err().to_string();
            assert!(said.starts_with(why), "{css}: {said}");
        }
    }
}
