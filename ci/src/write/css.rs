//! The style sheets: read strictly, and sent without comments and white space,
//! and without what no page needs.
//!
//! A browser passes over what it cannot parse, and half of a style sheet with
//! it. Here that is an error with its file and line.

use std::collections::HashSet;

use regex::Captures;

use crate::problem::Problem;
use crate::read::markdown::line_of;

patterns! {
    STRING = r#"(?s)"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'"#;
    /// What stands for a string, while only what is around it is looked at.
    NUMBERED = "\u{1}([0-9]+)\u{1}";
    /// A sign, or what stands between two of them.
    PIECE = r"[{};]|[^{};]+";
    /// A variable with its value, after what a declaration follows, and one that
    /// is asked for.
    VARIABLE = r"([{;])(--[\w-]+):[^;{}]*";
    EMPTY = r"[^{};]+\{\}";
    ASKED = r"var\((--[\w-]+)";
    /// What stands in parentheses, some of them in others.
    CHOICE = r"\((?:[^()]|\([^()]*\))*\)";
    /// A class or an id.
    NAME = r"[.#]([A-Za-z_][\w-]*)";
    /// A comment, white space, a string, an address that is no string (in it no
    /// character means anything but `)`), or one character.
    TOKEN = r#"(?s)/\*.*?\*/|\s+|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|url\(\s*[^\s"'][^)]*\)|."#;
}

/// What is sent of the style sheet `css`, which stands in `file`.
///
/// # Errors
/// When a comment, a string, a parenthesis or a block has no end, or what
/// stands in a block is no declaration.
pub fn minified(file: &str, css: &str) -> Result<String, Problem> {
    let read = Sheet::default().read(css);
    read.map_err(|(at, why)| Problem::new(file, line_of(css, at), why))
}

/// `css`, which is minified, without the selectors of classes and ids that are
/// not among `words`, and without variables that nothing asks for.
pub fn used(css: &str, words: &HashSet<String>) -> String {
    // Each block around: what it is for, and what was kept of it.
    let mut around = vec![(String::new(), String::new())];
    let mut text = String::new();
    // In a string no sign means anything.
    let mut strings = Vec::new();
    let css = STRING.replace_all(css, |it: &Captures<'_>| {
        strings.push(it[0].to_string());
        format!("\u{1}{}\u{1}", strings.len() - 1)
    });
    for piece in PIECE.find_iter(&css) {
        let end = around.len() - 1;
        match piece.as_str() {
            "{" => around.push((std::mem::take(&mut text), String::new())),
            ";" => around[end].1 += &(std::mem::take(&mut text) + ";"),
            "}" => {
                around[end].1 += &std::mem::take(&mut text);
                let Some((of, kept)) = around.pop() else { break };
                let of = used_selectors(&of, words);
                let kept = kept.trim_end_matches(';');
                if let Some((_, out)) = around.last_mut()
                    && !of.is_empty()
                    && !kept.is_empty()
                {
                    *out += &format!("{of}{{{kept}}}");
                }
            }
            other => text += other,
        }
    }
    let mut css = around.swap_remove(0).1;
    loop {
        let asked = ASKED.captures_iter(&css).map(|it| it[1].to_string());
        let asked: HashSet<String> = asked.collect();
        let without =
            VARIABLE.replace_all(&css, |it: &Captures<'_>| it[if asked.contains(&it[2]) { 0 } else { 1 }].to_string());
        let without = without.replace("{;", "{").replace(";;", ";");
        let without = without.replace(";}", "}");
        let without = EMPTY.replace_all(&without, "");
        if without == css {
            let whole = NUMBERED.replace_all(&css, |it: &Captures<'_>| {
                let number = it[1].parse::<usize>().unwrap_or_default();
                strings.get(number).cloned().unwrap_or_default()
            });
            return whole.into_owned();
        }
        css = without.into_owned();
    }
}

/// The selectors of a block whose names are all among `words`. Names in
/// parentheses do not count: they are choices, or what an element is not.
fn used_selectors(of: &str, words: &HashSet<String>) -> String {
    if of.starts_with('@') {
        return of.to_string();
    }
    // A comma in parentheses ends no selector.
    let whole = CHOICE.replace_all(of, |it: &Captures<'_>| it[0].replace(',', "\0"));
    let is_used = |selector: &&str| {
        let bare = CHOICE.replace_all(selector, "");
        NAME.captures_iter(&bare).all(|name| words.contains(&name[1]))
    };
    let kept: Vec<&str> = whole.split(',').filter(is_used).collect();
    kept.join(",").replace('\0', ",")
}

/// The rules with a block that a browser knows; it passes over any other.
const AT_RULES: [&str; 11] = [
    "container",
    "counter-style",
    "font-face",
    "keyframes",
    "layer",
    "media",
    "page",
    "property",
    "scope",
    "starting-style",
    "supports",
];

/// The offset and the reason.
type Refused = (usize, String);

/// A style sheet as far as it was read.
#[derive(Default)]
struct Sheet {
    out: String,
    /// What follows the last `{`, `}` or `;`, and where it began.
    text: String,
    start: usize,
    /// Each `{`, `(` and `[` that waits for its end.
    open: Vec<(usize, char)>,
}

impl Sheet {
    fn read(mut self, css: &str) -> Result<String, Refused> {
        for token in TOKEN.find_iter(css) {
            self.token(css, token.start(), token.as_str())?;
        }
        self.statement()?;
        match self.open.last() {
            Some((at, '{')) => Err((*at, "this block has no `}`".into())),
            Some((at, sign)) => Err((*at, format!("this `{sign}` has no end"))),
            None => Ok(self.out),
        }
    }

    fn token(&mut self, css: &str, at: usize, token: &str) -> Result<(), Refused> {
        let within = self.open.last().filter(|(_, sign)| *sign != '{');
        match (token, within) {
            ("\"" | "'", _) => {
                return Err((at, "this string has no end on its line".into()));
            }
            ("/", _) if css[at..].starts_with("/*") => {
                return Err((at, "this comment has no `*/`".into()));
            }
            ("{" | "}" | ";", Some((at, sign))) => {
                return Err((*at, format!("this `{sign}` has no end")));
            }
            ("{", None) => {
                if self.text.is_empty() {
                    return Err((at, "a block without a selector".into()));
                }
                let word = self.text.split([' ', '(', '@']).nth(1);
                if self.text.starts_with('@') && word.is_some_and(|word| !AT_RULES.contains(&word)) {
                    let why = format!("no browser knows `{}`", self.text);
                    return Err((self.start, why));
                }
                self.out += std::mem::take(&mut self.text).trim_end();
                self.out.push('{');
                self.open.push((at, '{'));
            }
            ("}", None) => {
                self.statement()?;
                if self.open.pop().is_none() {
                    return Err((at, "a `}` too many".into()));
                }
                // The last declaration of a block needs none.
                let last = self.out.trim_end_matches(';').len();
                self.out.truncate(last);
                self.out.push('}');
            }
            (";", None) => self.statement()?,
            (")" | "]", _) => {
                let fits = if token == ")" { '(' } else { '[' };
                if within.is_none_or(|(_, sign)| *sign != fits) {
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
        Ok(())
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

    /// Takes over what stands before a `;` or the end of a block.
    fn statement(&mut self) -> Result<(), Refused> {
        let text = std::mem::take(&mut self.text);
        let text = text.trim_end();
        let refused = |why| Err((self.start, format!("`{text}` is {why}")));
        if text.is_empty() {
            return Ok(());
        }
        if text.starts_with('@') {
            self.out += text;
        } else if let Some((name, value)) = text.split_once(':')
            && !self.open.is_empty()
        {
            let (name, value) = (name.trim(), value.trim());
            let plain = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
            if name.is_empty() || !name.chars().all(plain) || value.is_empty() && !name.starts_with("--") {
                return refused("no `name: value`");
            }
            let bare = STRING.replace_all(value, "");
            let bare = CHOICE.replace_all(&bare, "");
            if !name.starts_with("--") && bare.contains(':') {
                return refused("two declarations: a `;` is missing");
            }
            self.out += &format!("{name}:{value}");
        } else {
            return refused("neither a rule nor a declaration");
        }
        self.out.push(';');
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_goes() {
        let words = |text: &str| text.split(' ').map(str::to_string).collect();
        let small = |css: &str, of: &str| used(css, &words(of));
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
            minified("a.css", css).unwrap(),
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
            let said = minified("a.css", css).unwrap_err().to_string();
            assert!(said.starts_with(why), "{css}: {said}");
        }
    }
}
