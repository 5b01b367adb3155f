//! How wide a text is in the page's font, Open Sans Regular.
//!
//! A table, so that building the book decodes no font; a test compares it with
//! the file that mdBook ships.

use std::ops::RangeInclusive;

/// The font stack of the diagrams in `theme/diagrams.css`.
pub const FAMILY: &str = "Open Sans, sans-serif";

const UNITS_PER_EM: f64 = 2048.0;

const ASCII: RangeInclusive<char> = ' '..='~';

/// The advance of each character of [`ASCII`], in font units.
#[rustfmt::skip]
const ASCII_ADVANCES: [u16; 95] = [
    532, 547, 821, 1323, 1171, 1686, 1495, 453, 606, 606, 1130, 1171, 502,
    659, 545, 752, 1171, 1171, 1171, 1171, 1171, 1171, 1171, 1171, 1171, 1171,
    545, 545, 1171, 1171, 1171, 879, 1841, 1296, 1327, 1292, 1493, 1139, 1057,
    1491, 1511, 571, 547, 1257, 1063, 1849, 1544, 1595, 1233, 1595, 1266,
    1124, 1133, 1491, 1219, 1896, 1182, 1147, 1169, 674, 752, 674, 1110, 918,
    1182, 1139, 1255, 975, 1255, 1149, 694, 1122, 1257, 518, 518, 1075, 518,
    1905, 1257, 1237, 1255, 1255, 836, 977, 723, 1257, 1026, 1593, 1073, 1032,
    958, 776, 1128, 776, 1171,
];

/// The advances of what else a label is likely to hold.
#[rustfmt::skip]
const OTHER_ADVANCES: [(char, u16); 12] = [
    ('\u{a0}', 532), ('·', 545), ('×', 1171), ('µ', 1268), ('–', 1024),
    ('—', 2048), ('‘', 348), ('’', 348), ('“', 717), ('”', 717),
    ('•', 770), ('…', 1606),
];

/// The width of `text` in pixels. A character outside the tables, which the
/// reader's browser will take from another font, counts as one em.
pub fn width(text: &str, size: f64) -> f64 {
    text.chars().map(advance).sum::<f64>() * size / UNITS_PER_EM
}

fn advance(c: char) -> f64 {
    if ASCII.contains(&c) {
        return f64::from(ASCII_ADVANCES[c as usize - ' ' as usize]);
    }
    match OTHER_ADVANCES.iter().find(|(other, _)| *other == c) {
        Some((_, advance)) => f64::from(*advance),
        None => UNITS_PER_EM,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The font as mdBook writes it into a book.
    fn open_sans() -> Vec<u8> {
        let root = tempfile::tempdir().unwrap();
        let config = mdbook_core::config::HtmlConfig::default();
        mdbook_html::theme::Theme::copy_theme(&config, root.path()).unwrap();
        let file = "theme/fonts/open-sans-v17-all-charsets-regular.woff2";
        let woff2 = std::fs::read(root.path().join(file)).unwrap();
        wuff::decompress_woff2(&woff2).unwrap()
    }

    #[test]
    fn the_table_is_the_font_that_mdbook_ships() {
        let bytes = open_sans();
        let font = ttf_parser::Face::parse(&bytes, 0).unwrap();
        assert_eq!(f64::from(font.units_per_em()), UNITS_PER_EM);
        let real = |c| {
            let glyph = font.glyph_index(c).expect("the font has it");
            font.glyph_hor_advance(glyph).unwrap()
        };
        let ascii: Vec<u16> = ASCII.map(real).collect();
        assert_eq!(ASCII_ADVANCES.as_slice(), ascii, "ASCII_ADVANCES");
        let others = OTHER_ADVANCES.map(|(c, _)| (c, real(c)));
        assert_eq!(OTHER_ADVANCES, others, "OTHER_ADVANCES");
    }

    #[test]
    fn a_character_the_font_lacks_is_not_taken_for_nothing() {
        assert_eq!(width("→", 14.0), 14.0);
        assert!(width("i", 14.0) < width("m", 14.0));
    }
}
