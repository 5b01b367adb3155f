//! A gate with a slot for each future that waits.

use std::collections::BTreeMap;
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

/// Closed until it is opened, once and for all who wait.
#[derive(Clone, Default)]
pub struct Gate {
    inner: Arc<Mutex<Inner>>,
}

// ANCHOR: slots
#[derive(Default)]
struct Inner {
    open: bool,
    next_key: u64,
    /// The newest waker of each future that waits.
    wakers: BTreeMap<u64, Waker>,
}

/// A future that is ready when the gate is open; see [`Gate::wait`].
#[must_use = "futures do nothing unless polled"]
pub struct Wait {
    inner: Arc<Mutex<Inner>>,
    key: u64,
}
// ANCHOR_END: slots

impl Gate {
    /// Returns a future that waits until the gate is open.
    ///
    /// Cancel safety: dropping it takes its waker out of the gate.
    pub fn wait(&self) -> Wait {
        let mut inner = self.inner.lock().expect("nothing panics in it");
        let key = inner.next_key;
        inner.next_key += 1;
        Wait { inner: self.inner.clone(), key }
    }

    /// Opens the gate and wakes everyone who waits.
    pub fn open(&self) {
        let mut inner = self.inner.lock().expect("nothing panics in it");
        inner.open = true;
        let wakers = mem::take(&mut inner.wakers);
        drop(inner);
        wakers.into_values().for_each(Waker::wake);
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
        let mut inner = self.inner.lock().expect("nothing panics in it");
        if inner.open {
            return Poll::Ready(());
        }
        let known = inner.wakers.get(&self.key);
        if !known.is_some_and(|waker| waker.will_wake(cx.waker())) {
            let newest = cx.waker().clone();
            let old = inner.wakers.insert(self.key, newest);
            drop(inner);
            // Its destructor is somebody else's code: not under our lock.
            drop(old);
        }
        Poll::Pending
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        let mut inner = self.inner.lock().expect("nothing panics in it");
        let mine = inner.wakers.remove(&self.key);
        drop(inner);
        drop(mine);
    }
}
// ANCHOR_END: poll

#[cfg(test)]
mod tests {
    use std::task::Wake;
    use std::time::Duration;

    use super::*;
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
        gate.open();
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

    /// The waker of a task that waits at the gate itself.
    struct Waiting(#[expect(dead_code, reason = "held to be dropped")] Wait);

    impl Wake for Waiting {
        fn wake(self: Arc<Self>) {}
    }

    #[test]
    fn the_last_waker_of_a_task_may_drop_another_wait() {
        let run = || {
            let gate = Gate::default();
            let mut wait = gate.wait();
            let last = Waker::from(Arc::new(Waiting(gate.wait())));
            assert!(poll(&mut wait, &last).is_pending());
            drop(last);
            // Replaces the last waker of that task, which drops its wait.
            poll(&mut wait, Waker::noop())
        };
        assert_eq!(watchdog(LIMIT, run), Ok(Poll::Pending));
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
