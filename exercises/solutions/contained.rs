//! A future that catches the panics of another one.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

/// A future whose panics are caught; see [`contained`].
#[must_use = "futures do nothing unless polled"]
pub struct Contained<F: Future> {
    inside: Option<Pin<Box<F>>>,
}

/// Returns a future of what `future` gives, or of the text of its panic.
pub fn contained<F: Future>(future: F) -> Contained<F> {
    Contained { inside: Some(Box::pin(future)) }
}

impl<F: Future> Future for Contained<F> {
    type Output = Result<F::Output, String>;

    /// Gives the text of a panic, which is empty where the payload is no text.
    /// When it is ready, `future` is dropped already. A destructor that panics,
    /// of `future` or of the payload, changes nothing.
    ///
    /// # Panics
    /// When it is polled again after it was ready.
    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Self::Output> {
        let inside = self.inside.as_mut();
        let inside = inside.expect("`Contained` polled after completion");
        let poll = AssertUnwindSafe(|| inside.as_mut().poll(cx));
        let result = match catch_unwind(poll) {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(value)) => Ok(value),
            Err(payload) => {
                let text = payload.downcast_ref::<&str>().copied();
                let text = text
                    .map(str::to_string)
                    .or_else(|| payload.downcast_ref::<String>().cloned());
                let _ = catch_unwind(AssertUnwindSafe(|| drop(payload)));
                Err(text.unwrap_or_default())
            }
        };
        let ended = self.inside.take();
        let _ = catch_unwind(AssertUnwindSafe(|| drop(ended)));
        Poll::Ready(result)
    }
}
