//! Draws a table of measured ratios as a chart: a line for each row, a mark for
//! each column, on a scale in which twice as much is always as far.
//!
//! Like a diagram it has classes and no colors, and `theme/diagrams.css` decides.
//! The table is shown beside it, so the chart names no number.

use std::fmt::Write as _;

use html_escape::{encode_double_quoted_attribute, encode_text};

use super::diagram::{DrawError, FONT_SIZE};
use super::font;

/// As wide as a page on a phone.
const WIDTH: f64 = 330.0;

/// Room left and right of the scale for half of its numbers: 0.0625 fits.
const MARGIN: f64 = 24.0;

/// From one row's line to the next: a name, and marks below it.
const ROW: f64 = 42.0;

/// From one line of text to the next.
const LINE: f64 = 22.0;

/// From the middle of a mark to its edge.
const RADIUS: f64 = 5.0;

/// The column that the book is about, drawn over all others.
const OURS: &str = "ours";

/// The column that is no measurement: what was to be reached.
const AIM: &str = "aim";

/// A table as the benchmarks write it, without columns that have no number.
#[derive(Debug, PartialEq)]
struct Table<'a> {
    columns: Vec<&'a str>,
    /// Name and values; a dash is none.
    rows: Vec<(String, Vec<Option<f64>>)>,
    /// What the numbers are: the first sentence below the table.
    about: &'a str,
}

impl Table<'_> {
    fn read(text: &str) -> Result<Table<'_>, DrawError> {
        let (table, about) = text.split_once("\n\n").unwrap_or((text, ""));
        let mut lines = (1..).zip(table.lines());
        let head = lines.next().map_or("", |(_, line)| line);
        let columns: Vec<&str> = head.split_whitespace().collect();
        let mut rows = Vec::new();
        for (number, line) in lines {
            let words: Vec<&str> = line.split_whitespace().collect();
            let Some(first) = words.len().checked_sub(columns.len()) else {
                return Err(DrawError { line: number, reason: format!("a row has {} values", columns.len()) });
            };
            let (name, values) = words.split_at(first);
            let value = |word: &&str| match (*word, word.parse::<f64>()) {
                ("-", _) => Ok(None),
                (_, Ok(value)) if value > 0.0 && value.is_finite() => Ok(Some(value)),
                _ => Err(DrawError { line: number, reason: format!("`{word}` is no ratio above 0 and no dash") }),
            };
            rows.push((name.join(" "), values.iter().map(value).collect::<Result<Vec<_>, _>>()?));
        }
        let is_measured = |at: &usize| rows.iter().any(|(_, row)| row[*at].is_some());
        let measured: Vec<usize> = (0..columns.len()).filter(is_measured).collect();
        if measured.is_empty() {
            return Err(DrawError { line: 1, reason: "the table has no number".into() });
        }
        let columns = measured.iter().map(|at| columns[*at]).collect();
        for (_, row) in &mut rows {
            *row = measured.iter().map(|at| row[*at]).collect();
        }
        let end = about.find(['.', '\n']).unwrap_or(about.len());
        Ok(Table { columns, rows, about: about[..end].trim() })
    }

    /// The powers of two around every value: the first, and how many steps.
    fn scale(&self) -> (i32, i32) {
        let values = || self.rows.iter().flat_map(|(_, row)| row.iter().flatten());
        let least = values().copied().fold(f64::INFINITY, f64::min);
        let most = values().copied().fold(0.0, f64::max);
        let first = least.log2().floor() as i32;
        (first, (most.log2().ceil() as i32 - first).max(1))
    }
}

/// Draws the table of `results` as a `<div class="diagram">` around one
/// `<svg>`, without a line break. `id` must be unique on its page.
///
/// # Errors
///
/// When the text is no table of ratios: a line of columns, then rows of a name
/// and one value for each column, a number above 0 or a dash.
pub fn draw(results: &str, id: &str) -> Result<String, DrawError> {
    let table = Table::read(results)?;
    let (first, steps) = table.scale();
    let x = |value: f64| {
        let part = (value.log2() - f64::from(first)) / f64::from(steps);
        MARGIN + part * (WIDTH - 2.0 * MARGIN)
    };
    let mut body = String::new();
    let top = legend(&mut body, &table.columns);
    let height = top + LINE + ROW * table.rows.len() as f64;
    for power in first..=first + steps {
        let value = f64::from(power).exp2();
        let class = if power == 0 { "edge" } else { "lifeline" };
        line(&mut body, class, x(value), [top + 8.0, height]);
        text(&mut body, "label", x(value), top, &value.to_string());
    }
    for (n, (name, values)) in table.rows.iter().enumerate() {
        let y = top + LINE + ROW * n as f64;
        let middle = MARGIN + font::width(name, FONT_SIZE) / 2.0;
        text(&mut body, "label", middle, y + 8.0, name);
        let mut marks: Vec<_> = table.columns.iter().zip(values).enumerate().collect();
        marks.sort_by_key(|(_, (column, _))| **column == OURS);
        for (at, (column, value)) in marks {
            if let Some(value) = value {
                mark(&mut body, column, at, x(*value), y + 28.0);
            }
        }
    }
    let title = encode_text(table.about);
    let id = encode_double_quoted_attribute(id);
    Ok(format!(
        "<div class=\"diagram chart\" id=\"{id}\"><svg role=\"img\" \
         aria-labelledby=\"{id}-title\" aria-describedby=\"{id}-desc\" \
         width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\">\
         <title id=\"{id}-title\">{title}</title><desc id=\"{id}-desc\">A chart \
         of the table that follows: a line for each row, a mark for each \
         column; further to the right is more.</desc>{body}</svg></div>"
    ))
}

/// Writes what each mark means; returns where the rest begins.
fn legend(out: &mut String, columns: &[&str]) -> f64 {
    let (mut left, mut y) = (MARGIN, LINE / 2.0);
    for (at, column) in columns.iter().enumerate() {
        let width = font::width(column, FONT_SIZE);
        if left + 12.0 + width > WIDTH {
            (left, y) = (MARGIN, y + LINE);
        }
        mark(out, column, at, left, y);
        text(out, "label", left + 10.0 + width / 2.0, y, column);
        left += width + 30.0;
    }
    y + LINE
}

/// The mark of a column: the same at each place, another for each column.
fn mark(out: &mut String, column: &str, at: usize, x: f64, y: f64) {
    if column == AIM {
        line(out, "band", x, [y - 8.0, y + 8.0]);
        return;
    }
    if column == OURS {
        let _ = write!(out, "<circle class=\"accent\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{RADIUS}\"/>");
        return;
    }
    /// In units of the radius.
    const SHAPES: [&[(f64, f64)]; 6] = [
        &[(-0.8, -0.8), (0.8, -0.8), (0.8, 0.8), (-0.8, 0.8)],
        &[(0.0, -1.0), (1.0, 0.8), (-1.0, 0.8)],
        &[(0.0, -1.2), (1.2, 0.0), (0.0, 1.2), (-1.2, 0.0)],
        &[(0.0, 1.0), (1.0, -0.8), (-1.0, -0.8)],
        &[(-1.0, 0.0), (0.8, -1.0), (0.8, 1.0)],
        &[(1.0, 0.0), (-0.8, -1.0), (-0.8, 1.0)],
    ];
    let points: Vec<String> = SHAPES[at % SHAPES.len()]
        .iter()
        .map(|(dx, dy)| format!("{:.1},{:.1}", x + dx * RADIUS, y + dy * RADIUS))
        .collect();
    let _ = write!(out, "<polygon class=\"node\" points=\"{}\"/>", points.join(" "));
}

fn line(out: &mut String, class: &str, x: f64, [from, to]: [f64; 2]) {
    let _ = write!(out, "<line class=\"{class}\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{from:.1}\" y2=\"{to:.1}\"/>");
}

/// Text around the middle `x`, `y`.
fn text(out: &mut String, class: &str, x: f64, y: f64, text: &str) {
    let baseline = y + 0.35 * FONT_SIZE;
    let _ = write!(out, "<text class=\"{class}\" x=\"{x:.1}\" y=\"{baseline:.1}\">{}</text>", encode_text(text));
}

#[cfg(test)]
mod tests {
    use super::*;

    const RESULTS: &str = "      aim  tokio   ours   smol\n\
                           a, b  0.50   1.00   0.25      -\n\
                           c 1      -   1.00   6.00      -\n\n\
                           Processor time, tokio = 1. Medians of 3 runs.\n";

    #[test]
    fn each_value_is_a_mark_where_the_scale_has_it() {
        let table = Table::read(RESULTS).unwrap();
        assert_eq!(table.columns, ["aim", "tokio", "ours"]);
        let row = |a, b, c| vec![a, Some(b), Some(c)];
        assert_eq!(table.rows[0], ("a, b".into(), row(Some(0.5), 1.0, 0.25)));
        assert_eq!(table.rows[1], ("c 1".into(), row(None, 1.0, 6.0)));
        assert_eq!(table.about, "Processor time, tokio = 1");
        // From a quarter to eight.
        assert_eq!(table.scale(), (-2, 5));
        let svg = draw(RESULTS, "chart-x").unwrap();
        // The legend and one mark for each value; the aim is a line.
        assert_eq!(svg.matches("<circle").count(), 3);
        assert_eq!(svg.matches("<polygon").count(), 3);
        assert_eq!(svg.matches("class=\"band\"").count(), 2);
        for power in ["0.25", "0.5", "1", "2", "4", "8"] {
            assert!(svg.contains(&format!(">{power}</text>")), "{power}");
        }
        // A quarter is where the scale begins.
        assert!(svg.contains(&format!("cx=\"{MARGIN:.1}\"")), "{svg}");
        roxmltree::Document::parse(&svg).unwrap();
    }

    #[test]
    fn what_is_no_ratio_is_refused_with_its_line() {
        let line = |text: &str| draw(text, "chart-x").unwrap_err().line;
        assert_eq!(line(&RESULTS.replace("6.00", "0")), 3);
        assert_eq!(line(&RESULTS.replace("6.00", "fast")), 3);
        assert_eq!(line("a b\n1.0\n"), 2);
        assert_eq!(line("a b\nx - -\n"), 1);
    }
}
