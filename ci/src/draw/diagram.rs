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

use super::{font, labels, redraw};

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
    let labels = labels::labels(source)?;
    let svg = render(source)?;
    let (drawing, texts) =
        redraw::redraw(&svg, id).map_err(|reason| DrawError { line: header_line(source), reason })?;
    labels::check_whole(&labels, source, &texts)?;
    Ok(drawing)
}

/// What a diagram may not say, because `theme/diagrams.css` says it.
fn check_statements(source: &str) -> Result<(), DrawError> {
    let mut sequence = false;
    for (number, line) in (1..).zip(source.lines()) {
        let error = |reason| Err(DrawError { line: number, reason });
        let line = line.trim();
        let word = line.split_whitespace().next().unwrap_or_default();
        sequence |= word == "sequenceDiagram";
        match word {
            "---" if number == 1 => {
                return error("front matter is not drawn".into());
            }
            _ if word.starts_with("%%{") => {
                return error("a directive is not drawn".into());
            }
            "actor" if sequence => {
                return error("`actor` is not drawn: use `participant`".into());
            }
            "style" | "linkStyle" | "classDef" | "click" if !sequence => {
                return error(format!(
                    "`{word}` is not drawn: the theme decides how a diagram looks; mark a node with `:::accent`"
                ));
            }
            _ => {}
        }
        if let Some((_, class)) = line.split_once(":::").filter(|_| !sequence) {
            let end = class.find(|c: char| !c.is_alphanumeric());
            let class = &class[..end.unwrap_or(class.len())];
            if class != "accent" {
                return error(format!("the theme has no class `{class}`, only `accent`"));
            }
        }
    }
    Ok(())
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
