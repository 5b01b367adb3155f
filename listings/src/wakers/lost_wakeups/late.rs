//! A signal whose future looks first and keeps its waker afterwards. It can
//! lose a wake.

use std::future::poll_fn;
use std::sync::Mutex;
use std::task::{Poll, Waker};

// ANCHOR: signal
/// One place for the waker of one task that waits for a condition.
#[derive(Debug, Default)]
pub struct Signal {
    waker: Mutex<Option<Waker>>,
}

impl Signal {
    /// Wakes the task that waits: the condition may hold now.
    pub fn notify(&self) {
        let waker = self.waker.lock().expect("nothing panics in it").take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn keep(&self, waker: &Waker) {
        let newest = waker.clone();
        let old =
            self.waker.lock().expect("nothing panics in it").replace(newest);
        // The lock is free here: a waker's destructor is foreign code.
        drop(old);
    }
}
// ANCHOR_END: signal

// ANCHOR: until
impl Signal {
    /// Waits until `holds` says `true`; it is asked at each poll.
    ///
    /// It can wait forever when the notice comes in the middle of a poll. A
    /// future that is dropped leaves its waker until the next notice or poll.
    pub fn until(
        &self,
        mut holds: impl FnMut() -> bool,
    ) -> impl Future<Output = ()> {
        poll_fn(move |cx| {
            if holds() {
                return Poll::Ready(());
            }
            self.keep(cx.waker());
            Poll::Pending
        })
    }
}
// ANCHOR_END: until

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
    use std::task::Context;
    use std::time::Duration;

    use super::*;
    use crate::proof::hostile::{Caught, Guest, Moment, caught, panics};
    use crate::proof::watchdog;
    use crate::wakers::contract::count::Counter;

    /// How often a future is woken when the notice comes between a look and
    /// the end of the poll, which is pending.
    fn wakes_of_a_notice_during_the_look() -> u32 {
        let (signal, done) = (Signal::default(), AtomicBool::new(false));
        let (counter, waker) = Counter::new();
        let mut wait = pin!(signal.until(|| {
            let holds = done.load(Relaxed);
            done.store(true, Relaxed);
            signal.notify();
            holds
        }));
        let mut cx = Context::from_waker(&waker);
        assert!(wait.as_mut().poll(&mut cx).is_pending());
        counter.wakes()
    }

    #[test]
    fn a_notice_during_the_look_wakes_nobody() {
        assert_eq!(wakes_of_a_notice_during_the_look(), 0);
    }

    #[test]
    fn a_notice_before_or_after_the_poll_is_not_lost() {
        let (signal, done) = (Signal::default(), AtomicBool::new(false));
        let (counter, waker) = Counter::new();
        let mut cx = Context::from_waker(&waker);
        let mut wait = pin!(signal.until(|| done.load(Relaxed)));
        assert!(wait.as_mut().poll(&mut cx).is_pending());
        done.store(true, Relaxed);
        signal.notify();
        assert_eq!(counter.wakes(), 1);
        assert!(wait.as_mut().poll(&mut cx).is_ready());
        let mut late = pin!(signal.until(|| done.load(Relaxed)));
        assert!(late.as_mut().poll(&mut cx).is_ready());
    }

    #[test]
    fn a_guest_that_panics_or_notifies_leaves_a_signal_that_works() {
        let run = || {
            let (signal, guest) = (Signal::default(), Guest::new());
            let (counter, good) = Counter::new();
            let mut wait = pin!(signal.until(|| false));
            let mut poll = |waker: &Waker| {
                wait.as_mut().poll(&mut Context::from_waker(waker)).is_ready()
            };
            let bad = guest.waker();
            guest.next(Moment::Clone, panics);
            assert_eq!(caught(|| poll(&bad)), Err(Caught::Guest));
            assert!(!poll(&bad));
            guest.next(Moment::Drop, panics);
            assert_eq!(caught(|| poll(&good)), Err(Caught::Guest));
            signal.notify();
            assert_eq!(counter.wakes(), 1);
            assert!(!poll(&bad));
            guest.next(Moment::Wake, panics);
            assert_eq!(caught(|| signal.notify()), Err(Caught::Guest));
            drop(bad);
            assert_eq!((guest.handles(), guest.deeds_left()), (0, 0));
        };
        assert_eq!(watchdog(Duration::from_secs(10), run), Ok(()));
    }
}
