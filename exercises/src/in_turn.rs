//! Exercise to futures/poll.html: repair a future that hangs.

use std::pin::Pin;
use std::task::{Context, Poll};

/// Waits for `first`, and after that for `second`; see [`in_turn`].
#[must_use = "futures do nothing unless polled"]
pub struct InTurn<A: Future, B> {
    first: A,
    value: Option<A::Output>,
    second: B,
}

/// Returns a future of both values. It polls `second` when `first` is done.
pub fn in_turn<A: Future, B: Future>(first: A, second: B) -> InTurn<A, B> {
    InTurn { first, value: None, second }
}

// ANCHOR: stub
/// `first` is polled until it is done, and then `second`. It hangs when a
/// runner sleeps until it is woken. Repair it.
impl<A, B> Future for InTurn<A, B>
where
    A: Future<Output: Unpin> + Unpin,
    B: Future + Unpin,
{
    type Output = (A::Output, B::Output);

    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Self::Output> {
        let this = &mut *self;
        if this.value.is_none() {
            if let Poll::Ready(value) = Pin::new(&mut this.first).poll(cx) {
                this.value = Some(value);
            }
            return Poll::Pending;
        }
        let second = Pin::new(&mut this.second).poll(cx);
        second.map(|value| (this.value.take().expect("it is there"), value))
    }
}
// ANCHOR_END: stub
