//! Lines that are kept in `self` until they are complete.

use std::mem;

/// Where the bytes come from. A `read` that is dropped has taken no byte.
pub trait Source {
    /// The next byte, and `None` at the end.
    fn read(&mut self) -> impl Future<Output = Option<u8>>;
}

/// Reads lines, of ASCII letters only.
pub struct Lines<S> {
    source: S,
    /// What was read of a line that is not complete.
    line: String,
}

impl<S: Source> Lines<S> {
    pub fn new(source: S) -> Self {
        Lines { source, line: String::new() }
    }

    /// The next line, without its `\n`. What stands behind the last `\n` is
    /// no line.
    ///
    /// Cancel safety: what was read stays in `self`.
    pub async fn next(&mut self) -> Option<String> {
        loop {
            // Between this `.await` and the next, each byte is in `self`.
            match self.source.read().await? {
                b'\n' => return Some(mem::take(&mut self.line)),
                byte => self.line.push(byte.into()),
            }
        }
    }
}
