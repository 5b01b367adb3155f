//! A gate that keeps one waker. With two tasks one is forgotten.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

/// Closed until it is opened, for one task that waits.
#[derive(Debug, Clone, Default)]
pub struct Gate {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug, Default)]
struct Inner {
    open: bool,
    waker: Option<Waker>,
}

/// A future that is ready when the gate is open; see [`Gate::wait`].
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Wait {
    inner: Arc<Mutex<Inner>>,
}

impl Gate {
    /// Returns a future that waits until the gate is open. Of several that
    /// wait, the gate wakes the one that was polled last.
    pub fn wait(&self) -> Wait {
        Wait { inner: self.inner.clone() }
    }

    /// Opens the gate and wakes.
    pub fn open(&self) {
        let mut inner = self.inner.lock().expect("nothing panics in it");
        inner.open = true;
        let waker = inner.waker.take();
        drop(inner);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

// ANCHOR: poll
impl Future for Wait {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        // Cloning a waker runs foreign code, so it comes before the lock.
        let newest = cx.waker().clone();
        let mut inner = self.inner.lock().expect("nothing panics in it");
        if inner.open {
            return Poll::Ready(());
        }
        let old = inner.waker.replace(newest);
        drop(inner);
        // Dropping a waker is foreign code too: the lock is free again.
        drop(old);
        Poll::Pending
    }
}
// ANCHOR_END: poll

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::proof::hostile::{Caught, Guest, Moment, caught, panics};
    use crate::proof::watchdog;
    use crate::wakers::contract::count::Counter;
    use crate::wakers::contract::fresh::fresh;

    fn poll(wait: &mut Wait, waker: &Waker) -> Poll<()> {
        Pin::new(wait).poll(&mut Context::from_waker(waker))
    }

    #[test]
    fn a_thousand_polls_keep_one_waker() {
        let gate = Gate::default();
        let (counter, first) = Counter::new();
        let mut wait = gate.wait();
        for _ in 0..1000 {
            assert!(poll(&mut wait, &fresh(&counter)).is_pending());
        }
        drop(first);
        assert_eq!(counter.wakers(), 1);
    }

    #[test]
    fn of_two_tasks_the_first_is_not_woken() {
        let gate = Gate::default();
        let ((a, waker_a), (b, waker_b)) = (Counter::new(), Counter::new());
        let (mut wait_a, mut wait_b) = (gate.wait(), gate.wait());
        assert!(poll(&mut wait_a, &waker_a).is_pending());
        assert!(poll(&mut wait_b, &waker_b).is_pending());
        gate.open();
        assert_eq!((a.wakes(), b.wakes()), (0, 1));
    }

    #[test]
    fn no_foreign_code_runs_under_its_lock() {
        let run = || {
            for moment in [Moment::Clone, Moment::Wake, Moment::Drop] {
                let (gate, guest) = (Gate::default(), Guest::new());
                let again = gate.clone();
                guest.next(moment, move || again.open());
                let mut wait = gate.wait();
                let waker = guest.waker();
                let _ = poll(&mut wait, &waker);
                // The old waker is dropped, if there is one.
                let _ = poll(&mut wait, &guest.waker());
                gate.open();
                drop(waker);
                let end = (guest.deeds_left(), guest.handles());
                assert_eq!(end, (0, 0), "{moment:?}");
            }
        };
        assert_eq!(watchdog(Duration::from_secs(10), run), Ok(()));
    }

    #[test]
    fn a_clone_that_panics_leaves_the_waker_of_the_poll_before() {
        let (gate, guest) = (Gate::default(), Guest::new());
        let (counter, good) = Counter::new();
        let mut wait = gate.wait();
        assert!(poll(&mut wait, &good).is_pending());
        guest.next(Moment::Clone, panics);
        let end = caught(|| poll(&mut wait, &guest.waker()));
        assert_eq!(end, Err(Caught::Guest));
        gate.open();
        assert_eq!(counter.wakes(), 1);
    }
}
