//! Exercise to runtimes/chat-server.html: frames out of the pieces in which
//! bytes arrive.

// ANCHOR: stub
/// A frame has more bytes than the limit allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong;

/// Bytes that have arrived and are no whole frame yet. A frame is a length,
/// which is two bytes, the high one first, and then as many bytes as the
/// length says.
#[derive(Debug)]
pub struct Frames {
    bytes: Vec<u8>,
    limit: usize,
}

impl Frames {
    /// Takes frames of at most `limit` bytes, without their length.
    pub fn new(limit: usize) -> Frames {
        Frames { bytes: Vec::new(), limit }
    }

    /// Adds a piece that has arrived.
    pub fn push(&mut self, piece: &[u8]) {
        self.bytes.extend_from_slice(piece);
    }

    /// The next whole frame, without its length. `None` when a piece is
    /// missing.
    ///
    /// # Errors
    /// [`TooLong`], as soon as the length is known.
    pub fn next_frame(&mut self) -> Result<Option<Vec<u8>>, TooLong> {
        todo!("look at {:?} with the limit {}", self.bytes, self.limit)
    }
}
// ANCHOR_END: stub
