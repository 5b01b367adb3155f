//! The first of many timers, and the rest.

use std::pin::Pin;
use std::task::{Context, Poll};

/// A future of the value that is there first; see [`first`].
#[must_use = "futures do nothing unless polled"]
pub struct First<F> {
    futures: Vec<F>,
}

/// Returns a future of the number and the value of the future that is ready
/// first, and of the others, in their order: they are not cancelled, and may
/// be awaited later. In a draw the lowest number wins.
///
/// # Panics
/// When there are no futures: of none, none is the first.
pub fn first<F: Future + Unpin>(futures: Vec<F>) -> First<F> {
    assert!(!futures.is_empty(), "`first` needs a future");
    First { futures }
}

impl<F: Future + Unpin> Future for First<F> {
    type Output = (usize, F::Output, Vec<F>);

    /// # Panics
    /// When it is polled again after it was ready.
    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<(usize, F::Output, Vec<F>)> {
        assert!(!self.futures.is_empty(), "`First` polled after completion");
        for number in 0..self.futures.len() {
            let future = &mut self.futures[number];
            if let Poll::Ready(value) = Pin::new(future).poll(cx) {
                let mut rest = std::mem::take(&mut self.futures);
                drop(rest.remove(number));
                return Poll::Ready((number, value, rest));
            }
        }
        Poll::Pending
    }
}
