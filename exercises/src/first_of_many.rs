//! Exercise to wakers/timer.html: wait for the first of many timers, and keep
//! the rest.

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

// ANCHOR: stub
impl<F: Future + Unpin> Future for First<F> {
    type Output = (usize, F::Output, Vec<F>);

    /// # Panics
    /// When it is polled again after it was ready.
    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<(usize, F::Output, Vec<F>)> {
        todo!("ask each of them, and give the others back when one is ready")
    }
}
// ANCHOR_END: stub
