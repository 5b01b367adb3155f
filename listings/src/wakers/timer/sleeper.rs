//! A timer with a thread of its own, which sleeps and then wakes.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::{Duration, Instant};

use super::threads;

// ANCHOR: types
/// A future that waits for a deadline; see [`sleep`].
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Sleep {
    deadline: Instant,
    /// `None` until a poll has started the thread.
    shared: Option<Arc<Mutex<Shared>>>,
}

#[derive(Debug, Default)]
struct Shared {
    passed: bool,
    waker: Option<Waker>,
}

/// Returns a future that is ready when `duration` has passed since this call.
/// A poll after that is ready too.
///
/// The first poll that has to wait starts a thread, and panics if the system
/// cannot start one.
///
/// Cancel safety: nothing is lost when it is dropped, but its thread sleeps
/// on, keeps the waker until the end, and wakes it.
///
/// # Panics
/// When the deadline is too late for an [`Instant`].
pub fn sleep(duration: Duration) -> Sleep {
    Sleep { deadline: Instant::now() + duration, shared: None }
}
// ANCHOR_END: types

// ANCHOR: thread
/// Starts the thread that waits until `deadline`.
fn start(deadline: Instant) -> Arc<Mutex<Shared>> {
    let shared = Arc::new(Mutex::new(Shared::default()));
    let its = shared.clone();
    threads::start(move |waiting| {
        let now = Instant::now();
        thread::sleep(deadline.saturating_duration_since(now));
        drop(waiting);
        pass(&its);
    });
    shared
}

/// Notes that the deadline has passed, and wakes the task that polled last.
fn pass(shared: &Mutex<Shared>) {
    let mut inner = shared.lock().expect("nothing panics in it");
    inner.passed = true;
    let waker = inner.waker.take();
    drop(inner);
    if let Some(waker) = waker {
        waker.wake();
    }
}
// ANCHOR_END: thread

// ANCHOR: poll
impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let deadline = self.deadline;
        if self.shared.is_none() && Instant::now() >= deadline {
            return Poll::Ready(());
        }
        let shared = self.shared.get_or_insert_with(|| start(deadline));
        let newest = cx.waker().clone();
        let mut inner = shared.lock().expect("nothing panics in it");
        if inner.passed {
            return Poll::Ready(());
        }
        let old = inner.waker.replace(newest);
        drop(inner);
        drop(old);
        Poll::Pending
    }
}
// ANCHOR_END: poll

#[cfg(test)]
mod tests {
    use std::task::Wake;

    use super::*;
    use crate::proof::hostile::{Caught, Guest, Moment, caught, panics};
    use crate::proof::watchdog;
    use crate::wakers::block_on::flag::block_on;
    use crate::wakers::contract::count::Counter;

    const LIMIT: Duration = Duration::from_secs(30);
    const HOUR: Duration = Duration::from_secs(60 * 60);

    fn poll(sleep: &mut Sleep, waker: &Waker) -> Poll<()> {
        Pin::new(sleep).poll(&mut Context::from_waker(waker))
    }

    /// A sleep whose deadline passes when the test calls `pass`.
    fn by_hand() -> (Sleep, Arc<Mutex<Shared>>) {
        let shared = Arc::new(Mutex::new(Shared::default()));
        let deadline = Instant::now() + HOUR;
        (Sleep { deadline, shared: Some(shared.clone()) }, shared)
    }

    #[test]
    fn it_takes_at_least_its_time() {
        let time = Duration::from_millis(30);
        let run = move || {
            let start = Instant::now();
            block_on(sleep(time));
            start.elapsed()
        };
        assert!(watchdog(LIMIT, run).expect("it ends") >= time);
    }

    #[test]
    fn its_time_begins_with_the_call() {
        let mut late = sleep(Duration::from_millis(5));
        thread::sleep(Duration::from_millis(5));
        assert!(poll(&mut late, Waker::noop()).is_ready());
    }

    #[test]
    fn without_a_poll_or_after_its_deadline_it_has_no_thread() {
        let mut done = sleep(Duration::ZERO);
        assert!(done.shared.is_none());
        assert!(poll(&mut done, Waker::noop()).is_ready());
        assert!(poll(&mut done, Waker::noop()).is_ready());
        assert!(done.shared.is_none());
    }

    #[test]
    fn the_newest_waker_is_woken_once() {
        let (mut sleep, shared) = by_hand();
        let ((a, waker_a), (b, waker_b)) = (Counter::new(), Counter::new());
        assert!(poll(&mut sleep, &waker_a).is_pending());
        assert!(poll(&mut sleep, &waker_b).is_pending());
        assert!(poll(&mut sleep, &waker_b).is_pending());
        assert_eq!((a.wakers(), b.wakers()), (1, 2));
        pass(&shared);
        assert_eq!((a.wakes(), b.wakes()), (0, 1));
        assert!(poll(&mut sleep, &waker_b).is_ready());
        assert!(poll(&mut sleep, &waker_a).is_ready());
        assert_eq!((a.wakers(), b.wakers()), (1, 1));
    }

    /// A task whose waker polls on the spot.
    struct OnTheSpot(Mutex<Sleep>);

    impl Wake for OnTheSpot {
        fn wake(self: Arc<Self>) {
            let answer = poll(&mut self.0.lock().unwrap(), Waker::noop());
            assert!(answer.is_ready());
        }
    }

    #[test]
    fn a_waker_may_poll_inside_wake() {
        let run = || {
            let (sleep, shared) = by_hand();
            let task = Arc::new(OnTheSpot(Mutex::new(sleep)));
            let waker = Waker::from(task.clone());
            let answer = poll(&mut task.0.lock().unwrap(), &waker);
            assert!(answer.is_pending());
            pass(&shared);
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
    }

    /// What a waker does while it is cloned or dropped: it lets the deadline
    /// pass, as the thread may at any time. It hangs where a lock is held.
    #[test]
    fn the_deadline_may_pass_inside_clone_and_drop_of_a_waker() {
        for moment in [Moment::Clone, Moment::Drop] {
            let run = move || {
                let (mut sleep, shared) = by_hand();
                let guest = Guest::new();
                let first = guest.waker();
                assert!(poll(&mut sleep, &first).is_pending());
                drop(first);
                guest.next(moment, move || pass(&shared));
                let second = guest.waker();
                let answer = poll(&mut sleep, &second);
                assert_eq!(answer.is_ready(), moment == Moment::Clone);
                assert!(poll(&mut sleep, &second).is_ready());
                drop((sleep, second));
                (guest.deeds_left(), guest.handles())
            };
            assert_eq!(watchdog(LIMIT, run), Ok((0, 0)), "{moment:?}");
        }
    }

    #[test]
    fn a_panicking_waker_leaves_the_first_timer_ready() {
        for moment in [Moment::Clone, Moment::Wake, Moment::Drop] {
            let (mut sleep, shared) = by_hand();
            let guest = Guest::new();
            assert!(poll(&mut sleep, &guest.waker()).is_pending());
            guest.next(moment, panics);
            let waker = Waker::noop();
            let end = match moment {
                Moment::Wake => caught(|| {
                    pass(&shared);
                    true
                }),
                Moment::Clone => {
                    let waker = guest.waker();
                    caught(|| poll(&mut sleep, &waker).is_ready())
                }
                _ => caught(|| poll(&mut sleep, waker).is_ready()),
            };
            assert_eq!(end, Err(Caught::Guest), "{moment:?}");
            pass(&shared);
            assert!(poll(&mut sleep, waker).is_ready());
            drop((sleep, shared));
            assert_eq!((guest.deeds_left(), guest.handles()), (0, 0));
        }
    }

    #[test]
    fn a_poll_that_nobody_asked_for_is_pending() {
        let (mut sleep, _shared) = by_hand();
        for _ in 0..3 {
            assert!(poll(&mut sleep, Waker::noop()).is_pending());
        }
    }

    #[test]
    fn a_dropped_sleep_leaves_its_waker_behind() {
        let (mut sleep, shared) = by_hand();
        let (counter, waker) = Counter::new();
        assert!(poll(&mut sleep, &waker).is_pending());
        drop((sleep, waker));
        assert_eq!((counter.wakers(), counter.wakes()), (1, 0));
        pass(&shared);
        assert_eq!((counter.wakers(), counter.wakes()), (0, 1));
    }
}
