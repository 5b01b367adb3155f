use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use roxmltree::{Document, Node};

use super::diagram::{DrawError, FONT_SIZE, draw};
use super::font;

/// The Mermaid files of `fixtures/`: name and source.
fn fixtures() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/draw/fixtures");
    let mut fixtures: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect();
    fixtures.sort();
    assert!(fixtures.len() >= 9);
    fixtures
}

fn drawn(source: &str) -> String {
    draw(source, "dia").unwrap_or_else(|error| panic!("{error}\n{source}"))
}

fn with_words(diagram: &str) -> String {
    let (header, rest) = diagram.split_once('\n').unwrap();
    format!("{header}\naccTitle: t\naccDescr: d\n{rest}")
}

fn texts(markup: &str) -> Vec<String> {
    Document::parse(markup)
        .unwrap()
        .descendants()
        .filter(|node| node.has_tag_name("text"))
        .map(|node| node.text().unwrap().to_owned())
        .collect()
}

fn number(node: Node, name: &str) -> f64 {
    node.attribute(name).unwrap().parse().unwrap()
}

fn size(node: Node) -> (f64, f64) {
    (number(node, "width"), number(node, "height"))
}

#[test]
fn a_diagram_has_no_color_no_style_and_no_script_of_its_own() {
    for (name, source) in fixtures() {
        let markup = drawn(&source);
        let document = Document::parse(&markup).unwrap();
        for node in document.descendants() {
            for attribute in node.attributes() {
                let (what, value) = (attribute.name(), attribute.value());
                assert!(
                    !matches!(what, "fill" | "stroke" | "style" | "href") && !what.starts_with("on"),
                    "{name}: {what}=\"{value}\""
                );
            }
            assert!(!node.has_tag_name("style"), "{name}");
            assert!(!node.has_tag_name("script"), "{name}");
        }
        for color in ["rgb(", "hsl(", "=\"#", "http"] {
            assert!(!markup.contains(color), "{name}: {color}");
        }
    }
}

#[test]
fn every_class_of_a_diagram_is_in_the_stylesheet() {
    let css = stylesheet();
    for (name, source) in fixtures() {
        let markup = drawn(&source);
        let document = Document::parse(&markup).unwrap();
        for class in document.descendants().filter_map(|node| node.attribute("class")).flat_map(str::split_whitespace) {
            assert!(css.contains(&format!(".{class}")), "{name}: {class}");
        }
    }
}

#[test]
fn a_diagram_is_one_line_of_a_few_kilobytes() {
    for (name, source) in fixtures() {
        let markup = drawn(&source);
        assert!(!markup.contains('\n'), "{name}");
        assert!(markup.len() < 8_000, "{name}: {}", markup.len());
    }
}

#[test]
fn the_same_source_is_drawn_the_same() {
    for (name, source) in fixtures() {
        assert_eq!(drawn(&source), drawn(&source), "{name}");
    }
}

#[test]
fn ids_begin_with_the_diagrams_own_and_everything_named_is_there() {
    for (name, source) in fixtures() {
        let markup = drawn(&source);
        let document = Document::parse(&markup).unwrap();
        let ids: Vec<&str> = document.descendants().filter_map(|node| node.attribute("id")).collect();
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), unique.len(), "{name}: {ids:?}");
        assert!(ids.iter().all(|id| *id == "dia" || id.starts_with("dia-")), "{name}: {ids:?}");
        for attribute in document.descendants().flat_map(|n| n.attributes()) {
            let value = attribute.value();
            let target = match attribute.name() {
                "aria-labelledby" | "aria-describedby" => value,
                name if name.starts_with("marker-") => {
                    value.strip_prefix("url(#").and_then(|rest| rest.strip_suffix(')')).unwrap()
                }
                _ => continue,
            };
            assert!(unique.contains(target), "{name}: {target}");
        }
    }
}

#[test]
fn the_name_and_the_description_reach_a_screen_reader() {
    let markup = drawn("flowchart TD\naccTitle: A & B\naccDescr {\n first\n second\n}\nA-->B");
    let document = Document::parse(&markup).unwrap();
    let svg = document.descendants().find(|n| n.has_tag_name("svg")).unwrap();
    assert_eq!(svg.attribute("role"), Some("img"));
    let text = |attribute| {
        let id = svg.attribute(attribute).unwrap();
        document.descendants().find(|node| node.attribute("id") == Some(id)).and_then(|node| node.text())
    };
    assert_eq!(text("aria-labelledby"), Some("A & B"));
    assert_eq!(text("aria-describedby"), Some("first second"));
}

#[test]
fn code_in_a_label_is_shown_as_written() {
    let flow = drawn(&with_words(
        "flowchart TD\nA[\"Pin<&mut Self>\"] -->|\"Poll<'_, T>\"| \
         B[\"say #quot;hi#quot;\"]",
    ));
    let shown = texts(&flow);
    for label in ["Pin<&mut Self>", "Poll<'_, T>", "say \"hi\""] {
        assert!(shown.iter().any(|text| text == label), "{shown:?}");
    }
    let sequence = drawn(&with_words("sequenceDiagram\nA->>B: poll(Pin<&mut Self>, \"cx\")"));
    let label = "poll(Pin<&mut Self>, \"cx\")";
    assert!(texts(&sequence).iter().any(|text| text == label));
}

#[test]
fn no_text_leaves_its_box_or_the_drawing() {
    for (name, source) in fixtures() {
        let markup = drawn(&source);
        let document = Document::parse(&markup).unwrap();
        let svg = document.descendants().find(|n| n.has_tag_name("svg")).unwrap();
        let view: Vec<f64> =
            svg.attribute("viewBox").unwrap().split(' ').map(|number| number.parse().unwrap()).collect();
        let [left, top, width, height] = view[..] else { panic!("{view:?}") };
        assert_eq!(size(svg), (width, height), "{name}");

        let mut boxed = 0;
        for text in svg.children().filter(|n| n.has_tag_name("text")) {
            let label = text.text().unwrap();
            let half = font::width(label, FONT_SIZE) / 2.0;
            let (x, y) = (number(text, "x"), number(text, "y"));
            assert!(x - half >= left && x + half <= left + width, "{name}: {label}");
            assert!(y - FONT_SIZE >= top && y + 4.0 <= top + height, "{name}: {label}");
            if text.has_attribute("class") {
                continue;
            }
            for node in svg.children().filter(|n| n.has_tag_name("rect")) {
                let (start_x, start_y) = (number(node, "x"), number(node, "y"));
                let (width, height) = size(node);
                let inside = (start_x..start_x + width).contains(&x) && (start_y..start_y + height).contains(&y);
                let class = node.attribute("class").unwrap();
                if inside && (class.contains("node") || class == "note") {
                    boxed += 1;
                    assert!(2.0 * half < width, "{name}: {label}");
                }
            }
        }
        assert!(boxed > 0, "{name}: the test found no box with a text");
    }
}

#[test]
fn only_a_diagram_that_scrolls_on_a_phone_has_a_tab_stop() {
    let scrolls = |name: &str| {
        let source =
            std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/draw/fixtures").join(name));
        drawn(&source.unwrap()).contains(" role=\"group\" aria-labelledby=\"dia-title\" tabindex=\"0\"")
    };
    assert!(scrolls("flow_right.mmd"));
    assert!(!scrolls("flow_narrow.mmd"));
    assert!(!scrolls("sequence_traced.mmd"));
}

#[test]
fn a_node_may_be_marked() {
    let markup = drawn(&with_words("flowchart TD\nA[one]:::accent --> B[two]"));
    assert_eq!(markup.matches("class=\"node accent\"").count(), 1);
}

#[test]
fn a_diagram_without_a_name_or_a_description_is_an_error() {
    for (name, source) in fixtures() {
        for key in ["accTitle", "accDescr"] {
            let lines: Vec<&str> = source.lines().collect();
            let from = lines.iter().position(|l| l.contains(key)).unwrap();
            let to = if lines[from].contains('{') { from + 3 } else { from };
            let without = [&["%% a comment"], &lines[..from], &lines[to + 1..]].concat().join("\n");
            let error = draw(&without, "dia").unwrap_err();
            assert_eq!(error.line, 2, "{name}: {error}\n{without}");
            assert!(error.reason.starts_with(&format!("no `{key}: …`")), "{name}: {error}");
        }
    }
    let empty = "flowchart TD\naccTitle:\naccDescr: d\nA-->B";
    assert!(draw(empty, "dia").is_err());
}

#[test]
fn a_mistake_is_reported_with_its_line_and_a_reason() {
    let words = "accTitle: t\naccDescr: d";
    let flow = format!("flowchart TD\n{words}\nA --> B");
    let sequence = format!("sequenceDiagram\n{words}\nA->>B: hi");
    let state = format!("stateDiagram-v2\n{words}\n[*] --> A");
    let cases: [(String, usize, &str); 19] = [
        (format!("{flow}\nB -->|x C\nC --> D"), 5, "pipe edge label"),
        (format!("{flow}\nA[one --> B"), 5, "missing `]`"),
        (format!("{flow}\nsubgraph x\nC --> D"), 6, "expected \"end\""),
        (format!("{flow}\n  style A fill:#f00"), 5, "`style` is not drawn"),
        (format!("{flow}\nclassDef red fill:#f00"), 5, "`classDef`"),
        (format!("{flow}\nB:::red --> C"), 5, "no class `red`"),
        (format!("%%{{init: {{}}}}%%\n{flow}"), 1, "directive"),
        (format!("---\ntitle: x\n---\n{flow}"), 1, "front matter"),
        (format!("{sequence}\nA->B\nB->>A: x"), 5, "expected text"),
        (format!("{sequence}\nA=>>B: hi"), 5, "Unexpected character"),
        (format!("{sequence}\nloop x\nA->>B: y\n"), 6, "end"),
        (format!("{sequence}\nA->>B: x\ndeactivate B\nA->>B: y"), 6, "inactive participant (B)"),
        (format!("{sequence}\nNote over A: x\nB->>-A: y"), 6, "inactive participant"),
        (format!("{sequence}\nactor C"), 5, "use `participant`"),
        (format!("{state}\nstate B {{\nA --> B"), 6, "expected \"}\""),
        (format!("\n{words}\n\npie\n\"a\": 1"), 2, "begins with"),
        (format!("graf TD\n{words}\nA-->B"), 1, "begins with"),
        (String::new(), 1, "begins with"),
        (format!("\n\nflowchart TD\n{words}"), 3, "empty"),
    ];
    for (source, line, reason) in cases {
        let error = draw(&source, "dia").expect_err(&source);
        assert_eq!(error.line, line, "{error}\n{source}");
        assert!(error.reason.contains(reason), "{error}\n{source}");
    }
}

#[test]
fn an_error_says_its_line_first() {
    let error = DrawError { line: 3, reason: "no".into() };
    assert_eq!(error.to_string(), "line 3: no");
}

#[test]
#[should_panic(expected = "is no id")]
fn an_id_that_would_break_the_markup_is_refused() {
    let _ = draw("flowchart TD", "a\"b");
}

fn stylesheet() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../theme/diagrams.css");
    std::fs::read_to_string(path).unwrap()
}

/// The custom properties of the first block of `css` after `selector`.
fn properties(css: &str, selector: &str) -> BTreeMap<String, String> {
    let (_, rest) = css.split_once(&format!("{selector} {{")).unwrap();
    let (block, _) = rest.split_once('}').unwrap();
    block
        .split(';')
        .filter_map(|declaration| declaration.split_once(':'))
        .map(|(name, value)| (name.trim().into(), value.trim().into()))
        .collect()
}

/// Red, green and blue from 0 to 1 of `#rrggbb` or `hsl(h, s%, l%)`.
fn color(css: &str) -> [f64; 3] {
    if let Some(hex) = css.strip_prefix('#') {
        assert_eq!(hex.len(), 6, "{css}");
        return [0, 2, 4].map(|at| f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0);
    }
    let hsl: Vec<f64> = css
        .strip_prefix("hsl(")
        .and_then(|rest| rest.strip_suffix(')'))
        .unwrap_or_else(|| panic!("{css}"))
        .split(',')
        .map(|part| part.trim().trim_end_matches('%').parse().unwrap())
        .collect();
    let [hue, saturation, lightness] = hsl[..] else { panic!("{css}") };
    let (saturation, lightness) = (saturation / 100.0, lightness / 100.0);
    let spread = saturation * lightness.min(1.0 - lightness);
    [0.0, 8.0, 4.0].map(|n| {
        let k = (n + hue / 30.0) % 12.0;
        lightness - spread * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0)
    })
}

/// The contrast ratio of WCAG 2.
fn contrast(one: &str, other: &str) -> f64 {
    let luminance = |css| {
        let [r, g, b] = color(css)
            .map(|channel| if channel <= 0.04045 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    };
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn text_and_lines_have_contrast_in_every_theme() {
    let root = tempfile::tempdir().unwrap();
    let config = mdbook_core::config::HtmlConfig::default();
    mdbook_html::theme::Theme::copy_theme(&config, root.path()).unwrap();
    let variables = std::fs::read_to_string(root.path().join("theme/css/variables.css")).unwrap();
    let css = stylesheet();
    let (_, no_script) = css.split_once("prefers-color-scheme: dark").unwrap();
    let (_, no_script_page) = variables.split_once("prefers-color-scheme: dark").unwrap();

    for (theme, ours, page) in [
        ("light", properties(&css, "\nhtml"), properties(&variables, ".js)")),
        ("rust", properties(&css, "html.rust"), properties(&variables, ".rust")),
        ("coal", properties(&css, "html.coal"), properties(&variables, ".coal")),
        ("navy", properties(&css, "html.navy"), properties(&variables, ".navy")),
        ("ayu", properties(&css, "html.ayu"), properties(&variables, ".ayu")),
        (
            "dark without JavaScript",
            properties(no_script, "html:not(.js)"),
            properties(no_script_page, "html:not(.js)"),
        ),
    ] {
        let of = |name: &str| ours[&format!("--diagram-{name}")].as_str();
        let page = page["--bg"].as_str();
        for behind in [page, of("node"), of("note"), of("accent")] {
            let ratio = contrast(of("ink"), behind);
            assert!(ratio >= 7.0, "{theme}: text on {behind}: {ratio:.2}");
        }
        // The number of a message is the page's color on a line's.
        assert!(contrast(of("line"), page) >= 4.5, "{theme}: line");
        for line in ["node-line", "note-line", "accent-line"] {
            let ratio = contrast(of(line), page);
            assert!(ratio >= 3.0, "{theme}: {line}: {ratio:.2}");
        }
    }
}

#[test]
fn contrast_is_the_one_of_wcag() {
    assert!((contrast("#000000", "hsl(0, 0%, 100%)") - 21.0).abs() < 1e-9);
    assert!((contrast("#777777", "#ffffff") - 4.478).abs() < 1e-3);
    assert_eq!(color("hsl(120, 100%, 50%)"), [0.0, 1.0, 0.0]);
}

/// What the drawing of `diagram` says, or why it is refused.
fn says(diagram: &str) -> Result<String, String> {
    let drawn = draw(&with_words(diagram), "dia");
    drawn.map(|svg| texts(&svg).join(" ")).map_err(|why| why.to_string())
}

#[test]
fn a_label_is_drawn_whole_or_refused_with_how_to_write_it() {
    let refused = [
        ("flowchart TD\nA[\"Vec<u8>\"] --> B", "`#lt;`"),
        ("flowchart TD\nA --> B[\"a<b\"]", "`#lt;`"),
        ("flowchart TD\nA -->|\"Box<T>\"| B", "`#lt;`"),
        ("flowchart TD\nsubgraph s [\"Rc<T>\"]\nA\nend", "`#lt;`"),
        ("flowchart TD\nA -- x<y --> B", "`#lt;`"),
        ("stateDiagram-v2\nstate \"Poll<T>\" as P\n[*] --> P", "`#lt;`"),
        ("stateDiagram-v2\nA --> B : Vec<u8>", "`#lt;`"),
        // A tag of HTML, and a label whose words another one has as well.
        ("flowchart TD\nA[\"Option<i>\"] --> B", "`#lt;`"),
        ("flowchart TD\nA[\"`Option<b>`\"] --> B", "`#lt;`"),
        ("flowchart TD\nA[\"a <code> b\"] --> B", "`#lt;`"),
        ("flowchart TD\nA[\"Rc<T>\"] --> B[\"Rc#lt;T#gt;\"]", "`#lt;`"),
        ("stateDiagram-v2\nA --> B : Option<i>", "`#lt;`"),
        ("flowchart TD\naccept[\"Vec<u8>\"] --> B", "`#lt;`"),
        ("flowchart TD\nA[\"fa:fa-bell rings\"] --> B", "in other words"),
        ("stateDiagram-v2\nA --> B\nnote right of A\nVec<u8>\nend note", "`#lt;`"),
        ("stateDiagram-v2\nC --> D : a; b", "`#59;`"),
        ("sequenceDiagram\nA->>B: has #[test]", "`#35;`"),
        ("sequenceDiagram\nA->>B: x\nNote over A: #1 of 2", "`#35;`"),
        ("sequenceDiagram\nR->>F: poll; not ready", "`#59;`"),
        ("sequenceDiagram\nparticipant end\nA->>B: x", "`end`"),
    ];
    for (diagram, how) in refused {
        match says(diagram) {
            Ok(said) => panic!("{diagram}\nis drawn as {said}"),
            Err(why) => assert!(why.contains(how), "{diagram}\n{why}"),
        }
    }
}

#[test]
fn a_message_without_words_is_an_arrow_alone() {
    assert_eq!(says("sequenceDiagram\nA->>B:"), Ok("B A".into()));
    assert_eq!(says("sequenceDiagram\nA->>B: <br>"), Ok("B A".into()));
}

#[test]
fn what_the_messages_say_to_write_is_drawn() {
    let drawn = [
        ("flowchart TD\nA[\"Vec#lt;u8#gt;\"] --> B", "Vec<u8>"),
        ("flowchart TD\nA -->|\"Box#lt;T#gt;\"| B", "Box<T>"),
        ("flowchart TD\nsubgraph s [\"Rc#lt;T#gt;\"]\nA\nend", "Rc<T>"),
        ("flowchart TD\nA[\"<b>one</b> <i>two</i>\"] --> B", "one two"),
        ("flowchart TD\nA[\"a < b\"] --> B", "a < b"),
        ("sequenceDiagram\nA->>B: Option<i>", "Option<i>"),
        ("stateDiagram-v2\nA --> B : Vec#lt; u8#gt;", "Vec< u8>"),
        ("stateDiagram-v2\nC --> D : a#59; b", "a; b"),
        ("stateDiagram-v2\nA --> B\nnote right of A\na; b, #1\nend note", "a; b, #1"),
        ("sequenceDiagram\nA->>B: has #35;[test]", "has #[test]"),
        ("sequenceDiagram\nA->>B: x\nNote over A: #35;1 of 2", "#1 of 2"),
        ("sequenceDiagram\nR->>F: poll#59; not ready", "poll; not ready"),
        ("sequenceDiagram\nparticipant E as #101;nd\nA->>E: x", "end"),
    ];
    for (diagram, text) in drawn {
        let said = says(diagram).unwrap_or_else(|why| panic!("{diagram}\n{why}"));
        assert!(said.contains(text), "{diagram}\n{said}");
    }
}
