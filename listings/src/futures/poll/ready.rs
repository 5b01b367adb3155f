//! The smallest future: its value is there before it is polled.

// ANCHOR: ready
use std::pin::Pin;
use std::task::{Context, Poll};

/// A future that is ready on its first poll; see [`ready`].
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Ready<T> {
    value: Option<T>,
}

/// Returns a future that gives `value` on its first poll.
pub fn ready<T>(value: T) -> Ready<T> {
    Ready { value: Some(value) }
}

impl<T: Unpin> Future for Ready<T> {
    type Output = T;

    /// # Panics
    /// When it is polled again after it was ready.
    fn poll(mut self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<T> {
        let value = self.value.take();
        Poll::Ready(value.expect("`Ready` polled after completion"))
    }
}
// ANCHOR_END: ready

#[cfg(test)]
mod tests {
    use super::*;
    use std::task::Waker;

    #[test]
    fn a_ready_future_is_ready_on_its_first_poll() {
        let mut cx = Context::from_waker(Waker::noop());
        let mut future = ready(7);
        let answer = Pin::new(&mut future).poll(&mut cx);
        assert_eq!(answer, Poll::Ready(7));
    }

    #[test]
    #[should_panic(expected = "`Ready` polled after completion")]
    fn a_second_poll_panics() {
        let mut cx = Context::from_waker(Waker::noop());
        let mut future = ready(7);
        let _ = Pin::new(&mut future).poll(&mut cx);
        let _ = Pin::new(&mut future).poll(&mut cx);
    }

    #[test]
    fn what_is_pinned_can_be_polled() {
        let mut cx = Context::from_waker(Waker::noop());
        assert!(Pin::new(&mut ready(7)).poll(&mut cx).is_ready());
        assert!(std::pin::pin!(async { 7 }).poll(&mut cx).is_ready());
    }

    #[test]
    fn await_takes_the_value_out() {
        assert_eq!(pollster::block_on(async { ready(7).await + 1 }), 8);
    }
}
