//! Draws the book's diagrams: Mermaid source in, SVG for the page out.
//!
//! `merman` parses the source and lays it out; `redraw` keeps the geometry and
//! leaves every color to `theme/diagrams.css`, so that a diagram follows the
//! page's theme without a script and is a few kilobytes instead of seventy.

use merman::svg::{
    DeterministicTextMeasurer, MeasurementProfileId, SvgPipeline, SvgRenderOptions, TextMeasurementPolicy,
    TextMeasurementProfile, TextMeasurementProfileIdentity,
};
use merman::{
    Engine, MermaidConfig, OperationControl, ParseOptions, RenderError, RenderOutput, RenderRequest, Renderer,
    SvgEnvironment, SvgRequest,
};

use super::{font, redraw};

/// The size of all text in a diagram. `theme/diagrams.css` has it too.
pub const FONT_SIZE: f64 = 14.0;

/// Why a diagram cannot be drawn, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrawError {
    /// The line of the Mermaid source, counted from 1.
    pub line: usize,
    /// What is wrong and, where it helps, what to write instead.
    pub reason: String,
}

impl std::fmt::Display for DrawError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

impl std::error::Error for DrawError {}

/// Draws a Mermaid diagram as a `<div class="diagram">` around one `<svg>`,
/// without a line break, for the body of a page that has `theme/diagrams.css`.
///
/// `id` becomes the `id` of the `<div>` and the prefix of all others, so it must
/// be unique on its page. The same source and `id` give the same markup.
///
/// # Errors
///
/// When the source is not Mermaid, is of a family that the book does not use, has
/// no `accTitle` or `accDescr`, sets colors of its own, or has a label of which a
/// word would not be seen.
///
/// # Panics
///
/// When `id` is not made of ASCII letters, digits, `-` and `_`.
pub fn draw(source: &str, id: &str) -> Result<String, DrawError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    assert!(!id.is_empty() && id.chars().all(plain), "`{id}` is no id");

    check_statements(source)?;
    let svg = render(source)?;
    redraw::redraw(&svg, id).map_err(|reason| DrawError { line: header_line(source), reason })
}

patterns! {
    /// `#name;`, `#35;` or `&name;`.
    ENTITY = r"[#&]#?[A-Za-z0-9]+;";
    /// A participant that is named as the end of a block is.
    NAMED_END = r"^(?:create\s+)?participant\s+end(?:\s+as\s.*)?$";
    /// What is a tag or an icon to Mermaid, outside of sequences.
    TAG = r"</?[A-Za-z!][^>]*>?|\bfa[bklrs]?:fa-[\w-]+";
    /// A `<` that a state takes for one all the same.
    ESCAPED = r"[#&](?:lt|#?60);";
    /// A break, and the kinds of a state.
    KNOWN_TAG = r"<br\s*/?>|<<(?:fork|join|choice)>>";
}

/// Refuses what `theme/diagrams.css` decides, and what Mermaid would drop without a word.
fn check_statements(source: &str) -> Result<(), DrawError> {
    let (mut family, mut in_description, mut in_note) = ("", false, false);
    for (number, line) in (1..).zip(source.lines().map(str::trim)) {
        let word = line.split_whitespace().next().unwrap_or_default();
        let reason = if word == "---" && number == 1 {
            Some("front matter is not drawn".into())
        } else if word.starts_with("%%{") {
            Some("a directive is not drawn".into())
        } else if in_description || word.starts_with("accTitle") || word.starts_with("accDescr") {
            in_description = (in_description || line.ends_with('{')) && !line.contains('}');
            None
        } else if word.is_empty() || word.starts_with("%%") {
            None
        } else if family.is_empty() {
            family = word;
            None
        } else {
            let was_in_note = in_note;
            in_note = match in_note {
                true => line != "end note",
                false => word == "note" && family.starts_with("stateDiagram") && !line.contains([':', '"']),
            };
            let separated = || separated(line).filter(|_| !was_in_note);
            decided_by_theme(family, word, line).or_else(separated).or_else(|| dropped(family, line))
        };
        if let Some(reason) = reason {
            return Err(DrawError { line: number, reason });
        }
    }
    Ok(())
}

/// Why a statement that begins with `word` sets what is not its to set.
fn decided_by_theme(family: &str, word: &str, line: &str) -> Option<String> {
    match word {
        "actor" if family == "sequenceDiagram" => Some("`actor` is not drawn: use `participant`".into()),
        _ if family == "sequenceDiagram" => None,
        "style" | "linkStyle" | "classDef" | "click" => {
            Some(format!("`{word}` is not drawn: the theme decides how a diagram looks; mark a node with `:::accent`"))
        }
        _ => {
            let (_, class) = line.split_once(":::")?;
            let class = class.split(|c: char| !c.is_alphanumeric()).next()?;
            (class != "accent").then(|| format!("the theme has no class `{class}`, only `accent`"))
        }
    }
}

/// A `;` ends a statement and a `#` begins an entity, also within a label; not in the lines of a note.
fn separated(line: &str) -> Option<String> {
    let text = ENTITY.replace_all(line, "x");
    let text = text.strip_suffix(';').unwrap_or(&text);
    if text.contains('#') {
        return Some(format!("Mermaid drops what follows the `#` in `{line}`: write `#35;` for a `#`"));
    }
    if text.contains(';') {
        return Some(format!("the `;` in `{line}` ends the statement: write `#59;` for a `;`"));
    }
    None
}

/// What else of a line Mermaid would drop, and how to write it.
fn dropped(family: &str, line: &str) -> Option<String> {
    if family == "sequenceDiagram" {
        let why = "`end` is Mermaid's own word: name the participant otherwise, `participant E as #101;nd`";
        return NAMED_END.is_match(line).then(|| why.into());
    }
    let in_state = family.starts_with("stateDiagram");
    let text = if in_state { ESCAPED.replace_all(line, "<") } else { line.into() };
    let text = without_marks(&KNOWN_TAG.replace_all(&text, ""));
    let tag = TAG.find(&text)?.as_str();
    let how = match in_state {
        _ if !tag.starts_with('<') => "write it in other words",
        true => "a state's label takes `<` and a letter for a tag: write `#lt;` and a space",
        false => "write `#lt;` for each `<`",
    };
    Some(format!("`{tag}` in `{line}` would not be drawn: {how}"))
}

/// Without what says how words look. A tag that is not closed is no such mark, but a type: `Option<i>`.
fn without_marks(text: &str) -> String {
    let mut plain = text.to_owned();
    for tag in ["code", "b", "i", "em", "strong"] {
        let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
        while let Some((before, rest)) = plain.split_once(&open)
            && let Some((within, after)) = rest.split_once(&close)
        {
            plain = format!("{before}{within}{after}");
        }
    }
    plain
}

/// The SVG as Mermaid would draw it, with labels as text.
fn render(source: &str) -> Result<String, DrawError> {
    try_render(source).map_err(|(offset, reason)| {
        let line = match offset {
            Some(offset) => line_at(source, offset),
            None => first_line_that_fails(source, &reason),
        };
        DrawError { line, reason }
    })
}

/// Fails with the offset of the error, where the parser knows it, and a reason.
fn try_render(source: &str) -> Result<String, (Option<usize>, String)> {
    let renderer = Renderer::new()
        .with_engine(Engine::new().with_site_config(config()))
        .with_parse_options(ParseOptions::strict());
    let request = SvgRequest {
        environment: SvgEnvironment::deterministic().with_text_measurement_policy(measurement()),
        pipeline: Some(SvgPipeline::resvg_safe()),
        options: SvgRenderOptions { diagram_id: Some(redraw::RENDERED_ID.into()), ..Default::default() },
        ..Default::default()
    };
    match renderer.render(RenderRequest::svg(source, OperationControl::new(), request)) {
        Ok(RenderOutput::Svg(Some(svg))) => Ok(svg.svg().to_owned()),
        Ok(_) => Err((None, families())),
        Err(RenderError::Parse(error)) => {
            let details = error.terminal_diagnostic_details();
            let reason = match details.code.as_str() {
                "merman.parse.no_diagram_detected" | "merman.parse.unsupported_diagram" => families(),
                _ => {
                    let message = error.terminal_safe_message();
                    match message.split_once("): ") {
                        Some((_, reason)) => reason.to_owned(),
                        None => message,
                    }
                }
            };
            Err((details.span.map(|span| span.start), reason))
        }
        Err(error) => Err((None, error.to_string())),
    }
}

fn families() -> String {
    "a diagram begins with `flowchart`, `sequenceDiagram` or `stateDiagram-v2`".into()
}

/// Mermaid's own options: the plain look, in the page's font, and tight enough
/// for a phone. Colors are not among them.
fn config() -> MermaidConfig {
    let size = FONT_SIZE;
    MermaidConfig::from_value(serde_json::json!({
        "look": "classic",
        "theme": "base",
        "layout": "dagre",
        "fontFamily": font::FAMILY,
        "fontSize": size,
        "themeVariables": { "fontSize": format!("{size}px") },
        "flowchart": {
            "look": "classic", "theme": "base", "padding": 12,
            "minNodeWidth": 0, "wrappingWidth": 200,
            "nodeSpacing": 36, "rankSpacing": 40,
            "subGraphTitleMargin": { "top": 4, "bottom": 8 },
        },
        "state": {
            "look": "classic", "theme": "base", "layout": "dagre",
            "minNodeWidth": 0, "wrappingWidth": 200,
            "nodeSpacing": 36, "rankSpacing": 40,
        },
        "sequence": {
            "look": "classic", "theme": "base", "mirrorActors": false,
            "width": 100, "height": 36, "actorMargin": 30,
            "messageMargin": 28, "boxMargin": 8,
            "diagramMarginX": 8, "diagramMarginY": 8,
            "actorFontSize": size, "messageFontSize": size,
            "noteFontSize": size,
        },
    }))
}

/// Text as wide as the reader's browser will set it.
fn measurement() -> TextMeasurementPolicy {
    let measurer =
        DeterministicTextMeasurer::default().with_width_callback(|text, style| font::width(text, style.font_size));
    let identity = MeasurementProfileId::new("open-sans")
        .and_then(|id| TextMeasurementProfileIdentity::new(id, "v17"))
        .expect("neither is empty");
    TextMeasurementPolicy::uniform(TextMeasurementProfile::new(identity, measurer))
}

/// The line of a byte offset; past the end, the last line with something on it.
fn line_at(source: &str, offset: usize) -> usize {
    let end = source.trim_end().len();
    let before = &source.as_bytes()[..offset.min(end)];
    1 + before.iter().filter(|&&byte| byte == b'\n').count()
}

/// Some errors come without a place: the first line that brings the error is it.
fn first_line_that_fails(source: &str, reason: &str) -> usize {
    let lines: Vec<&str> = source.trim_end().lines().collect();
    let header = header_line(source);
    (header..lines.len())
        .find(|&count| {
            let start = lines[..count].join("\n");
            try_render(&start).is_err_and(|(_, found)| found == reason)
        })
        .unwrap_or(lines.len().max(1))
}

/// The line that says what diagram it is; 1 in an empty source.
fn header_line(source: &str) -> usize {
    let header = |line: &str| {
        let line = line.trim();
        !line.is_empty() && !line.starts_with("%%")
    };
    source.lines().position(header).map_or(1, |index| index + 1)
}
