//! Exercise to pinning/projection.html: poll a field that may not move.

use std::pin::Pin;
use std::task::{Context, Poll};

/// A future that counts the polls of another one; see [`stamped`].
#[must_use = "futures do nothing unless polled"]
pub struct Stamped<F> {
    future: F,
    polls: u32,
}

/// Returns a future of the value of `future`, and of how often it was polled.
pub fn stamped<F: Future>(future: F) -> Stamped<F> {
    Stamped { future, polls: 0 }
}

// ANCHOR: stub
impl<F: Future> Future for Stamped<F> {
    type Output = (F::Output, u32);

    /// `F` may be any future: there is no bound `Unpin`, no box, and no macro.
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        todo!("get a pin to `future` and a `&mut` to `polls`, and say why")
    }
}
// ANCHOR_END: stub
