//! Two futures, one after the other.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

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
            let value = ready!(Pin::new(&mut this.first).poll(cx));
            this.value = Some(value);
        }
        // On: nobody has polled `second`, so nobody would wake for it.
        let second = ready!(Pin::new(&mut this.second).poll(cx));
        let first = this.value.take().expect("it was just put there");
        Poll::Ready((first, second))
    }
}
