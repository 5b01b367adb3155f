//! The card that is shown with a link to a page: its title, its part and its
//! first diagram or listing, drawn as SVG and written as PNG.

mod code;

use std::sync::{Arc, LazyLock};

use anyhow::{Context as _, Result, ensure};
use html_escape::encode_text;
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{self, fontdb};
use ttf_parser::Face;

use super::folder::Output;
use super::hash;
use super::head::CARD_SIZE;
use super::publish::PublishedPage;
use crate::draw::kept::Kept;
use crate::draw::palette::{self, rules_of_theme};
use crate::read::excerpt::Excerpt;
use crate::site::Site;

/// No card may be larger, in bytes.
pub const MOST: usize = 100_000;

/// What the drawing library can read: the fonts that mdBook ships, without its
/// compression and with the characters of English prose and of code. Source
/// Code Pro is called Card Mono here, because its license reserves its name.
const FONTS: [&[u8]; 3] = [
    include_bytes!("../../fonts/OpenSans-Regular.ttf"),
    include_bytes!("../../fonts/OpenSans-Bold.ttf"),
    include_bytes!("../../fonts/CardMono-Medium.ttf"),
];
static TEXT: LazyLock<Face<'static>> = LazyLock::new(|| face(FONTS[0]));
static BOLD: LazyLock<Face<'static>> = LazyLock::new(|| face(FONTS[1]));
static MONO: LazyLock<Face<'static>> = LazyLock::new(|| face(FONTS[2]));

fn face(font: &'static [u8]) -> Face<'static> {
    Face::parse(font, 0).expect("a font")
}

/// How wide a character of the code's font is, in ems.
const ADVANCE: f64 = 0.6;

// The colors of mdBook's navy, which the book's dark page has too.
const GROUND: &str = "#161923";
const PANEL: &str = "#1e2333";
const PANEL_LINE: &str = "#39415c";
const INK: &str = "#f2f3f8";
const MUTED: &str = "#a9aec6";
const ACCENT: &str = "#f0a06c";

/// The space around everything.
const MARGIN: f64 = 64.0;

/// What of a page its card shows: a diagram where it can be read on the
/// card, else code.
pub fn chosen_excerpt(diagram: Option<Excerpt>, code: Option<Excerpt>) -> Option<Excerpt> {
    let fits = |it: &Excerpt| matches!(it, Excerpt::Diagram { svg, .. } if Drawing::of(svg).is_some_and(|it| it.scale() >= LEAST_SCALE));
    diagram.filter(fits).or(code)
}

/// Everything that is on a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// Beside the sign: the book's title. On the book's own card, where that
    /// is `title`, what the book is about.
    book: String,
    /// The part and the number there, above the title; empty where there are none.
    part: String,
    title: String,
    excerpt: Option<Excerpt>,
}

impl Card {
    /// The card of a page.
    pub fn of(page: &PublishedPage, site: &Site) -> Card {
        let own = page.title == site.title;
        let about = site.description.split(". ").next().unwrap_or_default();
        let about = about.trim_end_matches('.').to_string();
        Card {
            book: if own { about } else { site.title.clone() },
            part: match (&page.part, &page.number) {
                (Some(part), Some(number)) => format!("{part} · chapter {number}"),
                (part, _) => part.clone().unwrap_or_default(),
            },
            title: page.title.clone(),
            excerpt: page.excerpt.clone(),
        }
    }

    /// The card as SVG, with the `style` that [`style_of`] gives.
    pub fn svg(&self, style: &str) -> String {
        let (width, height) = CARD_SIZE;
        let body = match &self.excerpt {
            Some(Excerpt::Diagram { svg, .. }) => self.with_diagram(svg),
            Some(Excerpt::Code { file, text }) => self.with_code(file, text),
            None => self.column(f64::from(width) - 2.0 * MARGIN),
        };
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" \
             height=\"{height}\" font-family=\"Open Sans\"><style>{style}</style>\
             <rect width=\"{width}\" height=\"{height}\" fill=\"{GROUND}\"/>\
             {body}</svg>"
        )
    }

    /// The text at the left, the diagram at the right.
    fn with_diagram(&self, svg: &str) -> String {
        let (width, height) = (f64::from(CARD_SIZE.0), f64::from(CARD_SIZE.1));
        let Some(drawing) = Drawing::of(svg) else {
            return self.column(width - 2.0 * MARGIN);
        };
        let scale = drawing.scale();
        let (w, h) = (drawing.width * scale, drawing.height * scale);
        let panel = (w + 2.0 * PANEL_PAD).max(LEAST_PANEL);
        let x = width - PANEL_EDGE - panel;
        let y = PANEL_EDGE;
        self.column(x - 40.0 - MARGIN)
            + &rect(x, y, panel, height - 2.0 * PANEL_EDGE)
            + &format!(
                "<g class=\"diagram\" font-size=\"14\" color=\"{}\">\
                 <svg x=\"{:.1}\" y=\"{:.1}\" width=\"{w:.1}\" \
                 height=\"{h:.1}\" viewBox=\"{}\">{}</svg></g>",
                palette::LINE,
                x + (panel - w) / 2.0,
                (height - h) / 2.0,
                drawing.view_box,
                drawing.inner,
            )
    }

    /// The text in a column: the book on top, part and title in the middle.
    fn column(&self, width: f64) -> String {
        let title = self.title_lines(width, &[2, 3], &[72.0, 64.0, 56.0]);
        let part = wrapped(&self.part, &TEXT, PART, width);
        let tall = SMALL * part.len() as f64 + title.0 * title.1.len() as f64;
        let mut y = f64::from(CARD_SIZE.1) / 2.0 - tall / 2.0 + 20.0;
        self.mark(MARGIN + 22.0) + &heading(&part, &title, 0.62, &mut y)
    }

    /// The text on top, the code below it.
    fn with_code(&self, file: &str, code: &str) -> String {
        let (width, height) = (f64::from(CARD_SIZE.0), f64::from(CARD_SIZE.1));
        let inner = width - 2.0 * MARGIN;
        let mut y = MARGIN + 82.0;
        let title = self.title_lines(inner, &[1, 2], &[64.0, 56.0, 48.0]);
        let mut out = self.mark(MARGIN) + &heading(&wrapped(&self.part, &TEXT, PART, inner), &title, 0.55, &mut y);
        y -= title.0 * (TITLE_LEADING - 0.55);
        let tall = height - y - PANEL_EDGE;
        out += &rect(PANEL_EDGE, y, width - 2.0 * PANEL_EDGE, tall);
        let excerpt = code::excerpt(code, inner, tall - 36.0);
        let leading = excerpt.size * code::LEADING;
        let used = leading * excerpt.lines.len() as f64;
        let mut line_y = y + (tall - used) / 2.0 + leading / 2.0 + excerpt.size * 0.34;
        let language = if file.ends_with(".js") { "js" } else { "rust" };
        for line in code::colored(&excerpt.lines, language) {
            out += &format!(
                "<text xml:space=\"preserve\" x=\"{MARGIN}\" y=\"{line_y:.1}\" \
                 font-family=\"Card Mono\" font-size=\"{:.1}\" fill=\"{}\">{line}</text>",
                excerpt.size,
                code::INK,
            );
            line_y += leading;
        }
        out
    }

    /// The book's name with its sign: a circle that becomes a square.
    fn mark(&self, y: f64) -> String {
        format!(
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"10\" fill=\"none\" stroke=\"{ACCENT}\" stroke-width=\"4\"/>\
             <path d=\"M{a:.1} {y:.1}h26\" stroke=\"{ACCENT}\" stroke-width=\"4\"/>\
             <rect x=\"{b:.1}\" y=\"{c:.1}\" width=\"22\" height=\"22\" fill=\"{ACCENT}\"/>{book}",
            x = MARGIN + 12.0,
            a = MARGIN + 23.0,
            b = MARGIN + 48.0,
            c = y - 11.0,
            book = text(MARGIN + 90.0, y + 10.0, 28.0, 400, MUTED, &self.book),
        )
    }

    /// The title, in the first number of lines and the largest of `sizes` that
    /// hold it; smaller where none does.
    fn title_lines(&self, width: f64, counts: &[usize], sizes: &[f64]) -> (f64, Vec<String>) {
        let most = counts.last().copied().unwrap_or(1);
        let smaller = (16..48).rev().step_by(2).map(|s| (most, f64::from(s)));
        let wanted = counts.iter().flat_map(|&n| sizes.iter().map(move |&s| (n, s)));
        let mut set = (0.0, Vec::new());
        for (count, size) in wanted.chain(smaller) {
            let lines = wrapped(&self.title, &BOLD, size, width);
            let wide = |line: &String| measure(line, &BOLD, size) > width;
            let fits = lines.len() <= count && !lines.iter().any(wide);
            set = (size, lines);
            if fits {
                break;
            }
        }
        set
    }
}

/// Says which characters of the card `svg` the fonts lack, if any: they would be
/// boxes, or nothing.
fn check_glyphs(svg: &str) -> Result<()> {
    let drawn = roxmltree::Document::parse(svg)?;
    let mut lacking: Vec<String> = Vec::new();
    for text in drawn.descendants().filter(|node| node.is_text()) {
        let of = |name| text.ancestors().find_map(|it| it.attribute(name));
        let font = match (of("font-family"), of("font-weight")) {
            (Some("Card Mono"), _) => &MONO,
            (_, Some("700")) => &BOLD,
            _ => &TEXT,
        };
        let is_drawn = text.ancestors().any(|it| it.has_tag_name("text"));
        let said = text.text().filter(|_| is_drawn).unwrap_or_default();
        for c in said.chars().filter(|c| !c.is_whitespace()) {
            let named = format!("`{c}` (U+{:04X})", u32::from(c));
            if font.glyph_index(c).is_none() && !lacking.contains(&named) {
                lacking.push(named);
            }
        }
    }
    ensure!(
        lacking.is_empty(),
        "the fonts of the cards (`ci/fonts/`) lack {}: write it in other words, or add the glyphs",
        lacking.join(", ")
    );
    Ok(())
}

/// The size of the part, and the height of a line of it.
const PART: f64 = 30.0;
const SMALL: f64 = 44.0;
/// The height of a line of the title, in ems.
const TITLE_LEADING: f64 = 1.14;

/// The part and, `gap` ems of the title below it, the title; `y` comes to stand below both.
fn heading(part: &[String], (size, title): &(f64, Vec<String>), gap: f64, y: &mut f64) -> String {
    let mut out = String::new();
    for line in part {
        out += &text(MARGIN, *y, PART, 400, ACCENT, line);
        *y += SMALL;
    }
    *y += size * gap;
    for line in title {
        out += &text(MARGIN, *y, *size, 700, INK, line);
        *y += size * TITLE_LEADING;
    }
    out
}

/// The style of a card's diagram, from the text of `theme/diagrams.css`.
pub fn style_of(css: &str) -> String {
    rules_of_theme(css, "navy", PANEL)
}

const PANEL_EDGE: f64 = 36.0;
const PANEL_PAD: f64 = 36.0;
const LEAST_PANEL: f64 = 440.0;
/// No diagram is drawn larger than this, or smaller than that.
const MOST_SCALE: f64 = 1.9;
const LEAST_SCALE: f64 = 1.1;

/// A diagram, taken from the markup of its page.
struct Drawing<'a> {
    width: f64,
    height: f64,
    view_box: String,
    inner: &'a str,
}

impl<'a> Drawing<'a> {
    fn of(markup: &'a str) -> Option<Drawing<'a>> {
        let start = markup.find("<svg")?;
        let open = start + markup[start..].find('>')?;
        let end = markup.rfind("</svg>")?;
        let attribute = &markup[start..open];
        let (_, view_box) = attribute.split_once("viewBox=\"")?;
        let numbers: Vec<f64> = view_box.split('"').next()?.split_whitespace().filter_map(|n| n.parse().ok()).collect();
        let [x, y, width, height] = numbers[..] else { return None };
        Some(Drawing {
            width: width + 4.0,
            height: height + 4.0,
            view_box: format!("{} {} {} {}", x - 2.0, y - 2.0, width + 4.0, height + 4.0),
            inner: &markup[open + 1..end],
        })
    }

    /// How much larger than on its page it is drawn.
    fn scale(&self) -> f64 {
        let tall = f64::from(CARD_SIZE.1) - 2.0 * (PANEL_EDGE + PANEL_PAD);
        let wide = 640.0;
        (wide / self.width).min(tall / self.height).min(MOST_SCALE)
    }
}

fn rect(x: f64, y: f64, width: f64, height: f64) -> String {
    format!(
        "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" \
         height=\"{height:.1}\" rx=\"14\" fill=\"{PANEL}\" \
         stroke=\"{PANEL_LINE}\" stroke-width=\"2\"/>"
    )
}

fn text(x: f64, y: f64, size: f64, weight: u16, fill: &str, s: &str) -> String {
    format!(
        "<text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"{size}\" font-weight=\"{weight}\" fill=\"{fill}\">{}</text>",
        encode_text(s)
    )
}

/// How wide `text` is in pixels.
fn measure(text: &str, font: &Face<'_>, size: f64) -> f64 {
    let em = f64::from(font.units_per_em());
    let width = |c| {
        let glyph = font.glyph_index(c);
        let advance = glyph.and_then(|glyph| font.glyph_hor_advance(glyph));
        advance.map_or(em, f64::from)
    };
    text.chars().map(width).sum::<f64>() * size / em
}

/// `text` in lines no wider than `width`, of about the same length.
fn wrapped(text: &str, font: &Face<'_>, size: f64, width: f64) -> Vec<String> {
    let fill = |width: f64| {
        let mut lines: Vec<String> = Vec::new();
        for word in text.split_whitespace() {
            match lines.last_mut() {
                Some(line) if measure(&format!("{line} {word}"), font, size) <= width => {
                    *line += " ";
                    *line += word;
                }
                _ => lines.push(word.to_string()),
            }
        }
        lines
    };
    let lines = fill(width);
    // Narrower as long as that needs no line more: no word stays alone.
    let mut best = lines.clone();
    let mut narrow = width;
    while narrow > width / 2.0 {
        narrow -= size / 2.0;
        let next = fill(narrow);
        if next.len() > lines.len() {
            break;
        }
        best = next;
    }
    best
}

static FONT_DATABASE: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    for font in FONTS {
        fonts.load_font_data(font.to_vec());
    }
    Arc::new(fonts)
});

/// Draws an SVG as a PNG without transparency.
///
/// # Errors
/// When it is not SVG, or the PNG is larger than a card may be.
pub fn png(svg: &str) -> Result<Vec<u8>> {
    let options =
        usvg::Options { font_family: "Open Sans".into(), fontdb: FONT_DATABASE.clone(), ..usvg::Options::default() };
    let tree = usvg::Tree::from_str(svg, &options).context("the card's SVG")?;
    let (width, height) = CARD_SIZE;
    let mut pixels = Pixmap::new(width, height).context("no pixels")?;
    resvg::render(&tree, Transform::identity(), &mut pixels.as_mut());
    let colors: Vec<u8> = pixels.pixels().iter().flat_map(|p| [p.red(), p.green(), p.blue()]).collect();
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_compression(png::Compression::High);
    encoder.write_header()?.write_image_data(&colors)?;
    ensure!(out.len() < MOST, "the card has {} bytes, more than {MOST}: show less on it", out.len());
    Ok(out)
}

/// The files of `cards`, each a name and what is on it, with the pictures that are `kept`.
///
/// # Errors
/// When a card cannot be drawn, or a character of its has no glyph.
pub fn drawn_cards(cards: &[(String, Card)], css: &str, kept: &Kept) -> Result<Output> {
    let style = style_of(css);
    let fonts = hash::short(&FONTS.concat());
    let drawn = |(name, card): &(String, Card)| -> Result<_> {
        let svg = card.svg(&style);
        let draw = || {
            check_glyphs(&svg)?;
            png(&svg)
        };
        let png = kept.or_draw([include_str!("card.rs"), &fonts, &svg], draw);
        Ok((name.clone(), png.with_context(|| name.clone())?))
    };
    cards.par_iter().map(drawn).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::small_site as book;

    const CSS: &str = include_str!("../../../theme/diagrams.css");

    fn linked(title: &str, excerpt: Option<Excerpt>) -> PublishedPage {
        PublishedPage {
            file: "a/b.html".into(),
            title: title.into(),
            part: Some("A part".into()),
            number: Some("7".into()),
            excerpt,
            ..PublishedPage::default()
        }
    }

    fn diagram(nodes: usize) -> Excerpt {
        let chain: Vec<_> = (0..nodes).map(|n| format!("N{n}")).collect();
        let source = format!("flowchart TD\n    accTitle: A chain\n    accDescr: Nodes.\n    {}", chain.join(" --> "));
        let svg = crate::draw::diagram::draw(&source, "d").unwrap();
        Excerpt::diagram(&source, &svg)
    }

    fn code() -> Excerpt {
        let text = "fn main() {\n    println!(\"<1> & 2\");\n}".into();
        Excerpt::Code { file: "examples/one.rs".into(), text }
    }

    /// Width and height, as every reader of a PNG finds them.
    fn size(png: &[u8]) -> (u32, u32) {
        let decoder = png::Decoder::new(std::io::Cursor::new(png));
        let reader = decoder.read_info().unwrap();
        (reader.info().width, reader.info().height)
    }

    #[test]
    fn every_kind_of_card_is_drawn_in_the_right_size() {
        for excerpt in [None, Some(code()), Some(diagram(3))] {
            let card = Card::of(&linked("A <title> & more", excerpt), &book());
            let png = png(&card.svg(&style_of(CSS))).unwrap();
            assert_eq!(size(&png), CARD_SIZE);
            assert!(png.len() < MOST);
        }
    }

    #[test]
    fn the_same_card_is_the_same_picture() {
        let card = Card::of(&linked("Title", Some(diagram(3))), &book());
        let svg = card.svg(&style_of(CSS));
        assert_eq!(svg, card.svg(&style_of(CSS)));
        assert_eq!(png(&svg).unwrap(), png(&svg).unwrap());
    }

    #[test]
    fn no_title_leaves_its_card() {
        let long = "Why a waker that is woken twice is polled only once by an \
                    executor with a queue, and what that costs";
        let card = Card::of(&linked(long, None), &book());
        for width in [380.0, 600.0, 1072.0] {
            let (size, lines) = card.title_lines(width, &[2, 3], &[72.0, 64.0, 56.0]);
            assert_eq!(lines.join(" "), long);
            for line in lines {
                let wide = measure(&line, &BOLD, size);
                assert!(wide <= width, "{line}: {wide} of {width}");
            }
        }
    }

    #[test]
    fn a_diagram_too_small_to_read_gives_way_to_code() {
        let small = Some(diagram(12));
        assert_eq!(chosen_excerpt(small.clone(), Some(code())), Some(code()));
        assert_eq!(chosen_excerpt(small, None), None);
        let large = Some(diagram(3));
        assert_eq!(chosen_excerpt(large.clone(), Some(code())), large);
    }

    #[test]
    fn a_kept_card_is_not_drawn_again_and_a_changed_one_is() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Kept::below(dir.path());
        let put = |title: &str| {
            let card = Card::of(&linked(title, None), &book());
            let cards = [("a/b.png".to_string(), card)];
            drawn_cards(&cards, CSS, &cache).unwrap()["a/b.png"].clone()
        };
        let first = put("One");
        let kept = std::fs::read_dir(dir.path()).unwrap().next().unwrap().unwrap();
        std::fs::write(kept.path(), "kept").unwrap();
        assert_eq!(put("One"), b"kept");
        assert_ne!(put("Two"), first);
    }

    #[test]
    fn lines_are_about_as_long_as_each_other() {
        let lines = wrapped("one two three four", &BOLD, 10.0, 80.0);
        assert_eq!(lines, ["one two", "three four"]);
    }

    #[test]
    fn a_character_without_a_glyph_is_named() {
        let card = Card::of(&linked("唤醒器 wakes", None), &book());
        let svg = card.svg(&style_of(CSS));
        let why = check_glyphs(&svg).unwrap_err().to_string();
        assert!(why.contains("`唤` (U+5524), `醒` (U+9192), `器`"), "{why}");
        for excerpt in [None, Some(code()), Some(diagram(3))] {
            let card = Card::of(&linked("Plain", excerpt), &book());
            check_glyphs(&card.svg(&style_of(CSS))).unwrap();
        }
    }
}
