//! The words that a Mermaid source wants to be read, line by line.
//!
//! Mermaid drops text without a word: what looks like a tag in a label, what
//! follows a `#` or a `;`. So each label of the source is looked for in the
//! finished drawing.

use super::diagram::DrawError;

/// A piece of text that must be seen in the drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The line of the source, counted from 1.
    pub line: usize,
    /// As it is written.
    pub text: String,
}

/// Every label of `source`.
///
/// # Errors
///
/// When a line has a character that would end its statement, or a name that
/// Mermaid keeps for itself.
pub fn labels(source: &str) -> Result<Vec<Label>, DrawError> {
    let mut found = Vec::new();
    let mut family = "";
    let mut skipped_until: Option<&str> = None;
    let mut in_note = false;
    for (line, text) in (1..).zip(source.lines()) {
        let text = text.trim();
        if let Some(end) = skipped_until {
            if text.contains(end) {
                skipped_until = None;
            }
            continue;
        }
        let (word, rest) = match text.split_once(char::is_whitespace) {
            Some((word, rest)) => (word, rest.trim()),
            None => (text, ""),
        };
        if text.is_empty() || text.starts_with("%%") {
            continue;
        }
        if text.starts_with("accTitle") || text.starts_with("accDescr") {
            if text.ends_with('{') {
                skipped_until = Some("}");
            }
            continue;
        }
        if family.is_empty() {
            family = word;
            continue;
        }
        let mut add = |text: &str| {
            if !text.trim().is_empty() {
                found.push(Label { line, text: text.trim().to_owned() });
            }
        };
        if in_note {
            in_note = text != "end note";
            if in_note {
                add(text);
            }
            continue;
        }
        check_separators(text, line)?;
        match family {
            "sequenceDiagram" => {
                sequence_labels(word, rest, text, line, &mut add)?;
            }
            "stateDiagram-v2" | "stateDiagram" => {
                let opens_note = word == "note" && !text.contains(':');
                in_note = opens_note && !text.contains('"');
                if !in_note {
                    state_labels(word, text, &mut add);
                }
            }
            _ => flowchart_labels(word, rest, text, &mut add),
        }
    }
    Ok(found)
}

/// A `;` ends a statement and a `#` begins an entity, also within a label.
fn check_separators(text: &str, line: usize) -> Result<(), DrawError> {
    let error = |reason: String| Err(DrawError { line, reason });
    let mut rest = text;
    while let Some(at) = rest.find(['#', ';', '&']) {
        let found = &rest[at..];
        let entity = entity(found);
        match (found.as_bytes()[0], entity) {
            (b'#' | b'&', Some(length)) => {
                rest = &found[length..];
                continue;
            }
            (b'#', None) => {
                return error(format!(
                    "Mermaid drops what follows the `#` in `{text}`: write \
                     `#35;` for a `#`"
                ));
            }
            (b';', _) if found.len() > 1 => {
                return error(format!(
                    "the `;` in `{text}` ends the statement: write `#59;` \
                     for a `;`"
                ));
            }
            _ => {}
        }
        rest = &found[1..];
    }
    Ok(())
}

/// The length of `#name;`, `#35;` or `&name;` at the start of `text`.
fn entity(text: &str) -> Option<usize> {
    let name = text.get(1..)?;
    let end = name.find(';')?;
    let inner = name[..end].strip_prefix('#').unwrap_or(&name[..end]);
    let plain = inner.chars().all(|c| c.is_ascii_alphanumeric());
    (plain && !inner.is_empty()).then_some(end + 2)
}

fn sequence_labels(
    word: &str,
    rest: &str,
    text: &str,
    line: usize,
    add: &mut impl FnMut(&str),
) -> Result<(), DrawError> {
    match word {
        "autonumber" | "activate" | "deactivate" | "destroy" | "end"
        | "rect" => {}
        "loop" | "alt" | "else" | "opt" | "par" | "and" | "critical"
        | "option" | "break" => add(rest),
        "box" => {
            let color = rest.starts_with("rgb") || rest.starts_with("hsl");
            add(match rest.split_once(')') {
                Some((_, name)) if color => name,
                _ => rest,
            });
        }
        "participant" | "create" => {
            let named = rest.strip_prefix("participant").unwrap_or(rest);
            let (id, name) = match named.split_once(" as ") {
                Some((id, name)) => (id.trim(), name),
                None => (named.trim(), named),
            };
            if id == "end" {
                return Err(DrawError {
                    line,
                    reason: "`end` is Mermaid's own word: name the \
                             participant otherwise, `participant E as #101;nd`"
                        .into(),
                });
            }
            add(name);
        }
        _ => {
            if let Some((_, said)) = text.split_once(':') {
                add(said);
            }
        }
    }
    Ok(())
}

fn state_labels(word: &str, text: &str, add: &mut impl FnMut(&str)) {
    let rest = quoted(text, add);
    if word == "direction" || word == "state" {
        return;
    }
    let rest = rest.replace(":::", "");
    if let Some((_, said)) = rest.split_once(':') {
        add(said);
    }
}

/// A shape may have two pairs of brackets: `([a])`, `[(a)]`, `[/a/]`.
const BRACKETS: [char; 8] = ['/', '\\', '[', ']', '(', ')', '{', '}'];

fn flowchart_labels(
    word: &str,
    rest: &str,
    text: &str,
    add: &mut impl FnMut(&str),
) {
    match word {
        "direction" | "class" | "end" => return,
        "subgraph" if !rest.contains(['[', '"']) => return add(rest),
        _ => {}
    }
    let unquoted = quoted(text, add);
    let mut inside: Option<(char, String)> = None;
    // What stands in `@{…}` says how a node looks; its label is quoted.
    let mut settings = unquoted.split("@{");
    let mut unquoted = settings.next().unwrap_or_default().to_owned();
    for after in settings {
        unquoted += after.split_once('}').map_or("", |(_, rest)| rest);
    }
    for c in unquoted.chars() {
        match &mut inside {
            Some((close, label)) => {
                if c == *close {
                    add(label.trim_matches(BRACKETS));
                    inside = None;
                } else {
                    label.push(c);
                }
            }
            None => {
                let close = match c {
                    '[' => ']',
                    '(' => ')',
                    '{' => '}',
                    '|' => '|',
                    _ => continue,
                };
                inside = Some((close, String::new()));
            }
        }
    }
    // An edge may be labelled in its middle: `a -- text --> b`.
    for (open, close) in [(" -- ", " --"), (" == ", " =="), (" -. ", " .-")] {
        if let Some((_, after)) = unquoted.split_once(open)
            && let Some((label, _)) = after.split_once(close)
        {
            add(label);
        }
    }
}

/// Takes the quoted strings of a line, and returns the line without them.
fn quoted(text: &str, add: &mut impl FnMut(&str)) -> String {
    let mut rest = String::new();
    for (n, part) in text.split('"').enumerate() {
        if n % 2 == 1 {
            add(part);
        } else {
            rest.push_str(part);
        }
    }
    rest
}

/// The first label whose text is not in `drawn`, as an error that says how it
/// can be written.
pub fn check_whole(
    labels: &[Label],
    source: &str,
    drawn: &str,
) -> Result<(), DrawError> {
    let in_state = source.lines().any(|l| l.trim().starts_with("stateDia"));
    let drawn = squeezed(drawn);
    for Label { line, text } in labels {
        let markdown = text.starts_with('`') && text.ends_with('`');
        let wanted = plain(text, markdown);
        let missing = wanted
            .split_whitespace()
            .find(|word| !drawn.contains(&squeezed(word)));
        let Some(word) = missing else { continue };
        let is_tag = wanted.contains('<');
        let how = if is_tag && in_state {
            "a state's label takes `<` and a letter for a tag: write `#lt;` \
             and a space"
        } else if is_tag {
            "write `#lt;` for each `<`"
        } else {
            "write it in other words"
        };
        return Err(DrawError {
            line: *line,
            reason: format!(
                "`{word}` of the label `{text}` would not be drawn: {how}"
            ),
        });
    }
    Ok(())
}

/// The text as a reader sees it: breaks as spaces, entities as characters.
fn plain(text: &str, markdown: bool) -> String {
    let mut plain = text.to_owned();
    for tag in ["<br>", "<br/>", "<br />", "\\n"] {
        plain = plain.replace(tag, " ");
    }
    for tag in ["code", "b", "i", "em", "strong"] {
        plain = plain.replace(&format!("<{tag}>"), "");
        plain = plain.replace(&format!("</{tag}>"), "");
    }
    if markdown {
        plain = plain.replace(['`', '*', '_'], "");
    }
    decoded(&plain)
}

fn decoded(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['#', '&']) {
        out.push_str(&rest[..at]);
        let found = &rest[at..];
        match entity(found) {
            Some(length) => {
                let name = found[1..length - 1].trim_start_matches('#');
                let named = match name.parse::<u32>() {
                    Ok(_) => format!("&#{name};"),
                    Err(_) => format!("&{name};"),
                };
                out.push_str(&html_escape::decode_html_entities(&named));
                rest = &found[length..];
            }
            None => {
                out.push_str(&found[..1]);
                rest = &found[1..];
            }
        }
    }
    out + rest
}

/// Rows are broken anywhere, long words with a hyphen: neither says anything.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect()
}
