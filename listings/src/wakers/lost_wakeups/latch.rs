//! A latch: one task waits until a number of others are done.

use std::future::poll_fn;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;

use super::atomic_waker::AtomicWaker;

// ANCHOR: latch
/// Counts down to zero, and then wakes the task that waits.
#[derive(Debug)]
pub struct Latch {
    left: AtomicUsize,
    waker: AtomicWaker,
}

impl Latch {
    /// A latch that is open after `times` calls of [`Latch::count_down`].
    pub fn new(times: usize) -> Latch {
        Latch { left: AtomicUsize::new(times), waker: AtomicWaker::default() }
    }

    /// Counts down by one. The waiter sees what the caller did before.
    ///
    /// # Panics
    /// When it is called more often than the latch counts, and when the waker
    /// of the waiting task panics. The latch is open then.
    pub fn count_down(&self) {
        let less = |left: usize| left.checked_sub(1);
        // Release: the waiter sees what was done before.
        let before = (self.left)
            .fetch_update(Ordering::Release, Ordering::Relaxed, less)
            .expect("the latch was counted down too often");
        if before == 1 {
            self.waker.wake();
        }
    }
}
// ANCHOR_END: latch

// ANCHOR: wait
impl Latch {
    /// Waits until the latch is open. Only one task may wait at a time.
    ///
    /// Cancel safety: the future may be dropped and made anew. The latch keeps
    /// the waker of a dropped one until the next poll, or until it opens.
    pub fn wait(&self) -> impl Future<Output = ()> {
        // Acquire: sees what was done before each `count_down`.
        let open = || self.left.load(Ordering::Acquire) == 0;
        poll_fn(move |cx| {
            if open() {
                return Poll::Ready(());
            }
            self.waker.register(cx.waker());
            // The last look comes after the waker is in its place.
            if open() { Poll::Ready(()) } else { Poll::Pending }
        })
    }
}
// ANCHOR_END: wait

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::pin::pin;
    use std::sync::Arc;
    use std::task::{Context, Waker};
    use std::thread;
    use std::time::Duration;

    use super::*;
    use crate::proof::hostile::{Caught, Guest, Moment, panics};
    use crate::proof::{hostile, watchdog};
    use crate::wakers::block_on::flag::block_on;
    use crate::wakers::contract::count::Counter;

    #[test]
    fn only_the_last_count_wakes() {
        let latch = Latch::new(2);
        let (counter, waker) = Counter::new();
        let mut cx = Context::from_waker(&waker);
        let mut wait = pin!(latch.wait());
        assert!(wait.as_mut().poll(&mut cx).is_pending());
        latch.count_down();
        assert_eq!(counter.wakes(), 0);
        latch.count_down();
        assert_eq!(counter.wakes(), 1);
        assert!(wait.as_mut().poll(&mut cx).is_ready());
    }

    #[test]
    fn a_latch_of_nothing_is_open_and_keeps_no_waker() {
        let latch = Latch::new(0);
        let (counter, waker) = Counter::new();
        let mut cx = Context::from_waker(&waker);
        assert!(pin!(latch.wait()).as_mut().poll(&mut cx).is_ready());
        assert_eq!(counter.wakers(), 1);
    }

    #[test]
    fn a_dropped_wait_leaves_its_waker_until_the_latch_opens() {
        let latch = Latch::new(1);
        let (counter, waker) = Counter::new();
        {
            let mut cx = Context::from_waker(&waker);
            assert!(pin!(latch.wait()).as_mut().poll(&mut cx).is_pending());
        }
        assert_eq!(counter.wakers(), 2);
        latch.count_down();
        assert_eq!((counter.wakers(), counter.wakes()), (1, 1));
    }

    #[test]
    fn one_count_too_many_panics_and_the_latch_stays_open() {
        let latch = Latch::new(0);
        let count = AssertUnwindSafe(|| latch.count_down());
        assert!(catch_unwind(count).is_err());
        let mut cx = Context::from_waker(Waker::noop());
        assert!(pin!(latch.wait()).as_mut().poll(&mut cx).is_ready());
    }

    #[test]
    fn four_threads_open_it_a_hundred_times() {
        let run = || {
            for _ in 0..100 {
                let latch = Arc::new(Latch::new(4));
                let threads = [(); 4].map(|()| {
                    let latch = latch.clone();
                    thread::spawn(move || latch.count_down())
                });
                block_on(latch.wait());
                for thread in threads {
                    thread.join().expect("it counts down");
                }
            }
        };
        assert_eq!(watchdog(Duration::from_secs(30), run), Ok(()));
    }

    #[test]
    fn a_waker_that_panics_leaves_the_latch_open() {
        let (latch, guest) = (Latch::new(1), Guest::new());
        let waker = guest.waker();
        let mut cx = Context::from_waker(&waker);
        let mut wait = pin!(latch.wait());
        assert!(wait.as_mut().poll(&mut cx).is_pending());
        guest.next(Moment::Wake, panics);
        let end = hostile::caught(|| latch.count_down());
        assert_eq!(end, Err(Caught::Guest));
        assert!(wait.as_mut().poll(&mut cx).is_ready());
    }
}
