//! A hand-written future around another one: what happens when it polls the
//! inner future once too often, and how an `Option` prevents that.

use std::pin::Pin;
use std::task::{Context, Poll};

/// Polls its inner future in every poll, and does not look at the answer.
pub struct Careless<F> {
    inner: Pin<Box<F>>,
}

impl<F: Future> Future for Careless<F> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let _ = self.inner.as_mut().poll(cx);
        Poll::Pending
    }
}

/// Takes its inner future out when it is ready.
pub struct Careful<F> {
    inner: Option<Pin<Box<F>>>,
}

impl<F: Future> Future for Careful<F> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if let Some(inner) = &mut self.inner
            && inner.as_mut().poll(cx).is_ready()
        {
            self.inner.take();
        }
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::task::Waker;

    /// Polls twice. Gives the text of the panic of the second poll.
    fn second_poll(mut future: impl Future + Unpin) -> Option<&'static str> {
        let mut cx = Context::from_waker(Waker::noop());
        assert!(Pin::new(&mut future).poll(&mut cx).is_pending());
        let poll = || Pin::new(&mut future).poll(&mut cx).is_pending();
        let panic = catch_unwind(AssertUnwindSafe(poll)).err()?;
        panic.downcast_ref().copied()
    }

    #[test]
    fn a_wrapper_that_polls_a_finished_future_again_panics() {
        let said = second_poll(Careless { inner: Box::pin(async {}) });
        assert_eq!(said, Some("`async fn` resumed after completion"));
    }

    #[test]
    fn a_wrapper_that_takes_a_finished_future_out_does_not_panic() {
        let said = second_poll(Careful { inner: Some(Box::pin(async {})) });
        assert_eq!(said, None);
    }
}
