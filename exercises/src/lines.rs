//! Exercise to cancellation/cancel-safety.html: a read loop that is cancel safe.

// ANCHOR: stub
/// Where the bytes come from. A `read` that is dropped has taken no byte, so
/// `read` is cancel safe.
pub trait Source {
    /// The next byte, and `None` at the end.
    fn read(&mut self) -> impl Future<Output = Option<u8>>;
}

/// Reads lines, of ASCII letters only.
pub struct Lines<S> {
    source: S,
}

impl<S: Source> Lines<S> {
    pub fn new(source: S) -> Self {
        Lines { source }
    }

    /// The next line, without its `\n`. What stands behind the last `\n` is
    /// no line. Somebody calls this in a `select!`, and bytes are lost. Make
    /// it cancel safe.
    pub async fn next(&mut self) -> Option<String> {
        let mut line = String::new();
        loop {
            match self.source.read().await? {
                b'\n' => return Some(line),
                byte => line.push(byte.into()),
            }
        }
    }
}
// ANCHOR_END: stub
