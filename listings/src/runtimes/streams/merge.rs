//! Two streams as one: whichever has a value.

use std::pin::Pin;
use std::task::{Context, Poll};

use super::stream::Stream;

// ANCHOR: merge
/// The values of two streams as they come; see [`merge`].
pub struct Merge<A, B> {
    a: Option<A>,
    b: Option<B>,
    b_first: bool,
}

/// A stream of the values of `a` and `b`, in the order in which they come. It
/// ends when both have ended.
pub fn merge<A, B>(a: A, b: B) -> Merge<A, B>
where
    A: Stream + Unpin,
    B: Stream<Item = A::Item> + Unpin,
{
    Merge { a: Some(a), b: Some(b), b_first: false }
}

/// Polls the stream, and drops it at its end.
fn advance<S: Stream + Unpin>(
    side: &mut Option<S>,
    cx: &mut Context<'_>,
) -> Poll<Option<S::Item>> {
    let Some(stream) = side else { return Poll::Ready(None) };
    let polled = Pin::new(stream).poll_next(cx);
    if let Poll::Ready(None) = polled {
        *side = None;
    }
    polled
}
// ANCHOR_END: merge

// ANCHOR: merge_poll
impl<A, B> Stream for Merge<A, B>
where
    A: Stream + Unpin,
    B: Stream<Item = A::Item> + Unpin,
{
    type Item = A::Item;

    fn poll_next(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<A::Item>> {
        let b_first = self.b_first;
        self.b_first = !b_first;
        for b_is_next in [b_first, !b_first] {
            let polled = if b_is_next {
                advance(&mut self.b, cx)
            } else {
                advance(&mut self.a, cx)
            };
            if let Poll::Ready(Some(item)) = polled {
                return Poll::Ready(Some(item));
            }
        }
        let both_ended = self.a.is_none() && self.b.is_none();
        if both_ended { Poll::Ready(None) } else { Poll::Pending }
    }
}
// ANCHOR_END: merge_poll

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::futures::combinators::once::poll_now;
    use crate::proof::watchdog;
    use crate::runtimes::streams::stream::{collect, next};
    use crate::wakers::channel::bounded::channel;

    #[test]
    fn two_streams_that_are_always_ready_take_turns() {
        let run = || {
            let ((a, even), (b, odd)) = (channel(3), channel(3));
            for n in 0..3 {
                assert_eq!(a.try_send(2 * n), Ok(()));
                assert_eq!(b.try_send(2 * n + 1), Ok(()));
            }
            drop((a, b));
            pollster::block_on(collect(merge(even, odd)))
        };
        let all = watchdog(Duration::from_secs(30), run);
        assert_eq!(all, Ok(vec![0, 1, 2, 3, 4, 5]));
    }

    #[test]
    fn a_side_that_has_ended_is_polled_no_more() {
        /// Ends once. A second poll after that is a mistake.
        struct Ends(bool);
        impl Stream for Ends {
            type Item = u32;
            fn poll_next(
                mut self: Pin<&mut Self>,
                _: &mut Context<'_>,
            ) -> Poll<Option<u32>> {
                assert!(!self.0, "polled after its end");
                self.0 = true;
                Poll::Ready(None)
            }
        }
        let (sender, receiver) = channel(1);
        let mut merged = merge(Ends(false), receiver);
        assert_eq!(poll_now(next(&mut merged)), None);
        assert_eq!(sender.try_send(7), Ok(()));
        assert_eq!(poll_now(next(&mut merged)), Some(Some(7)));
        drop(sender);
        assert_eq!(poll_now(next(&mut merged)), Some(None));
    }
}
