//! A gate that keeps the waker of every poll. The list grows.

// ANCHOR: gate
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

/// Closed until it is opened, once and for all who wait.
#[derive(Debug, Clone, Default)]
pub struct Gate {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug, Default)]
struct Inner {
    open: bool,
    wakers: Vec<Waker>,
}

/// A future that is ready when the gate is open; see [`Gate::wait`].
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Wait {
    inner: Arc<Mutex<Inner>>,
}

impl Gate {
    /// Returns a future that waits until the gate is open.
    pub fn wait(&self) -> Wait {
        Wait { inner: self.inner.clone() }
    }

    /// Opens the gate and wakes. A waker that panics leaves those after it
    /// asleep; `own_slot`, the last gate of this chapter, wakes them too.
    pub fn open(&self) {
        let mut inner = self.inner.lock().expect("nothing panics in it");
        inner.open = true;
        let wakers = mem::take(&mut inner.wakers);
        drop(inner);
        wakers.into_iter().for_each(Waker::wake);
    }
}
// ANCHOR_END: gate

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
        inner.wakers.push(newest);
        Poll::Pending
    }
}
// ANCHOR_END: poll

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::hostile::{Caught, Guest, Moment, caught, panics};
    use crate::wakers::contract::count::Counter;

    #[test]
    fn everyone_who_waits_is_woken() {
        let gate = Gate::default();
        let tasks = [Counter::new(), Counter::new()];
        for (_, waker) in &tasks {
            let mut wait = gate.wait();
            let mut cx = Context::from_waker(waker);
            assert!(Pin::new(&mut wait).poll(&mut cx).is_pending());
        }
        gate.open();
        assert!(tasks.iter().all(|(counter, _)| counter.wakes() == 1));
        let mut cx = Context::from_waker(Waker::noop());
        assert!(Pin::new(&mut gate.wait()).poll(&mut cx).is_ready());
    }

    #[test]
    fn a_thousand_polls_keep_a_thousand_wakers() {
        let gate = Gate::default();
        let (counter, waker) = Counter::new();
        let mut wait = gate.wait();
        for _ in 0..1000 {
            let mut cx = Context::from_waker(&waker);
            assert!(Pin::new(&mut wait).poll(&mut cx).is_pending());
        }
        drop((wait, waker));
        assert_eq!(counter.wakers(), 1000);
        gate.open();
        assert_eq!((counter.wakers(), counter.wakes()), (0, 1000));
    }

    #[test]
    fn a_waker_that_panics_keeps_those_after_it_asleep() {
        let (gate, guest) = (Gate::default(), Guest::new());
        let (counter, good) = Counter::new();
        let (mut first, mut second) = (gate.wait(), gate.wait());
        let bad = guest.waker();
        for (wait, waker) in [(&mut first, &bad), (&mut second, &good)] {
            let mut cx = Context::from_waker(waker);
            assert!(Pin::new(wait).poll(&mut cx).is_pending());
        }
        guest.next(Moment::Wake, panics);
        assert_eq!(caught(|| gate.open()), Err(Caught::Guest));
        assert_eq!((counter.wakes(), counter.wakers()), (0, 1));
        let mut cx = Context::from_waker(Waker::noop());
        assert!(Pin::new(&mut second).poll(&mut cx).is_ready());
    }
}
