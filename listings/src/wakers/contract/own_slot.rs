//! A gate with a slot for each future that waits.

use std::collections::BTreeMap;
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use super::wake_all::wake_all;

/// Closed until it is opened, once and for all who wait.
#[derive(Debug, Clone, Default)]
pub struct Gate {
    inner: Arc<Mutex<Inner>>,
}

// ANCHOR: slots
#[derive(Debug, Default)]
struct Inner {
    open: bool,
    next_key: u64,
    /// The newest waker of each future that waits.
    wakers: BTreeMap<u64, Waker>,
}

/// A future that is ready when the gate is open; see [`Gate::wait`].
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Wait {
    inner: Arc<Mutex<Inner>>,
    key: u64,
}
// ANCHOR_END: slots

impl Gate {
    /// Returns a future that waits until the gate is open.
    ///
    /// Cancel safety: dropping the future takes its waker out of the gate.
    pub fn wait(&self) -> Wait {
        let mut inner = self.inner.lock().expect("nothing panics in it");
        let key = inner.next_key;
        inner.next_key += 1;
        Wait { inner: self.inner.clone(), key }
    }

    /// Opens the gate and wakes every task that waits.
    ///
    /// # Panics
    /// When a waker panics. The gate is open then, and all were woken.
    pub fn open(&self) {
        let mut inner = self.inner.lock().expect("nothing panics in it");
        inner.open = true;
        let wakers = mem::take(&mut inner.wakers);
        drop(inner);
        wake_all(wakers.into_values());
    }

    /// Whether the gate is open.
    pub fn is_open(&self) -> bool {
        self.inner.lock().expect("nothing panics in it").open
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
        let old = inner.wakers.insert(self.key, newest);
        drop(inner);
        // Dropping a waker is foreign code too: the lock is free again.
        drop(old);
        Poll::Pending
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        let mut inner = self.inner.lock().expect("nothing panics in it");
        let mine = inner.wakers.remove(&self.key);
        drop(inner);
        // Only now: its destructor may want the lock.
        drop(mine);
    }
}
// ANCHOR_END: poll

#[cfg(test)]
mod tests {
    use std::task::Wake;
    use std::time::Duration;

    use super::*;
    use crate::proof::hostile::{Caught, Guest, Moment, caught, panics};
    use crate::proof::watchdog;
    use crate::wakers::contract::count::Counter;
    use crate::wakers::contract::fresh::fresh;

    const LIMIT: Duration = Duration::from_secs(10);

    fn poll(wait: &mut Wait, waker: &Waker) -> Poll<()> {
        Pin::new(wait).poll(&mut Context::from_waker(waker))
    }

    #[test]
    fn both_tasks_are_woken() {
        let gate = Gate::default();
        let ((a, waker_a), (b, waker_b)) = (Counter::new(), Counter::new());
        let (mut wait_a, mut wait_b) = (gate.wait(), gate.wait());
        assert!(poll(&mut wait_a, &waker_a).is_pending());
        assert!(poll(&mut wait_b, &waker_b).is_pending());
        assert!(!gate.is_open());
        gate.open();
        assert!(gate.is_open());
        assert_eq!((a.wakes(), b.wakes()), (1, 1));
        assert!(poll(&mut wait_a, &waker_a).is_ready());
        assert!(poll(&mut wait_b, &waker_b).is_ready());
    }

    #[test]
    fn a_thousand_polls_keep_one_waker_even_if_each_brings_its_own() {
        let gate = Gate::default();
        let (counter, first) = Counter::new();
        drop(first);
        let mut wait = gate.wait();
        for _ in 0..1000 {
            assert!(poll(&mut wait, &fresh(&counter)).is_pending());
        }
        assert_eq!(counter.wakers(), 1);
        gate.open();
        assert_eq!(counter.wakes(), 1);
    }

    #[test]
    fn a_future_that_moves_to_another_task_wakes_only_that_one() {
        let gate = Gate::default();
        let ((a, waker_a), (b, waker_b)) = (Counter::new(), Counter::new());
        let mut wait = gate.wait();
        assert!(poll(&mut wait, &waker_a).is_pending());
        assert!(poll(&mut wait, &waker_b).is_pending());
        gate.open();
        assert_eq!((a.wakes(), b.wakes()), (0, 1));
    }

    #[test]
    fn a_dropped_wait_takes_its_waker_with_it() {
        let gate = Gate::default();
        let (counter, waker) = Counter::new();
        let mut wait = gate.wait();
        assert!(poll(&mut wait, &waker).is_pending());
        assert_eq!(counter.wakers(), 2);
        drop(wait);
        assert_eq!(counter.wakers(), 1);
        gate.open();
        assert_eq!(counter.wakes(), 0);
    }

    #[test]
    fn the_last_waker_of_a_task_may_drop_another_wait() {
        let run = || {
            let (gate, guest) = (Gate::default(), Guest::new());
            for replaced in [true, false] {
                let mut wait = gate.wait();
                let last = guest.waker_holding(gate.wait());
                assert!(poll(&mut wait, &last).is_pending());
                drop(last);
                if replaced {
                    assert!(poll(&mut wait, Waker::noop()).is_pending());
                    assert_eq!(guest.handles(), 0);
                }
                drop(wait);
                assert_eq!(guest.handles(), 0);
            }
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
    }

    #[test]
    fn a_clone_that_panics_leaves_the_waker_of_the_poll_before() {
        let run = || {
            let (gate, guest) = (Gate::default(), Guest::new());
            let (counter, first) = Counter::new();
            let mut wait = gate.wait();
            assert!(poll(&mut wait, &first).is_pending());
            guest.next(Moment::Clone, panics);
            let bad = guest.waker();
            let end = caught(|| poll(&mut wait, &bad));
            assert_eq!(end, Err(Caught::Guest));
            gate.open();
            assert_eq!(counter.wakes(), 1);
            assert!(poll(&mut wait, &bad).is_ready());
            drop((wait, bad));
            assert_eq!(guest.handles(), 0);
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
    }

    #[test]
    fn a_drop_that_panics_leaves_the_newest_waker() {
        let run = || {
            let (gate, guest) = (Gate::default(), Guest::new());
            let (counter, newest) = Counter::new();
            let mut wait = gate.wait();
            assert!(poll(&mut wait, &guest.waker()).is_pending());
            guest.next(Moment::Drop, panics);
            let end = caught(|| poll(&mut wait, &newest));
            assert_eq!(end, Err(Caught::Guest));
            gate.open();
            assert_eq!((counter.wakes(), guest.handles()), (1, 0));
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
    }

    #[test]
    fn a_waker_may_open_the_gate_when_it_is_cloned_or_dropped() {
        let run = || {
            let (gate, guest) = (Gate::default(), Guest::new());
            let mut wait = gate.wait();
            let opener = gate.clone();
            guest.next(Moment::Clone, move || opener.open());
            let answer = poll(&mut wait, &guest.waker());
            assert_eq!((answer, guest.handles()), (Poll::Ready(()), 0));

            let gate = Gate::default();
            let mut wait = gate.wait();
            let opener = gate.clone();
            assert!(poll(&mut wait, &guest.waker()).is_pending());
            guest.next(Moment::Drop, move || opener.open());
            let (counter, waker) = Counter::new();
            assert!(poll(&mut wait, &waker).is_pending());
            assert_eq!(counter.wakes(), 1, "opened in the middle of the poll");
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
    }

    #[test]
    fn a_waker_that_panics_keeps_no_other_asleep() {
        let run = || {
            let (gate, guest) = (Gate::default(), Guest::new());
            let (counter, good) = Counter::new();
            let (mut first, mut second) = (gate.wait(), gate.wait());
            assert!(poll(&mut first, &guest.waker()).is_pending());
            assert!(poll(&mut second, &good).is_pending());
            guest.next(Moment::Wake, panics);
            assert_eq!(caught(|| gate.open()), Err(Caught::Guest));
            assert_eq!((counter.wakes(), guest.handles()), (1, 0));
            assert!(poll(&mut first, Waker::noop()).is_ready());
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
    }

    #[test]
    fn a_waker_may_poll_inside_wake() {
        struct PollInside(Mutex<(Wait, bool)>);
        impl Wake for PollInside {
            fn wake(self: Arc<Self>) {
                let (wait, ready) = &mut *self.0.lock().unwrap();
                *ready = poll(wait, Waker::noop()).is_ready();
            }
        }
        let run = || {
            let gate = Gate::default();
            let inside = Arc::new(PollInside(Mutex::new((gate.wait(), false))));
            let waker = Waker::from(inside.clone());
            assert!(poll(&mut inside.0.lock().unwrap().0, &waker).is_pending());
            gate.open();
            inside.0.lock().unwrap().1
        };
        assert_eq!(watchdog(LIMIT, run), Ok(true));
    }

    #[test]
    fn opening_from_another_thread_is_never_missed() {
        let run = || {
            let gate = Gate::default();
            let opener = gate.clone();
            let thread = std::thread::spawn(move || opener.open());
            pollster::block_on(gate.wait());
            thread.join().expect("opening does not panic");
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
    }
}
