//! Reads a message in one call, which is not cancel safe.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

// ANCHOR: next
/// Messages of five bytes each.
#[derive(Debug)]
pub struct Messages<S> {
    stream: S,
}

impl<S: AsyncRead + Unpin> Messages<S> {
    /// Reads messages from `stream`.
    pub fn new(stream: S) -> Self {
        Messages { stream }
    }

    /// Returns the next message.
    ///
    /// Cancel safety: none. Bytes that were read are lost.
    ///
    /// # Errors
    /// Those of the stream, and [`UnexpectedEof`](io::ErrorKind) at its end.
    pub async fn next(&mut self) -> io::Result<[u8; 5]> {
        let mut message = [0; 5];
        self.stream.read_exact(&mut message).await?;
        Ok(message)
    }
}
// ANCHOR_END: next

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cancellation::cancel_safety::harness::cut_at_each_poll;
    use crate::cancellation::cancel_safety::protocol::{pieces, text};

    // ANCHOR: test
    #[tokio::test]
    async fn a_message_that_is_read_in_one_call_can_be_lost() {
        let lost = cut_at_each_poll(
            async || {
                let (here, there) = tokio::io::duplex(64);
                (Messages::new(here), there)
            },
            async |messages: &mut Messages<_>| {
                messages.next().await.map(|message| text(&message)).ok()
            },
            pieces,
        );
        let lost = lost.await.expect_err("the bytes are lost");
        let some = |text: &str| Some(text.to_string());
        assert_eq!(lost.polls, 2);
        assert_eq!(lost.whole.0, [some("hello"), some("world")]);
        assert_eq!(lost.cut.0, [some("lowor"), some("ldhel")]);
    }
    // ANCHOR_END: test
}
