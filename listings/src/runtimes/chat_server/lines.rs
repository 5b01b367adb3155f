//! Lines out of the pieces in which bytes arrive, with a limit.

use std::error::Error;
use std::fmt;

// ANCHOR: lines
/// Bytes that have arrived and are no whole line yet.
#[derive(Debug)]
pub struct Lines {
    bytes: Vec<u8>,
    limit: usize,
}

impl Lines {
    /// Takes lines of at most `limit` bytes, without their ends.
    pub fn new(limit: usize) -> Lines {
        Lines { bytes: Vec::new(), limit }
    }

    /// Adds a piece that has arrived.
    pub fn push(&mut self, piece: &[u8]) {
        self.bytes.extend_from_slice(piece);
    }
    // ANCHOR_END: lines

    // ANCHOR: next-line
    /// The next whole line without its end, which is `\n` or `\r\n`. `None`
    /// when a piece is missing.
    ///
    /// # Errors
    /// [`LineError`], when the line is too long or is not UTF-8.
    pub fn next_line(&mut self) -> Result<Option<String>, LineError> {
        let end = self.bytes.iter().position(|byte| *byte == b'\n');
        let Some(end) = end else {
            // The last byte may be the `\r` of `\r\n`, which does not count.
            let too_long = self.bytes.len() > self.limit.saturating_add(1);
            return if too_long { Err(self.too_long()) } else { Ok(None) };
        };
        let mut line: Vec<u8> = self.bytes.drain(..=end).collect();
        line.pop();
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        if line.len() > self.limit {
            return Err(self.too_long());
        }
        String::from_utf8(line).map(Some).map_err(|_| LineError::NotUtf8)
    }
    // ANCHOR_END: next-line

    fn too_long(&self) -> LineError {
        LineError::TooLong { limit: self.limit }
    }
}

/// A line that is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineError {
    /// It has more than `limit` bytes.
    TooLong {
        /// How many a line may have.
        limit: usize,
    },
    /// Its bytes are no text.
    NotUtf8,
}

impl fmt::Display for LineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LineError::TooLong { limit } => {
                write!(f, "a line has at most {limit} bytes")
            }
            LineError::NotUtf8 => f.write_str("a line must be UTF-8"),
        }
    }
}

impl Error for LineError {}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes out when `pieces` go in.
    fn through<'a>(
        limit: usize,
        pieces: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Vec<String>, LineError> {
        let mut lines = Lines::new(limit);
        let mut all = Vec::new();
        for piece in pieces {
            lines.push(piece);
            while let Some(line) = lines.next_line()? {
                all.push(line);
            }
        }
        Ok(all)
    }

    #[test]
    fn the_pieces_do_not_matter() {
        let text = "one\r\n\nthree: \u{e4}\u{1f980}\n".as_bytes();
        let expected = ["one", "", "three: \u{e4}\u{1f980}"];
        for size in 1..=text.len() {
            let lines = through(20, text.chunks(size));
            assert_eq!(lines.unwrap(), expected, "pieces of {size}");
        }
    }

    #[test]
    fn what_is_no_whole_line_is_kept_back() {
        assert_eq!(through(20, [&b"one\ntw"[..]]).unwrap(), ["one"]);
        let pieces = [&b"one\ntw"[..], b"o\n"];
        assert_eq!(through(20, pieces).unwrap(), ["one", "two"]);
    }

    #[test]
    fn a_line_may_have_as_many_bytes_as_the_limit_says() {
        let too_long = Err(LineError::TooLong { limit: 3 });
        for end in ["\n", "\r\n"] {
            let line = |text: &str| {
                let whole = format!("{text}{end}").into_bytes();
                let mut all = vec![through(3, [&whole[..]])];
                all.push(through(3, whole.chunks(1)));
                all
            };
            for got in line("abc") {
                assert_eq!(got.unwrap(), ["abc"], "{end:?}");
            }
            for got in line("abcd") {
                assert_eq!(got, too_long, "{end:?}");
            }
        }
    }

    #[test]
    fn a_line_without_an_end_is_refused_before_it_fills_the_memory() {
        let mut lines = Lines::new(1000);
        for _ in 0..10 {
            lines.push(&[b'a'; 100]);
            assert_eq!(lines.next_line(), Ok(None));
        }
        lines.push(b"aa");
        let too_long = Err(LineError::TooLong { limit: 1000 });
        assert_eq!(lines.next_line(), too_long);
    }

    #[test]
    fn the_limit_may_be_the_largest_number() {
        assert_eq!(through(usize::MAX, [&b"a"[..], b"b\n"]).unwrap(), ["ab"]);
    }

    #[test]
    fn bytes_that_are_no_text_are_refused_and_the_lines_before_are_not() {
        let mut lines = Lines::new(100);
        lines.push(b"good\n\xff\xfe\nmore\n");
        assert_eq!(lines.next_line(), Ok(Some("good".to_string())));
        assert_eq!(lines.next_line(), Err(LineError::NotUtf8));
    }
}
