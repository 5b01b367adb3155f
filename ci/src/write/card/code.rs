//! The few lines of a listing that a card shows.

use html_escape::encode_text;

use super::ADVANCE;

/// The height of a line, in ems.
pub const LEADING: f64 = 1.36;

// The colors of the page's code in its dark theme.
pub const INK: &str = "#d3d6da";
const COMMENT: &str = "#a2aab5";
const KEYWORD: &str = "#cfa3ee";
const NAME: &str = "#8fc4fb";
const TYPE: &str = "#efb485";
const STRING: &str = "#a8d5a0";

const LARGEST: f64 = 28.0;
const SMALLEST: f64 = 20.0;

patterns! {
    TOKEN = r#"(?x)
        (?<comment> //.*)
        | (?<string> "(?:\\.|[^"\\])*" | 'a\b | '[^'\\]' )
        | (?<keyword> \b(?:as|async|await|break|const|continue|crate|dyn|else|
            enum|extern|false|fn|for|if|impl|in|let|loop|match|mod|move|mut|
            pub|ref|return|self|static|struct|super|trait|true|type|unsafe|
            use|where|while)\b )
        | (?<script> \b(?:function|new|var|null|of|typeof)\b )
        | (?<type> \b(?:[A-Z]\w*|bool|char|str|[iu](?:8|16|32|64|128|size)|f32|f64)\b )
        | (?<macro> \b[a-z_]\w*! )
        | (?<name> \b[a-z_]\w*) (?<call> \()
        "#;
}

/// Lines and the size they are set in.
#[derive(Debug, PartialEq)]
pub struct Excerpt {
    pub lines: Vec<String>,
    pub size: f64,
}

/// What of `text` fits a panel: from the first line that does something, in
/// the largest size in which whole lines fit.
pub fn excerpt(text: &str, width: f64, height: f64) -> Excerpt {
    let lines: Vec<&str> = text.lines().collect();
    let start = lines.iter().position(|line| !is_preamble(line));
    let lines = &lines[start.unwrap_or(0)..];
    let mut size = LARGEST;
    loop {
        let most = (height / (size * LEADING)).floor().max(1.0) as usize;
        let shown = whole(lines, most);
        let columns = shown.iter().map(|l| l.chars().count()).max();
        let wide = columns.unwrap_or(0) as f64 * ADVANCE * size;
        if wide <= width || size <= SMALLEST {
            return Excerpt {
                lines: shown.iter().map(|l| fitted(l, width, size)).collect(),
                size,
            };
        }
        size -= 1.0;
    }
}

/// Lines that only lead to the code: comments, imports, attributes.
fn is_preamble(line: &str) -> bool {
    let line = line.trim();
    line.is_empty()
        || ["//", "use ", "mod ", "pub mod ", "#[", "#!["]
            .iter()
            .any(|start| line.starts_with(start))
}

/// At most `most` of the lines, to the end of an item where one ends late
/// enough.
fn whole<'a>(lines: &[&'a str], most: usize) -> Vec<&'a str> {
    let mut shown = lines[..lines.len().min(most)].to_vec();
    if lines.len() > most {
        let ends = |line: &&str| line.starts_with('}');
        if let Some(end) = shown.iter().rposition(ends)
            && end >= most / 2
        {
            shown.truncate(end + 1);
        }
    }
    while shown.last().is_some_and(|line| line.trim().is_empty()) {
        shown.pop();
    }
    shown
}

/// A line too long even for the smallest size ends in an ellipsis.
fn fitted(line: &str, width: f64, size: f64) -> String {
    let most = (width / (ADVANCE * size)).floor() as usize;
    match line.chars().count() > most {
        true => line.chars().take(most - 1).chain(['…']).collect(),
        false => line.to_string(),
    }
}

/// A line as colored SVG text.
pub fn colored(line: &str, script: bool) -> String {
    let mut out = String::new();
    let mut at = 0;
    for found in TOKEN.captures_iter(line) {
        let color = |group, color| found.name(group).map(|m| (m, color));
        let token = color("comment", COMMENT)
            .or(color("string", STRING))
            .or(color("keyword", KEYWORD))
            .or(color("script", KEYWORD).filter(|_| script))
            .or(color("type", TYPE))
            .or(color("macro", NAME))
            .or(color("name", NAME));
        let Some((token, color)) = token else { continue };
        out += &encode_text(&line[at..token.start()]);
        out += &format!(
            "<tspan fill=\"{color}\">{}</tspan>",
            encode_text(token.as_str())
        );
        at = token.end();
    }
    out + &encode_text(&line[at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_begins_where_something_happens_and_ends_with_an_item() {
        let text = "//! Docs.\n\nuse a::B;\n\nfn f() {\n    1\n}\n\nfn g() {\n    2\n}";
        let found = excerpt(text, 1000.0, 5.01 * LARGEST * LEADING);
        assert_eq!(found.lines, ["fn f() {", "    1", "}"]);
        assert_eq!(found.size, LARGEST);
    }

    #[test]
    fn a_wide_line_makes_the_text_smaller_and_never_leaves_the_panel() {
        let wide = excerpt(&"x".repeat(60), 1000.0, 300.0);
        assert!(wide.size < LARGEST);
        assert!(60.0 * ADVANCE * wide.size <= 1000.0);
        let wider = excerpt(&"x".repeat(200), 1000.0, 300.0);
        assert_eq!(wider.size, SMALLEST);
        let line = &wider.lines[0];
        assert!(line.ends_with('…'), "{line}");
        assert!(line.chars().count() as f64 * ADVANCE * SMALLEST <= 1000.0);
    }

    #[test]
    fn markup_in_the_code_stays_text() {
        let line = colored("let x: Vec<u8> = f(\"<&\"); // a < b", false);
        let plain =
            regex::Regex::new("<[^>]*>").unwrap().replace_all(&line, "");
        assert_eq!(
            plain,
            "let x: Vec&lt;u8&gt; = f(\"&lt;&amp;\"); // a &lt; b"
        );
        assert!(
            line.contains(&format!("<tspan fill=\"{KEYWORD}\">let</tspan>"))
        );
    }
}
