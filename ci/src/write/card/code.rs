//! The few lines of a listing that a card shows.

use html_escape::encode_text;
use regex::Captures;

use super::ADVANCE;
use crate::draw::code;

/// The height of a line, in ems.
pub const LEADING: f64 = 1.36;

/// The colors of the page's code in its dark theme, by the classes of its spans.
pub const INK: &str = "#d3d6da";
const COLORS: [(&str, &str); 5] =
    [("c", "#a2aab5"), ("f", "#8fc4fb"), ("k", "#cfa3ee"), ("s", "#a8d5a0"), ("t", "#efb485")];

patterns! {
    SPAN = r#"(?s)<span class="(\w)">(.*?)</span>"#;
}

const LARGEST: f64 = 28.0;
const SMALLEST: f64 = 20.0;

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
            return Excerpt { lines: shown.iter().map(|l| fitted(l, width, size)).collect(), size };
        }
        size -= 1.0;
    }
}

/// Lines that only lead to the code: comments, imports, attributes.
fn is_preamble(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || ["//", "use ", "mod ", "pub mod ", "#[", "#!["].iter().any(|start| line.starts_with(start))
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

/// Lines as colored SVG text.
pub fn colored(lines: &[String], language: &str) -> Vec<String> {
    let text = lines.join("\n");
    let html = code::html(language, &text);
    let html = html.unwrap_or_else(|_| encode_text(&text).into_owned());
    let colored = SPAN.replace_all(&html, |found: &Captures<'_>| {
        let color = COLORS.iter().find(|(class, _)| *class == &found[1]);
        let color = color.map_or(INK, |(_, color)| color);
        let open = format!("<tspan fill=\"{color}\">");
        // A span goes on over lines, and each line is a text of its own.
        let inside = found[2].replace('\n', &format!("</tspan>\n{open}"));
        format!("{open}{inside}</tspan>")
    });
    colored.split('\n').map(str::to_string).collect()
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
        let line = "let x: Vec<u8> = f(\"<&\"); // a < b".to_string();
        let line = colored(&[line], "rust").concat();
        let plain = regex::Regex::new("<[^>]*>").unwrap().replace_all(&line, "");
        let comment = "/* a\n b */".lines().map(str::to_string);
        let lines = colored(&Vec::from_iter(comment), "rust");
        assert!(lines.iter().all(|line| line.ends_with("</tspan>")));
        assert_eq!(plain, "let x: Vec&lt;u8&gt; = f(\"&lt;&amp;\"); // a &lt; b");
        assert!(line.contains("<tspan fill=\"#cfa3ee\">let</tspan>"));
    }
}
