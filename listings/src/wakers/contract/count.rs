//! A waker that can be watched: it counts its wakes and its handles.

// ANCHOR: counter
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::task::{Context, Poll, Wake, Waker};

/// Stands for a task: its wakers lead here, and it counts what they do.
#[derive(Debug, Default)]
pub struct Counter {
    wakes: AtomicU32,
}

impl Wake for Counter {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.wakes.fetch_add(1, Relaxed);
    }
}

impl Counter {
    /// A new counter and its first waker.
    pub fn new() -> (Arc<Counter>, Waker) {
        let counter = Arc::new(Counter::default());
        (counter.clone(), Waker::from(counter))
    }

    /// How often one of its wakers was woken.
    pub fn wakes(&self) -> u32 {
        self.wakes.load(Relaxed)
    }

    /// How many wakers lead here. The caller's own handle is not one.
    pub fn wakers(self: &Arc<Self>) -> usize {
        Arc::strong_count(self) - 1
    }
}
// ANCHOR_END: counter

// ANCHOR: look
/// What the first poll of a future left behind.
#[derive(Debug, PartialEq, Eq)]
pub struct Look {
    /// The answer was `Pending`.
    pub pending: bool,
    /// How often the future woke during the poll.
    pub wakes: u32,
    /// How many wakers somebody kept.
    pub kept: usize,
}

/// Polls `future` once, with a waker of its own, and drops it afterwards.
pub fn look<F: Future>(future: F) -> Look {
    let mut future = pin!(future);
    let (counter, waker) = Counter::new();
    let answer = future.as_mut().poll(&mut Context::from_waker(&waker));
    drop(waker);
    Look {
        pending: matches!(answer, Poll::Pending),
        wakes: counter.wakes(),
        kept: counter.wakers(),
    }
}
// ANCHOR_END: look

#[cfg(test)]
mod tests {
    use super::*;
    use crate::futures::poll::countdown::countdown;
    use crate::futures::poll::forgetful;
    use crate::futures::poll::manual::manual;

    #[test]
    fn a_clone_is_one_more_handle_and_a_drop_one_less() {
        let (counter, waker) = Counter::new();
        assert_eq!(counter.wakers(), 1);
        let second = waker.clone();
        assert_eq!(counter.wakers(), 2);
        drop(waker);
        assert_eq!(counter.wakers(), 1);
        drop(second);
        assert_eq!((counter.wakers(), counter.wakes()), (0, 0));
    }

    #[test]
    fn wake_uses_the_handle_up_and_wake_by_ref_does_not() {
        let (counter, waker) = Counter::new();
        waker.wake_by_ref();
        assert_eq!((counter.wakers(), counter.wakes()), (1, 1));
        waker.wake();
        assert_eq!((counter.wakers(), counter.wakes()), (0, 2));
    }

    #[test]
    fn a_wake_from_another_thread_counts() {
        let (counter, waker) = Counter::new();
        std::thread::spawn(move || waker.wake()).join().unwrap();
        assert_eq!(counter.wakes(), 1);
    }

    #[test]
    fn a_pending_future_has_woken_or_keeps_a_waker() {
        let woken = Look { pending: true, wakes: 1, kept: 0 };
        assert_eq!(look(countdown(3)), woken);
        let (future, _completer) = manual::<u32>();
        assert_eq!(look(future), Look { pending: true, wakes: 0, kept: 1 });
        let ready = Look { pending: false, wakes: 0, kept: 0 };
        assert_eq!(look(countdown(0)), ready);
    }

    #[test]
    fn one_that_forgets_its_waker_has_done_neither() {
        let forgotten = Look { pending: true, wakes: 0, kept: 0 };
        assert_eq!(look(forgetful::countdown(3)), forgotten);
        assert_eq!(look(std::future::pending::<()>()), forgotten);
    }
}
