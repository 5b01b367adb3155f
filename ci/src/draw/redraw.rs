//! Takes the shapes and texts out of merman's SVG and writes them anew.
//!
//! merman gives every element its colors, nests groups with offsets, carries the
//! markers and icons of every diagram and draws a rounded box as hundreds of
//! points. Here each element becomes one flat element with a class. What this
//! module does not know is an error, never left out in silence.

use std::collections::HashMap;
use std::fmt::Write;

use html_escape::encode_double_quoted_attribute as escape;
use kurbo::{BezPath, PathEl, Point, Rect, Shape as _, Vec2};
use roxmltree::{Document, Node};
use svgtypes::{Length, LengthUnit, Transform};

use super::diagram::FONT_SIZE;
use super::font;

/// The id under which merman is asked to draw.
pub const RENDERED_ID: &str = "d";

/// The width that a phone of 360 pixels leaves to a page.
const PHONE: f64 = 330.0;

/// A diagram may shrink this far to fit a phone; a wider one scrolls.
const LEAST_SCALE: f64 = 0.85;

/// Room around the drawing for strokes and the tips of arrows.
const MARGIN: f64 = 4.0;

/// From the middle of a line of text to its baseline.
const MIDDLE_TO_BASELINE: f64 = 0.35 * FONT_SIZE;

/// What [`Drawing::visit`] says of something that it has not been taught.
type Reason = String;

/// One element of the drawing, in the coordinates of the whole.
struct Element<'a> {
    tag: &'static str,
    class: String,
    attributes: String,
    /// The attributes that name the markers that it starts and ends in.
    ends: Vec<(&'static str, &'a str)>,
    text: Option<String>,
    /// How much room it takes.
    bounds: Rect,
}

impl<'a> Element<'a> {
    fn new(tag: &'static str, bounds: Rect, numbers: &[(&str, f64)]) -> Self {
        let attributes = numbers.iter().map(|(name, value)| format!(" {name}=\"{}\"", Decimal(*value))).collect();
        Element { tag, class: String::new(), attributes, ends: Vec::new(), text: None, bounds }
    }

    fn rect(rect: Rect, radius: f64) -> Self {
        let all = [("x", rect.x0), ("y", rect.y0), ("width", rect.width()), ("height", rect.height()), ("rx", radius)];
        let shown = if radius > 0.0 { &all[..] } else { &all[..4] };
        Element::new("rect", rect, shown)
    }

    fn circle(center: Point, radius: f64) -> Self {
        let bounds = Rect::from_center_size(center, (2.0 * radius, 2.0 * radius));
        let numbers = [("cx", center.x), ("cy", center.y), ("r", radius)];
        Element::new("circle", bounds, &numbers)
    }

    fn line(from: Point, to: Point) -> Self {
        let numbers = [("x1", from.x), ("y1", from.y), ("x2", to.x), ("y2", to.y)];
        Element::new("line", Rect::from_points(from, to), &numbers)
    }

    fn path(path: &BezPath) -> Self {
        let mut d = String::new();
        for element in path.elements() {
            d += &match *element {
                PathEl::MoveTo(p) => format!("M{}", pair(p)),
                PathEl::LineTo(p) => format!("L{}", pair(p)),
                PathEl::QuadTo(a, p) => format!("Q{} {}", pair(a), pair(p)),
                PathEl::CurveTo(a, b, p) => {
                    format!("C{} {} {}", pair(a), pair(b), pair(p))
                }
                PathEl::ClosePath => "Z".into(),
            };
        }
        let attributes = format!(" d=\"{d}\"");
        Element { attributes, ..Element::new("path", path.bounding_box(), &[]) }
    }

    /// A row of text. That its middle is at `at` is the style sheet's.
    fn text(at: Point, text: String) -> Self {
        let width = font::width(&text, FONT_SIZE);
        let corner = (at.x - width / 2.0, at.y - FONT_SIZE);
        let bounds = Rect::from_origin_size(corner, (width, 1.3 * FONT_SIZE));
        Element { text: Some(text), ..Element::new("text", bounds, &[("x", at.x), ("y", at.y)]) }
    }

    fn write(&self, out: &mut String, marker_id: impl Fn(&str) -> String) {
        let _ = write!(out, "<{}", self.tag);
        if !self.class.is_empty() {
            let _ = write!(out, " class=\"{}\"", escape(&self.class));
        }
        *out += &self.attributes;
        if let Some(text) = &self.text {
            let _ = write!(out, ">{}</text>", escape(text));
            return;
        }
        for (end, name) in &self.ends {
            let _ = write!(out, " {end}=\"url(#{})\"", marker_id(name));
        }
        out.push_str("/>");
    }
}

struct Drawing<'a, 'input> {
    ids: HashMap<&'a str, Node<'a, 'input>>,
    elements: Vec<Element<'a>>,
    /// The names of groups, to be drawn above the lines that cross them.
    titles: Vec<Element<'a>>,
}

/// Redraws `svg` with ids that begin with `id`.
pub fn redraw(svg: &str, id: &str) -> Result<String, Reason> {
    let document = Document::parse(svg).map_err(|e| e.to_string())?;
    let root = document.root_element();

    let words = |tag| {
        let node = root.children().find(|child| child.has_tag_name(tag))?;
        let text = node.text()?.split_whitespace().collect::<Vec<_>>();
        (!text.is_empty()).then(|| text.join(" "))
    };
    let title = words("title").ok_or("no `accTitle: …`: a screen reader needs a name")?;
    let description = words("desc").ok_or("no `accDescr: …`: a screen reader needs what the drawing shows")?;

    let mut drawing = Drawing {
        ids: root.descendants().filter_map(|node| Some((node.attribute("id")?, node))).collect(),
        elements: Vec::new(),
        titles: Vec::new(),
    };
    for child in root.children() {
        drawing.visit(child, Vec2::ZERO)?;
    }
    if drawing.elements.is_empty() {
        return Err("the diagram is empty".into());
    }
    drawing.elements.append(&mut drawing.titles);
    drawing.write(id, &title, &description)
}

impl<'a, 'input> Drawing<'a, 'input> {
    fn visit(&mut self, node: Node<'a, 'input>, offset: Vec2) -> Result<(), Reason> {
        if !node.is_element() {
            return Ok(());
        }
        let offset = offset + translation(node)?;
        match node.tag_name().name() {
            "title" | "desc" | "style" | "symbol" | "defs" | "marker" | "filter" | "linearGradient" => Ok(()),
            "g" => node.children().try_for_each(|child| self.visit(child, offset)),
            // A label: its box and its background need no drawing.
            "use" => {
                let label = node
                    .attribute("href")
                    .and_then(|href| self.ids.get(href.strip_prefix('#')?))
                    .ok_or("a label is missing")?;
                let texts: Vec<_> = label.descendants().filter(|node| node.has_tag_name("text")).collect();
                texts.into_iter().try_for_each(|text| self.text(text, offset, node))
            }
            "text" => self.text(node, offset, node),
            "rect" | "circle" | "line" | "path" | "polygon" => self.shape(node, offset),
            other => Err(format!("the book cannot draw a `{other}` yet")),
        }
    }

    fn shape(&mut self, node: Node<'a, 'input>, offset: Vec2) -> Result<(), Reason> {
        let Some(mut class) = shape_class(node)? else { return Ok(()) };
        let at = |x, y| Ok::<_, Reason>(point(node, x, y)? + offset);
        let shape = match node.tag_name().name() {
            "rect" => {
                let size = point(node, "width", "height")?.to_vec2();
                let start = at("x", "y")?;
                let radius = number(node, "rx")?;
                let rect = Rect::from_points(start, start + size);
                if has_class(node, "inner") {
                    // Below the title of a composite state.
                    Element::line(start, Point::new(rect.x1, rect.y0))
                } else {
                    Element::rect(rect, radius)
                }
            }
            "circle" => Element::circle(at("cx", "cy")?, number(node, "r")?),
            "line" => Element::line(at("x1", "y1")?, at("x2", "y2")?),
            "polygon" => {
                let points = node.attribute("points").unwrap_or_default();
                outline(&format!("M{points}Z"), offset)?
            }
            _ => {
                let path = node.attribute("d").unwrap_or_default().trim();
                // merman leaves the last side of some boxes open.
                let open = !class.starts_with("edge") && !path.ends_with(['Z', 'z']);
                outline(&[path, if open { "Z" } else { "" }].concat(), offset)?
            }
        };
        // The two circles of a final state, the dot of an initial one.
        let is_dot = shape.bounds.width() < 8.0 || has_class(node, "state-start");
        if shape.tag == "circle" && class == "node" && is_dot {
            class = "dot".into();
        }
        let ends = ["marker-start", "marker-end"].into_iter().filter_map(|end| Some((end, marker(node, end)?)));
        self.elements.push(Element { class, ends: ends.collect(), ..shape });
        Ok(())
    }

    /// Takes over the rows of a text, which stands where `place` is.
    fn text(&mut self, node: Node<'a, 'input>, offset: Vec2, place: Node<'a, 'input>) -> Result<(), Reason> {
        if attribute_or_style(node, "text-anchor") != Some("middle") {
            return Err("the book cannot draw a text yet that is not centered".into());
        }
        let mut at = point(node, "x", "y")? + offset;
        at.y += number(node, "dy")?;
        if matches!(node.attribute("dominant-baseline"), Some("central" | "middle")) {
            at.y += MIDDLE_TO_BASELINE;
        }
        // Without this, what hangs below the baseline touches the line below.
        if has_class(node, "messageText") || has_class(node, "labelText") {
            at.y -= 3.0;
        }
        // A row is a `tspan` of its own or the text itself.
        for child in node.children() {
            if child.has_attribute("x") {
                at.x = number(child, "x")? + offset.x;
                at.y += number(child, "dy")?;
            }
            // What stands for a message without words has no width.
            let text: String = child.descendants().filter(Node::is_text).filter_map(|node| node.text()).collect();
            let text = text.replace('\u{200b}', "");
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            if !text.is_empty() {
                let row = Element { class: text_class(place).into(), ..Element::text(at, text) };
                let is_title = within(place, "cluster-label");
                if is_title { &mut self.titles } else { &mut self.elements }.push(row);
            }
        }
        Ok(())
    }

    fn write(&self, id: &str, title: &str, description: &str) -> Result<String, Reason> {
        let bounds = self
            .elements
            .iter()
            .map(|element| element.bounds)
            .reduce(|all, bounds| all.union(bounds))
            .unwrap_or_default()
            .inset(MARGIN)
            .expand();
        let (width, height) = (bounds.width(), bounds.height());

        let mut out = format!("<div class=\"diagram\" id=\"{id}\"");
        if width > PHONE / LEAST_SCALE {
            // It scrolls on a phone, so the keyboard must be able to.
            let _ = write!(out, " role=\"group\" aria-labelledby=\"{id}-title\" tabindex=\"0\"");
        }
        let _ = write!(
            out,
            "><svg role=\"img\" aria-labelledby=\"{id}-title\" \
             aria-describedby=\"{id}-desc\" width=\"{width}\" \
             height=\"{height}\" viewBox=\"{} {} {width} {height}\">\
             <title id=\"{id}-title\">{}</title>\
             <desc id=\"{id}-desc\">{}</desc>",
            bounds.x0,
            bounds.y0,
            escape(title),
            escape(description),
        );
        let markers = self.write_markers(&mut out, id)?;
        for element in &self.elements {
            element.write(&mut out, |name| {
                let index = markers.iter().position(|used| *used == name);
                format!("{id}-m{}", index.unwrap_or_default())
            });
        }
        out.push_str("</svg></div>");
        Ok(out)
    }

    /// Writes the markers that some line ends in; returns their names, in order.
    fn write_markers(&self, out: &mut String, id: &str) -> Result<Vec<&'a str>, Reason> {
        let mut used = Vec::new();
        for &(_, name) in self.elements.iter().flat_map(|element| &element.ends) {
            if !used.contains(&name) {
                used.push(name);
            }
        }
        for (index, name) in used.iter().enumerate() {
            let marker = self.ids.get(name).ok_or("an arrow's tip is missing")?;
            let _ = write!(out, "<marker id=\"{id}-m{index}\"");
            let copied = "viewBox refX refY markerWidth markerHeight markerUnits orient";
            for name in copied.split(' ') {
                if let Some(value) = marker.attribute(name) {
                    let _ = write!(out, " {name}=\"{}\"", escape(value));
                }
            }
            out.push('>');
            for tip in marker.children().filter(Node::is_element) {
                let shape = match tip.tag_name().name() {
                    "path" => outline(tip.attribute("d").unwrap_or_default(), Vec2::ZERO)?,
                    "circle" => Element::circle(point(tip, "cx", "cy")?, number(tip, "r")?),
                    other => return Err(format!("an arrow's tip of `{other}`")),
                };
                let open = tip.attribute("fill") == Some("none") || name.contains("cross");
                let class = if open { "cross" } else { "" }.into();
                Element { class, ..shape }.write(out, str::to_owned);
            }
            out.push_str("</marker>");
        }
        Ok(used)
    }
}

/// The class under which `theme/diagrams.css` paints a shape; none for what is
/// not painted.
fn shape_class(node: Node) -> Result<Option<String>, Reason> {
    let tag = node.tag_name().name();
    let has = |class| has_class(node, class);
    let within = |class| within(node, class);
    let attribute = |name| node.attribute(name).unwrap_or_default();
    let unseen = has("edge-thickness-invisible")
        // A point that bends an arrow from a state back to itself.
        || tag == "rect" && within("edgeLabel");
    let class = match () {
        () if unseen => return Ok(None),
        () if within("edgePaths") => "edge",
        () if has("messageLine0") || has("messageLine1") => "edge",
        () if has("loopLine") => "frame",
        () if has("labelBox") => "tab",
        () if has("actor-line") => "lifeline",
        () if has("note") || within("statediagram-note") => "note",
        // A group of participants, or a part of the run set apart in color.
        () if tag == "rect" && has("rect") => match attribute("fill") {
            "transparent" => "cluster",
            _ => "band",
        },
        () if classes(node).any(|it| it.starts_with("activation")) => "active",
        () if has("fork-join") => "dot",
        () if within("note-cluster") => return Ok(None),
        () if within("cluster") || within("statediagram-cluster") => "cluster",
        () if ["node", "actor", "actor-man"].into_iter().any(within) => "node",
        // The number of a message is the start of a line of no length.
        () if tag == "line" && node.has_attribute("marker-start") => "edge",
        () => {
            let class = attribute("class");
            return Err(format!("the book cannot draw this `{tag}` yet (class `{class}`)"));
        }
    };
    // merman outlines some shapes twice, once to fill and once to stroke.
    if matches!(class, "node" | "note") && tag == "path" && attribute("fill") == "none" {
        return Ok(None);
    }
    let broken = "edge-pattern-dotted edge-pattern-dashed note-edge messageLine1";
    let dashed = broken.split(' ').any(has)
        || attribute("style").contains("stroke-dasharray")
        || has("divider") && class == "cluster";
    let also = [
        (dashed, " dashed"),
        (has("edge-thickness-thick"), " thick"),
        (within("accent") && class == "node", " accent"),
    ];
    let also = also.into_iter().filter_map(|(is, more)| is.then_some(more));
    Ok(Some([class].into_iter().chain(also).collect()))
}

/// Text beside or over a line gets a class, text in a box needs none.
fn text_class(node: Node) -> &'static str {
    let beside = ["edgeLabel", "messageText", "loopText", "sectionTitle", "cluster-label"];
    if beside.iter().any(|class| within(node, class)) {
        "label"
    } else if within(node, "sequenceNumber") {
        "number"
    } else {
        ""
    }
}

/// A path, or the circle or box with round corners that it approximates.
fn outline(d: &str, offset: Vec2) -> Result<Element<'static>, Reason> {
    let mut path = BezPath::from_svg(d).map_err(|error| format!("path: {error}"))?;
    path.apply_affine(kurbo::Affine::translate(offset));
    let bounds = path.bounding_box();
    let points: Vec<Point> = path.elements().iter().filter_map(PathEl::end_point).collect();
    let radius = bounds.width().min(bounds.height()) / 2.0;
    let round = points.len() > 12 && points.iter().all(|&point| distance_to_round_box(point, bounds, radius) < 0.5);
    if !round {
        return Ok(Element::path(&straighten(&path)));
    }
    Ok(if (bounds.width() - bounds.height()).abs() < 0.5 {
        Element::circle(bounds.center(), radius)
    } else {
        Element::rect(bounds, radius)
    })
}

/// How far a point is from the edge of a box with round corners.
fn distance_to_round_box(point: Point, rect: Rect, radius: f64) -> f64 {
    let from_center = point - rect.center();
    let x = from_center.x.abs() - (rect.width() / 2.0 - radius);
    let y = from_center.y.abs() - (rect.height() / 2.0 - radius);
    let outside = Vec2::new(x.max(0.0), y.max(0.0)).hypot();
    (outside + x.max(y).min(0.0) - radius).abs()
}

/// The same path with straight curves as lines and straight lines as one.
fn straighten(path: &BezPath) -> BezPath {
    const NEAR: f64 = 0.1;
    let beside = |p: Point, from: Point, to: Point| {
        let line = to - from;
        let along = (p - from).dot(line) / line.hypot2().max(1e-9);
        (-0.01..=1.01).contains(&along) && (p - (from + along * line)).hypot() < NEAR
    };
    let mut out: Vec<PathEl> = Vec::new();
    let mut at = Point::ZERO;
    for &element in path.elements() {
        let element = match element {
            PathEl::CurveTo(a, b, p) if beside(a, at, p) && beside(b, at, p) => PathEl::LineTo(p),
            other => other,
        };
        if let PathEl::LineTo(p) = element {
            if (p - at).hypot() < NEAR {
                continue;
            }
            if let [.., before, PathEl::LineTo(middle)] = out.as_mut_slice()
                && let Some(from) = before.end_point()
                && beside(*middle, from, p)
            {
                *middle = p;
                at = p;
                continue;
            }
        }
        at = element.end_point().unwrap_or(at);
        out.push(element);
    }
    BezPath::from_vec(out)
}

/// The name of the marker that a line starts or ends in.
fn marker<'a>(node: Node<'a, '_>, attribute: &str) -> Option<&'a str> {
    node.attribute(attribute)?.strip_prefix("url(#")?.strip_suffix(')')
}

/// The offset that a `transform` sets. Anything but an offset is an error.
fn translation(node: Node) -> Result<Vec2, Reason> {
    let Some(transform) = node.attribute("transform") else { return Ok(Vec2::ZERO) };
    match transform.parse() {
        Ok(Transform { a: 1.0, b: 0.0, c: 0.0, d: 1.0, e, f }) => Ok(Vec2::new(e, f)),
        _ => Err(format!("the book cannot draw a `{transform}` yet")),
    }
}

fn classes<'a>(node: Node<'a, '_>) -> impl Iterator<Item = &'a str> {
    node.attribute("class").unwrap_or_default().split_whitespace()
}

fn has_class(node: Node, class: &str) -> bool {
    classes(node).any(|found| found == class)
}

/// Whether the node or something around it has the class.
fn within(node: Node, class: &str) -> bool {
    node.ancestors().any(|node| has_class(node, class))
}

fn attribute_or_style<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.attribute(name).or_else(|| {
        node.attribute("style")?.split(';').find_map(|declaration| {
            let (property, value) = declaration.split_once(':')?;
            (property.trim() == name).then(|| value.trim())
        })
    })
}

/// A numeric attribute, in pixels or `em`; 0 when it is absent.
fn number(node: Node, name: &str) -> Result<f64, Reason> {
    let text = node.attribute(name).unwrap_or("0");
    match text.parse() {
        Ok(Length { number, unit: LengthUnit::None | LengthUnit::Px }) => Ok(number),
        Ok(Length { number, unit: LengthUnit::Em }) => Ok(number * FONT_SIZE),
        _ => Err(format!("`{name}=\"{text}\"` is not a number")),
    }
}

fn point(node: Node, x: &str, y: &str) -> Result<Point, Reason> {
    Ok(Point::new(number(node, x)?, number(node, y)?))
}

/// A number with one decimal at most: a tenth of a pixel is as good as none.
struct Decimal(f64);

impl std::fmt::Display for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let tenths = (self.0 * 10.0).round() / 10.0;
        // Adding zero turns -0 into 0.
        write!(f, "{}", tenths + 0.0)
    }
}

fn pair(point: Point) -> String {
    let (x, y) = (Decimal(point.x).to_string(), Decimal(point.y).to_string());
    if y.starts_with('-') { format!("{x}{y}") } else { format!("{x} {y}") }
}
