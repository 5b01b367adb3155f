//! The theme's style sheets: read strictly, and sent without comments and white
//! space.
//!
//! A browser passes over what it cannot parse, and half of a style sheet with
//! it. Here that is an error with its file and line.

use crate::problem::Problem;
use crate::read::markdown::line_of;

patterns! {
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

    fn token(
        &mut self,
        css: &str,
        at: usize,
        token: &str,
    ) -> Result<(), Refused> {
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
            if !self.text.is_empty()
                && !self.text.ends_with([' ', ',', '>', '('])
            {
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
            if name.is_empty()
                || !name.chars().all(plain)
                || value.is_empty() && !name.starts_with("--")
            {
                return refused("no `name: value`");
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
        ] {
            let said = minified("a.css", css).unwrap_err().to_string();
            assert!(said.starts_with(why), "{css}: {said}");
        }
    }
}
