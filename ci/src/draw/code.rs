//! Colors code while the book is built, so that no page needs a highlighter.
//!
//! A token's class is one letter; `theme/book.css` decides its color.

use std::ops::Range;
use std::sync::LazyLock;

use anyhow::{Context, Result};
use html_escape::{encode_text, encode_text_to_string};
use tree_sitter::{Node, Parser, Tree};
use tree_sitter_highlight::{Highlight, HighlightConfiguration, HighlightEvent, Highlighter};

/// What the queries capture, and the class of each.
const CLASSES: [(&str, &str); 5] = [("comment", "c"), ("keyword", "k"), ("string", "s"), ("name", "f"), ("type", "t")];

/// Rust as this book writes it: what is defined stands out, what is called
/// does not.
const RUST: &str = r#"
[(line_comment) (block_comment)] @comment
[(string_literal) (raw_string_literal) (char_literal) (lifetime)] @string
[(integer_literal) (float_literal) (boolean_literal)] @type
[(type_identifier) (primitive_type)] @type
[(attribute_item) (inner_attribute_item)] @type
((identifier) @type (#match? @type "^[A-Z]"))
(function_item name: (identifier) @name)
(function_signature_item name: (identifier) @name)
(macro_invocation macro: (identifier) @name "!" @name)
["as" "async" "await" "break" "const" "continue" "dyn" "else" "enum" "extern"
 "fn" "for" "if" "impl" "in" "let" "loop" "match" "mod" "move" "pub" "ref"
 "return" "static" "struct" "trait" "type" "unsafe" "use" "where" "while"
 (crate) (mutable_specifier) (self) (super)] @keyword
"#;

const JAVASCRIPT: &str = r#"
(comment) @comment
[(string) (template_string)] @string
[(number) (true) (false) (null)] @type
(function_declaration name: (identifier) @name)
["async" "await" "const" "else" "for" "function" "if" "let" "new" "of"
 "return" "while" "import" "from"] @keyword
"#;

/// How Rust and JavaScript are read.
static LANGUAGES: LazyLock<[HighlightConfiguration; 2]> = LazyLock::new(|| {
    let rust = (tree_sitter_rust::LANGUAGE.into(), "rust", RUST);
    let javascript = (tree_sitter_javascript::LANGUAGE.into(), "javascript", JAVASCRIPT);
    [rust, javascript].map(|(language, name, query)| {
        let known = HighlightConfiguration::new(language, name, query, "", "");
        let mut known = known.expect("a query of the language");
        known.configure(&CLASSES.map(|(name, _)| name));
        known
    })
});

/// `code` as HTML text with a `<span>` around each token that has a color; only
/// escaped when nothing is known of `language`.
///
/// # Errors
/// When the code cannot be parsed at all.
pub fn html(language: &str, code: &str) -> Result<String> {
    let known = match language {
        "rust" => &LANGUAGES[0],
        "js" => &LANGUAGES[1],
        _ => return Ok(encode_text(code).into_owned()),
    };
    let mut highlighter = Highlighter::new();
    let events = highlighter.highlight(known, code.as_bytes(), None, None, |_| None);
    let (mut out, mut open) = (Spans::default(), Vec::new());
    for event in events.context("the code could not be parsed")? {
        match event? {
            HighlightEvent::HighlightStart(Highlight(n)) => open.push(n),
            HighlightEvent::HighlightEnd => drop(open.pop()),
            HighlightEvent::Source { start, end } => out.push(&code[start..end], open.last().map(|n| CLASSES[*n].1)),
        }
    }
    Ok(out.finish())
}

/// The line of the first place in a script that is no JavaScript, if any.
///
/// # Errors
/// When the parser does not start.
pub fn javascript_error(script: &str) -> Result<Option<usize>> {
    let tree = parsed(script)?;
    let mut node = tree.root_node();
    if !node.has_error() {
        return Ok(None);
    }
    // Down to the innermost node that is wrong or missing.
    while let Some(child) = children(node).find(|child| child.has_error() || child.is_missing()) {
        node = child;
    }
    Ok(Some(node.start_position().row + 1))
}

/// Where a script has comments, and where it has templates.
///
/// # Errors
/// When the parser does not start.
pub fn javascript_texts(script: &str) -> Result<(Vec<Range<usize>>, Vec<Range<usize>>)> {
    let tree = parsed(script)?;
    let (mut comments, mut templates) = (Vec::new(), Vec::new());
    let mut nodes = vec![tree.root_node()];
    while let Some(node) = nodes.pop() {
        match node.kind() {
            "comment" => comments.push(node.byte_range()),
            "template_string" => templates.push(node.byte_range()),
            _ => nodes.extend(children(node)),
        }
    }
    Ok((comments, templates))
}

fn parsed(script: &str) -> Result<Tree> {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_javascript::LANGUAGE.into())?;
    parser.parse(script, None).context("no tree")
}

/// The nodes below another.
pub fn children(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    (0..node.child_count()).filter_map(move |n| node.child(n as _))
}

/// Joins neighbors of one class, across white space too: three lines of
/// comment are one span.
#[derive(Default)]
struct Spans {
    html: String,
    class: Option<&'static str>,
    /// White space that belongs to the span only if it goes on.
    space: String,
}

impl Spans {
    fn push(&mut self, text: &str, class: Option<&'static str>) {
        let words = text.trim_end();
        let start = words.trim_start();
        if start.is_empty() {
            self.space += text;
            return;
        }
        let indent = &words[..words.len() - start.len()];
        if self.class != class {
            self.close();
        }
        self.html += &std::mem::take(&mut self.space);
        self.html += indent;
        if self.class != class
            && let Some(class) = class
        {
            self.html += &format!("<span class=\"{class}\">");
            self.class = Some(class);
        }
        encode_text_to_string(start, &mut self.html);
        self.space += &text[words.len()..];
    }

    fn close(&mut self) {
        if self.class.take().is_some() {
            self.html += "</span>";
        }
    }

    fn finish(mut self) -> String {
        self.close();
        self.html += &self.space;
        self.html
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_token_has_its_class() {
        let html = html(
            "rust",
            "/// Why.\n/// How.\nasync fn f(s: &'a str) -> Vec<u8> {\n    \
             println!(\"<{s}>\", 1);\n}",
        )
        .unwrap();
        assert_eq!(
            html,
            "<span class=\"c\">/// Why.\n/// How.</span>\n\
             <span class=\"k\">async fn</span> <span class=\"f\">f</span>\
             (s: &amp;<span class=\"s\">'a</span> <span class=\"t\">str</span>) \
             -&gt; <span class=\"t\">Vec</span>&lt;<span class=\"t\">u8</span>\
             &gt; {\n    <span class=\"f\">println!</span>(\
             <span class=\"s\">\"&lt;{s}&gt;\"</span>, \
             <span class=\"t\">1</span>);\n}"
        );
    }

    #[test]
    fn a_part_of_an_impl_is_colored_as_well() {
        let html = html("rust", "fn poll(self: Pin<&mut Self>) {}").unwrap();
        assert!(html.contains("<span class=\"f\">poll</span>"), "{html}");
        assert!(html.contains("<span class=\"t\">Pin</span>"), "{html}");
    }

    #[test]
    fn the_text_is_what_it_was() {
        let code = "#[derive(Debug)]\nstruct A<'a>(&'a str); // a < b && c\n\n\
                    const C: char = '\\u{e9}'; // é\n";
        let html = html("rust", code).unwrap();
        let tags = regex::Regex::new("<[^>]*>").unwrap();
        let text = tags.replace_all(&html, "");
        assert_eq!(html_escape::decode_html_entities(&text), code);
    }

    #[test]
    fn a_script_that_does_not_parse_has_a_line() {
        assert_eq!(javascript_error("a();\nb(`${c}`, /d/);\n").unwrap(), None);
        assert_eq!(javascript_error("a();\nlet = ) 1;\n").unwrap(), Some(2));
        assert!(javascript_error("if (a) {\n b();\n").unwrap().is_some());
    }

    #[test]
    fn javascript_is_known_and_other_text_is_only_escaped() {
        let js = html("js", "const a = 1;").unwrap();
        assert!(js.starts_with("<span class=\"k\">const</span> a"), "{js}");
        assert_eq!(html("text", "a < b").unwrap(), "a &lt; b");
    }
}
