//! A future that runs until another one is ready: a timeout for any timer.

// ANCHOR: until
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

pin_project! {
    /// A future with an end; see [`until`].
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled"]
    pub struct Until<F, S> {
        #[pin]
        future: F,
        #[pin]
        stop: S,
    }
}

/// Returns a future that gives the value of `future`, or `None` if `stop` is
/// ready before it. If both are ready at the same poll, there is a value.
///
/// Cancel safety: dropping it drops both.
pub fn until<F: Future, S: Future>(future: F, stop: S) -> Until<F, S> {
    Until { future, stop }
}

impl<F: Future, S: Future> Future for Until<F, S> {
    type Output = Option<F::Output>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if let Poll::Ready(value) = this.future.poll(cx) {
            return Poll::Ready(Some(value));
        }
        this.stop.poll(cx).map(|_| None)
    }
}
// ANCHOR_END: until

#[cfg(test)]
mod tests {
    use super::*;
    use crate::futures::poll::countdown::countdown;
    use crate::futures::poll::manual::manual;
    use crate::pinning::projection::listed::Listed;
    use std::cell::RefCell;
    use std::future::pending;
    use std::pin::pin;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::task::{Wake, Waker};

    #[test]
    fn the_value_comes_when_it_is_first() {
        let value = pollster::block_on(until(countdown(2), countdown(3)));
        assert_eq!(value, Some("liftoff"));
    }

    #[test]
    fn nothing_comes_when_the_stop_is_first() {
        let stopped = until(pending::<u32>(), countdown(3));
        assert_eq!(pollster::block_on(stopped), None);
    }

    #[test]
    fn a_value_at_the_same_poll_counts() {
        let value = pollster::block_on(until(countdown(2), countdown(2)));
        assert_eq!(value, Some("liftoff"));
    }

    #[test]
    fn either_one_wakes_the_task() {
        struct Count(AtomicU32);
        impl Wake for Count {
            fn wake(self: Arc<Self>) {
                self.0.fetch_add(1, Ordering::Relaxed);
            }
        }
        let count = Arc::new(Count(AtomicU32::new(0)));
        let waker = Waker::from(count.clone());
        let mut cx = Context::from_waker(&waker);
        let (value, completer) = manual::<u32>();
        let (stop, stopper) = manual();
        let mut future = pin!(until(value, stop));
        assert!(future.as_mut().poll(&mut cx).is_pending());
        stopper.complete(());
        assert_eq!(count.0.load(Ordering::Relaxed), 1);
        completer.complete(7);
        assert_eq!(count.0.load(Ordering::Relaxed), 2);
        assert_eq!(future.as_mut().poll(&mut cx), Poll::Ready(Some(7)));
    }

    #[test]
    fn both_stay_and_are_dropped_in_their_place() {
        let list = RefCell::default();
        {
            let both = until(Listed::new(&list), Listed::new(&list));
            let mut future = pin!(both);
            let mut cx = Context::from_waker(Waker::noop());
            assert!(future.as_mut().poll(&mut cx).is_pending());
            assert_eq!(list.borrow().len(), 2);
            let answer = future.as_mut().poll(&mut cx);
            assert_eq!(answer, Poll::Ready(Some(true)));
        }
        assert!(list.borrow().is_empty());
    }
}
