//! Counts the polls of any future, with a projection by hand.

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

impl<F: Future> Future for Stamped<F> {
    type Output = (F::Output, u32);

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // SAFETY: nothing is moved out of `this`. `future` is pinned here and
        // stays until it is dropped with `self`: there is no `Unpin` by hand,
        // no `Drop`, and no other function that reaches it.
        let (future, polls) = unsafe {
            let this = self.get_unchecked_mut();
            (Pin::new_unchecked(&mut this.future), &mut this.polls)
        };
        *polls += 1;
        future.poll(cx).map(|value| (value, *polls))
    }
}
