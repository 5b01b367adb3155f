//! Frames out of the pieces in which bytes arrive.

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
        let Some((length, rest)) = self.bytes.split_first_chunk() else {
            return Ok(None);
        };
        let length = usize::from(u16::from_be_bytes(*length));
        if length > self.limit {
            return Err(TooLong);
        }
        let Some(frame) = rest.get(..length) else { return Ok(None) };
        let frame = frame.to_vec();
        self.bytes.drain(..2 + length);
        Ok(Some(frame))
    }
}
