//! The receiver of a channel is a stream: it had the method all along.

use std::pin::Pin;
use std::task::{Context, Poll};

use super::stream::Stream;
use crate::wakers::channel::bounded::Receiver;

// ANCHOR: receiver
impl<T> Stream for Receiver<T> {
    type Item = T;

    fn poll_next(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<T>> {
        self.get_mut().poll_recv(cx)
    }
}
// ANCHOR_END: receiver

#[cfg(test)]
mod tests {
    use crate::futures::combinators::once::poll_now;
    use crate::runtimes::streams::stream::{collect, next};
    use crate::wakers::channel::bounded::channel;

    #[test]
    fn a_receiver_is_a_stream_that_ends_with_its_last_sender() {
        let (sender, receiver) = channel(4);
        for n in 1..=3 {
            assert_eq!(sender.try_send(n), Ok(()));
        }
        drop(sender);
        assert_eq!(pollster::block_on(collect(receiver)), [1, 2, 3]);
    }

    #[test]
    fn a_sender_that_is_alive_keeps_the_stream_from_its_end() {
        let (sender, mut receiver) = channel(4);
        drop(sender.clone());
        assert_eq!(sender.try_send(1), Ok(()));
        assert_eq!(poll_now(next(&mut receiver)), Some(Some(1)));
        assert_eq!(poll_now(next(&mut receiver)), None);
        drop(sender);
        assert_eq!(poll_now(next(&mut receiver)), Some(None));
    }
}
