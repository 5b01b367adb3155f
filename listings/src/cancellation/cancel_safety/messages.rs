//! Keeps what was read in `self`, which is cancel safe.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

// ANCHOR: next
/// Messages of five bytes each.
#[derive(Debug)]
pub struct Messages<S> {
    stream: S,
    /// What was read and not returned yet.
    buffer: Vec<u8>,
}

impl<S: AsyncRead + Unpin> Messages<S> {
    /// Reads messages from `stream`.
    pub fn new(stream: S) -> Self {
        Messages { stream, buffer: Vec::new() }
    }

    /// Returns the next message.
    ///
    /// Cancel safety: what was read stays in `self`, and the next call goes
    /// on from there.
    ///
    /// # Errors
    /// Those of the stream, and [`UnexpectedEof`](io::ErrorKind) at its end.
    pub async fn next(&mut self) -> io::Result<[u8; 5]> {
        loop {
            if let Some((&message, rest)) = self.buffer.split_first_chunk() {
                self.buffer = rest.to_vec();
                return Ok(message);
            }
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }
}
// ANCHOR_END: next

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cancellation::cancel_safety::harness::cut_at_each_poll;
    use crate::cancellation::cancel_safety::protocol::{pieces, text};

    #[tokio::test]
    async fn a_message_whose_bytes_are_kept_in_self_is_never_lost() {
        let safe = cut_at_each_poll(
            async || {
                let (here, there) = tokio::io::duplex(64);
                (Messages::new(here), there)
            },
            async |messages: &mut Messages<_>| {
                messages.next().await.map(|message| text(&message)).ok()
            },
            pieces,
        );
        assert_eq!(safe.await, Ok(3));
    }

    #[tokio::test]
    async fn bytes_that_came_together_are_taken_apart() {
        let mut messages = Messages::new(&b"helloworldhe"[..]);
        for expected in ["hello", "world"] {
            let message = messages.next().await.expect("it is there");
            assert_eq!(text(&message), expected);
        }
        let end = messages.next().await.expect_err("half a message");
        assert_eq!(end.kind(), io::ErrorKind::UnexpectedEof);
    }
}
