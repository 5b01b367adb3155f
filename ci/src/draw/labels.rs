//! The words that a Mermaid source wants to be read, line by line.
//!
//! Mermaid drops text without a word: what looks like a tag in a label, what
//! follows a `#` or a `;`. So each label of the source is looked for in the
//! finished drawing.

use regex::{Captures, Regex};

use super::diagram::DrawError;

patterns! {
    /// `#name;`, `#35;` or `&name;`.
    ENTITY = r"[#&]#?([A-Za-z0-9]+);";
    /// What a line of a sequence says, if anything: after a block's keyword, the
    /// name of a group or a participant, and what follows a colon.
    SEQUENCE =
        r"(?x) ^(?:loop|alt|else|opt|par|and|critical|option|break)\s(.*)
            | ^box\s+(?:(?:rgb|hsl)[^)]*\))?(.*)
            | ^(?:create\s+)?participant\s+(?:.*?\sas\s)?(.*)
            | ^(?:(?:autonumber|activate|deactivate|destroy|end|rect)(?:\s.*)?)$
            | ^[^:]*:(.*)";
    /// A participant that is named as the end of a block is.
    NAMED_END = r"^(?:create\s+)?participant\s+end(?:\s+as\s.*)?$";
    /// What a state's line says, and those that say nothing.
    STATE = r"^(?:direction|state)\s.*|:(.*)";
    QUOTED = r#""([^"]*)""#;
    /// What says how a node looks: its label is quoted.
    SETTINGS = r"@\{[^}]*\}?";
    /// A shape of a flowchart and the middle of its edges.
    FLOWCHART =
        r"\[([^\]]*)\]|\(([^)]*)\)|\{([^}]*)\}|\|([^|]*)\|";
    /// What a flowchart and a state take for a tag, and do not draw.
    TAG = r"</?[A-Za-z]";
    EDGE = r" -- (.*?) --| == (.*?) ==| -\. (.*?) \.-";
    /// A part of a flowchart whose name is all of the line, and lines without one.
    PART = r#"^subgraph\s+([^\["]*)$|^(?:direction|class|end)(?:\s.*)?$"#;
}

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
            family = text.split_whitespace().next().unwrap_or_default();
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
            "sequenceDiagram" if NAMED_END.is_match(text) => {
                return Err(DrawError {
                    line,
                    reason: "`end` is Mermaid's own word: name the participant otherwise, `participant E as #101;nd`"
                        .into(),
                });
            }
            "sequenceDiagram" => each(&SEQUENCE, text, &mut add),
            "stateDiagram-v2" | "stateDiagram" => {
                let opens_note = text.starts_with("note ") && !text.contains(':');
                in_note = opens_note && !text.contains('"');
                if !in_note {
                    each(&QUOTED, text, &mut add);
                    let text = QUOTED.replace_all(text, "").replace(":::", "");
                    each(&STATE, &text, &mut add);
                }
            }
            _ if PART.is_match(text) => each(&PART, text, &mut add),
            _ => {
                each(&QUOTED, text, &mut add);
                let text = QUOTED.replace_all(text, "");
                let text = SETTINGS.replace_all(&text, "");
                let brackets: &[char] = &['/', '\\', '[', ']', '(', ')', '{', '}'];
                each(&FLOWCHART, &text, &mut |label| {
                    // A shape may have two pairs: `([a])`, `[(a)]`, `[/a/]`.
                    add(label.trim_matches(brackets));
                });
                each(&EDGE, &text, &mut add);
            }
        }
    }
    Ok(found)
}

/// A `;` ends a statement and a `#` begins an entity, also within a label.
fn check_separators(text: &str, line: usize) -> Result<(), DrawError> {
    let rest = ENTITY.replace_all(text, "x");
    let rest = rest.strip_suffix(';').unwrap_or(&rest);
    let reason = if rest.contains('#') {
        format!("Mermaid drops what follows the `#` in `{text}`: write `#35;` for a `#`")
    } else if rest.contains(';') {
        format!("the `;` in `{text}` ends the statement: write `#59;` for a `;`")
    } else {
        return Ok(());
    };
    Err(DrawError { line, reason })
}

/// What a pattern takes out of a line, wherever it meets.
fn each(pattern: &Regex, line: &str, take: &mut impl FnMut(&str)) {
    for found in pattern.captures_iter(line) {
        found.iter().skip(1).flatten().for_each(|it| take(it.as_str()));
    }
}

/// The first label whose text is not in `drawn`, as an error that says how it
/// can be written.
pub fn check_whole(labels: &[Label], source: &str, drawn: &str) -> Result<(), DrawError> {
    let is_of = |family| source.lines().any(|l| l.trim().starts_with(family));
    let (in_state, in_sequence) = (is_of("stateDia"), is_of("sequenceDia"));
    let drawn = squeezed(drawn);
    for Label { line, text } in labels {
        let markdown = text.starts_with('`') && text.ends_with('`');
        let written = without_marks(text, markdown);
        let wanted = decoded(&written);
        // Another label may have the same words, and they are drawn there.
        let is_lost = |word: &&str| !in_sequence && TAG.is_match(word) || !drawn.contains(&squeezed(&decoded(word)));
        let missing = written.split_whitespace().find(is_lost);
        let Some(word) = missing else { continue };
        let is_tag = wanted.contains('<');
        let how = if is_tag && in_state {
            "a state's label takes `<` and a letter for a tag: write `#lt;` and a space"
        } else if is_tag {
            "write `#lt;` for each `<`"
        } else {
            "write it in other words"
        };
        return Err(DrawError {
            line: *line,
            reason: format!("`{word}` of the label `{text}` would not be drawn: {how}"),
        });
    }
    Ok(())
}

/// The text without what says how it looks: breaks are spaces. A tag that is not
/// closed is no such mark, but a type: `Option<i>`.
fn without_marks(text: &str, markdown: bool) -> String {
    let mut plain = text.to_owned();
    for tag in ["<br>", "<br/>", "<br />", "\\n"] {
        plain = plain.replace(tag, " ");
    }
    for tag in ["code", "b", "i", "em", "strong"] {
        let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
        while let Some((before, rest)) = plain.split_once(&open)
            && let Some((within, after)) = rest.split_once(&close)
        {
            plain = format!("{before}{within}{after}");
        }
    }
    if markdown {
        plain = plain.replace(['`', '*', '_'], "");
    }
    plain
}

fn decoded(text: &str) -> String {
    let shown = ENTITY.replace_all(text, |found: &Captures<'_>| {
        let name = &found[1];
        let named = match name.parse::<u32>() {
            Ok(_) => format!("&#{name};"),
            Err(_) => format!("&{name};"),
        };
        html_escape::decode_html_entities(&named).into_owned()
    });
    shown.into_owned()
}

/// Rows are broken anywhere, long words with a hyphen: neither says anything.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect()
}
