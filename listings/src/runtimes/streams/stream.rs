//! A stream: a future of many values, one value a time.

use std::future::poll_fn;
use std::ops::DerefMut;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};

use crate::futures::poll::countdown::{Countdown, countdown};

// ANCHOR: trait
/// Many values over time.
pub trait Stream {
    /// The type of the values.
    type Item;

    /// The next value, or `None` at the end. A stream that is pending has
    /// arranged a wake. After `None` it must not be polled.
    fn poll_next(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Self::Item>>;
}
// ANCHOR_END: trait

// ANCHOR: pages
/// A stream of pages; see [`pages`].
pub struct Pages {
    next: u32,
    last: u32,
    loading: Option<Countdown>,
}

/// The numbers of the pages from 1 to `last`. Page `n` takes `n` polls that
/// are pending.
pub fn pages(last: u32) -> Pages {
    Pages { next: 1, last, loading: None }
}

impl Stream for Pages {
    type Item = u32;

    fn poll_next(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<u32>> {
        let page = self.next;
        if page > self.last {
            return Poll::Ready(None);
        }
        let loading = self.loading.get_or_insert_with(|| countdown(page));
        ready!(Pin::new(loading).poll(cx));
        self.loading = None;
        self.next += 1;
        Poll::Ready(Some(page))
    }
}
// ANCHOR_END: pages

impl Pages {
    /// How many pages were asked for.
    pub fn asked(&self) -> u32 {
        self.next - 1 + u32::from(self.loading.is_some())
    }
}

// ANCHOR: next
/// Waits for the next value of `stream`. `None` at its end.
///
/// Cancel safety: dropping the future loses no value, because what was begun
/// stays in the stream.
pub async fn next<S: Stream + Unpin>(stream: &mut S) -> Option<S::Item> {
    poll_fn(|cx| Pin::new(&mut *stream).poll_next(cx)).await
}
// ANCHOR_END: next

// ANCHOR: collect
/// All values of `stream`, once it has ended.
pub async fn collect<S: Stream>(stream: S) -> Vec<S::Item> {
    let mut stream = pin!(stream);
    let mut items = Vec::new();
    while let Some(item) = next(&mut stream).await {
        items.push(item);
    }
    items
}

/// A pointer to a pinned stream is a stream, and may be moved.
impl<P: DerefMut<Target: Stream>> Stream for Pin<P> {
    type Item = <P::Target as Stream>::Item;

    fn poll_next(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Self::Item>> {
        self.as_deref_mut().poll_next(cx)
    }
}
// ANCHOR_END: collect

#[cfg(test)]
mod tests {
    use std::marker::PhantomPinned;
    use std::time::Duration;

    use super::*;
    use crate::futures::combinators::once::poll_now;
    use crate::proof::watchdog;

    #[test]
    fn the_values_come_in_their_order_and_then_the_end() {
        let limit = Duration::from_secs(30);
        let all = watchdog(limit, || pollster::block_on(collect(pages(3))));
        assert_eq!(all, Ok(vec![1, 2, 3]));
    }

    #[test]
    fn nothing_is_asked_for_before_a_poll() {
        let mut pages = pages(3);
        assert_eq!(pages.asked(), 0);
        assert!(poll_now(next(&mut pages)).is_none());
        assert_eq!(pages.asked(), 1);
    }

    #[test]
    fn a_next_that_is_dropped_loses_no_value() {
        let mut pages = pages(2);
        assert!(poll_now(next(&mut pages)).is_none());
        assert_eq!(poll_now(next(&mut pages)), Some(Some(1)));
        assert!(poll_now(next(&mut pages)).is_none());
        assert!(poll_now(next(&mut pages)).is_none());
        assert_eq!(poll_now(next(&mut pages)), Some(Some(2)));
        assert_eq!(poll_now(next(&mut pages)), Some(None));
    }

    /// A stream that must not be moved once it was polled.
    struct Fixed(u32, PhantomPinned);

    impl Stream for Fixed {
        type Item = u32;

        fn poll_next(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<u32>> {
            Poll::Ready((self.0 > 0).then_some(self.0))
        }
    }

    #[test]
    fn a_pinned_stream_has_a_next_whatever_it_is_made_of() {
        let mut on_the_stack = pin!(Fixed(7, PhantomPinned));
        let mut in_a_box = Box::pin(Fixed(8, PhantomPinned));
        assert_eq!(poll_now(next(&mut on_the_stack)), Some(Some(7)));
        assert_eq!(poll_now(next(&mut in_a_box)), Some(Some(8)));
        let ended = Fixed(0, PhantomPinned);
        assert_eq!(pollster::block_on(collect(ended)), []);
    }
}
