//! A timer whose thread ends when the future is dropped.

use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use super::threads;

/// A future that waits for a deadline; see [`sleep`].
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Sleep {
    deadline: Instant,
    /// `None` until a poll has started the thread.
    shared: Option<Arc<Shared>>,
}

/// Returns a future that is ready when `duration` has passed since this call.
/// A poll after that is ready too.
///
/// The first poll that has to wait starts a thread, and panics if the system
/// cannot start one.
///
/// Cancel safety: dropping it drops the waker, and its thread ends.
///
/// # Panics
/// When the deadline is too late for an [`Instant`].
pub fn sleep(duration: Duration) -> Sleep {
    Sleep { deadline: Instant::now() + duration, shared: None }
}

// ANCHOR: shared
#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    stop: Condvar,
}

#[derive(Debug)]
enum State {
    /// The deadline is to come, and this is the newest waker.
    Waiting(Waker),
    /// The deadline has passed.
    Passed,
    /// The future was dropped.
    Stopped,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing under the lock panics: no waker is cloned, woken or
        // dropped while it is held.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sleeps until `deadline` and returns whom to wake, or returns `None`
    /// as soon as the future is dropped.
    fn wait_until(&self, deadline: Instant) -> Option<Waker> {
        let mut state = self.lock();
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() || matches!(*state, State::Stopped) {
                break;
            }
            let woken = self.stop.wait_timeout(state, left);
            state = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
        match mem::replace(&mut *state, State::Passed) {
            State::Waiting(waker) => Some(waker),
            State::Passed | State::Stopped => None,
        }
    }
}
// ANCHOR_END: shared

// ANCHOR: poll
impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Some(shared) = &self.shared else {
            return self.start(cx.waker());
        };
        let newest = cx.waker().clone();
        let mut state = shared.lock();
        let State::Waiting(waker) = &mut *state else {
            return Poll::Ready(());
        };
        let old = mem::replace(waker, newest);
        drop(state);
        drop(old);
        Poll::Pending
    }
}

impl Sleep {
    /// The first poll.
    fn start(&mut self, waker: &Waker) -> Poll<()> {
        let deadline = self.deadline;
        if Instant::now() >= deadline {
            return Poll::Ready(());
        }
        let state = Mutex::new(State::Waiting(waker.clone()));
        let shared = Arc::new(Shared { state, stop: Condvar::new() });
        let its = shared.clone();
        threads::start(move |waiting| {
            let waker = its.wait_until(deadline);
            drop((waiting, its));
            if let Some(waker) = waker {
                waker.wake();
            }
        });
        self.shared = Some(shared);
        Poll::Pending
    }
}
// ANCHOR_END: poll

// ANCHOR: drop
impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(shared) = &self.shared {
            let mut state = shared.lock();
            let before = mem::replace(&mut *state, State::Stopped);
            drop(state);
            shared.stop.notify_one();
            drop(before);
        }
    }
}
// ANCHOR_END: drop

#[cfg(test)]
mod tests {
    use std::sync::{Barrier, Weak};
    use std::task::Wake;
    use std::thread;

    use super::*;
    use crate::proof::hostile::{Caught, Guest, Moment, caught, panics};
    use crate::proof::watchdog;
    use crate::wakers::block_on::flag::block_on;
    use crate::wakers::contract::count::Counter;

    const LIMIT: Duration = Duration::from_secs(30);
    const SOON: Duration = Duration::from_millis(5);
    const HOUR: Duration = Duration::from_secs(60 * 60);

    fn poll(sleep: &mut Sleep, waker: &Waker) -> Poll<()> {
        Pin::new(sleep).poll(&mut Context::from_waker(waker))
    }

    /// What the thread holds, without holding it.
    fn watch(sleep: &Sleep) -> Weak<Shared> {
        Arc::downgrade(sleep.shared.as_ref().expect("it was polled"))
    }

    fn wait_until_gone(shared: Weak<Shared>) {
        let gone = move || {
            while shared.strong_count() > 0 {
                thread::yield_now();
            }
        };
        watchdog(LIMIT, gone).expect("the thread ends");
    }

    #[test]
    fn it_takes_at_least_its_time() {
        let run = || {
            let start = Instant::now();
            block_on(sleep(SOON));
            start.elapsed()
        };
        assert!(watchdog(LIMIT, run).expect("it ends") >= SOON);
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
    #[should_panic(expected = "overflow")]
    fn a_deadline_beyond_the_clock_panics() {
        drop(sleep(Duration::MAX));
    }

    #[test]
    fn when_it_is_dropped_its_waker_goes_and_its_thread_ends() {
        let (counter, waker) = Counter::new();
        let mut future = sleep(HOUR);
        assert!(poll(&mut future, &waker).is_pending());
        let shared = watch(&future);
        assert_eq!(counter.wakers(), 2);
        drop(future);
        assert_eq!(counter.wakers(), 1);
        wait_until_gone(shared);
        assert_eq!(counter.wakes(), 0);
    }

    #[test]
    fn a_thread_that_sleeps_already_ends_too() {
        let mut future = sleep(HOUR);
        assert!(poll(&mut future, Waker::noop()).is_pending());
        let shared = watch(&future);
        // Time for the thread to fall asleep. Were it slower, it would see
        // `Stopped` before it sleeps, and end as well.
        thread::sleep(Duration::from_millis(50));
        drop(future);
        wait_until_gone(shared);
    }

    #[test]
    fn it_keeps_only_the_newest_waker() {
        let ((a, waker_a), (b, waker_b)) = (Counter::new(), Counter::new());
        let mut future = sleep(HOUR);
        assert!(poll(&mut future, &waker_a).is_pending());
        assert!(poll(&mut future, &waker_b).is_pending());
        assert!(poll(&mut future, &waker_b).is_pending());
        assert_eq!((a.wakers(), b.wakers()), (1, 2));
    }

    #[test]
    fn a_second_runner_is_woken() {
        let run = || {
            let mut future = sleep(Duration::from_millis(20));
            let _ = poll(&mut future, Waker::noop());
            block_on(future);
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
    }

    #[test]
    fn a_wake_of_the_condition_variable_for_no_reason_is_slept_through() {
        let (counter, waker) = Counter::new();
        let mut future = sleep(Duration::from_millis(200));
        assert!(poll(&mut future, &waker).is_pending());
        let shared = future.shared.clone().expect("it was polled");
        let run = move || {
            // The deadline is in no hurry: it may come in between.
            while let State::Waiting(_) = *shared.lock() {
                shared.stop.notify_one();
                thread::yield_now();
            }
        };
        let deadline = future.deadline;
        watchdog(LIMIT, run).expect("it passes");
        assert!(Instant::now() >= deadline);
        wait_until_no_waker_is_left_but_one(counter.clone());
        assert_eq!(counter.wakes(), 1);
        assert!(poll(&mut future, &waker).is_ready());
    }

    /// The thread's own is gone when it has woken.
    fn wait_until_no_waker_is_left_but_one(counter: Arc<Counter>) {
        // This function's handle counts as a waker.
        let woken = move || {
            while counter.wakers() > 2 {
                thread::yield_now();
            }
        };
        watchdog(LIMIT, woken).expect("the thread wakes and ends");
    }

    /// A task whose waker drops the sleep inside `wake`.
    struct Dropper(Mutex<Option<Sleep>>, Barrier);

    impl Wake for Dropper {
        fn wake(self: Arc<Self>) {
            drop(self.0.lock().unwrap().take());
            self.1.wait();
        }
    }

    #[test]
    fn a_waker_may_drop_the_sleep_inside_wake() {
        let run = || {
            let slot = Mutex::new(Some(sleep(SOON)));
            let task = Arc::new(Dropper(slot, Barrier::new(2)));
            let waker = Waker::from(task.clone());
            let mut slot = task.0.lock().unwrap();
            let first = poll(slot.as_mut().unwrap(), &waker);
            drop(slot);
            if first.is_pending() {
                task.1.wait();
                assert!(task.0.lock().unwrap().is_none());
            }
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
    }

    /// The waker of a task that waits for another sleep.
    struct Holds(#[expect(dead_code, reason = "held to drop")] Sleep);

    impl Wake for Holds {
        fn wake(self: Arc<Self>) {}
    }

    #[test]
    fn the_last_waker_of_a_task_may_drop_another_sleep() {
        let run = || {
            let mut other = sleep(HOUR);
            assert!(poll(&mut other, Waker::noop()).is_pending());
            let shared = watch(&other);
            let last = Waker::from(Arc::new(Holds(other)));
            let mut future = sleep(HOUR);
            assert!(poll(&mut future, &last).is_pending());
            drop(last);
            drop(future);
            wait_until_gone(shared);
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
    }

    /// What a waker does while it is cloned, replaced or dropped with the
    /// future: it looks at the state. It hangs where the lock is held.
    #[test]
    fn a_waker_may_want_the_lock_when_it_is_cloned_and_dropped() {
        let run = || {
            let mut future = sleep(HOUR);
            let guest = Guest::new();
            assert!(poll(&mut future, &guest.waker()).is_pending());
            let shared = watch(&future);
            // Held by each deed until it is done: the thread may have ended.
            let held = future.shared.clone().expect("it was polled");
            let look = move || drop(held.lock());
            guest.next(Moment::Clone, look.clone());
            guest.next(Moment::Drop, look.clone());
            let second = guest.waker();
            assert!(poll(&mut future, &second).is_pending());
            drop(second);
            assert_eq!(guest.deeds_left(), 0);
            guest.next(Moment::Drop, look);
            drop(future);
            assert_eq!((guest.deeds_left(), guest.handles()), (0, 0));
            wait_until_gone(shared);
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
    }

    #[test]
    fn a_waker_that_panics_while_it_is_dropped_lets_the_thread_end() {
        let run = || {
            let mut future = sleep(HOUR);
            let guest = Guest::new();
            assert!(poll(&mut future, &guest.waker()).is_pending());
            let shared = watch(&future);
            guest.next(Moment::Drop, panics);
            assert_eq!(caught(|| drop(future)), Err(Caught::Guest));
            wait_until_gone(shared);
            guest.handles()
        };
        assert_eq!(watchdog(LIMIT, run), Ok(0));
    }

    struct Bad;

    impl Wake for Bad {
        fn wake(self: Arc<Self>) {
            panic!("on purpose");
        }
    }

    #[test]
    fn a_waker_that_panics_leaves_the_sleep_ready() {
        let mut future = sleep(SOON);
        if poll(&mut future, &Waker::from(Arc::new(Bad))).is_pending() {
            let shared = watch(&future);
            let woken = move || {
                // The thread drops its share right before the wake.
                while shared.strong_count() > 1 {
                    thread::yield_now();
                }
            };
            watchdog(LIMIT, woken).expect("the deadline passes");
        }
        assert!(poll(&mut future, Waker::noop()).is_ready());
    }

    #[test]
    fn dropped_at_its_deadline_it_wakes_at_most_once() {
        let run = || {
            for _ in 0..100 {
                let (counter, waker) = Counter::new();
                let mut future = sleep(Duration::from_micros(50));
                if poll(&mut future, &waker).is_ready() {
                    continue;
                }
                drop(future);
                wait_until_no_waker_is_left_but_one(counter.clone());
                assert!(counter.wakes() <= 1);
            }
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
    }
}
