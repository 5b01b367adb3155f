//! A future that is completed from outside, and wakes the runner that polled
//! it last.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

/// A future that waits for its [`Completer`]; see [`manual`].
#[must_use = "futures do nothing unless polled"]
pub struct Manual<T> {
    shared: Option<Arc<Mutex<Shared<T>>>>,
}

/// The other end of a [`Manual`]: it makes the future ready.
pub struct Completer<T> {
    shared: Arc<Mutex<Shared<T>>>,
}

struct Shared<T> {
    value: Option<T>,
    waker: Option<Waker>,
}

/// Returns a future and the means to complete it.
///
/// A completer that is dropped unused leaves its future pending forever.
///
/// Cancel safety: none. A value that has arrived and was not taken by a poll
/// is dropped with the future. A future that is dropped earlier leaves its
/// waker behind, until the completer is gone as well.
pub fn manual<T>() -> (Manual<T>, Completer<T>) {
    let empty = Shared { value: None, waker: None };
    let shared = Arc::new(Mutex::new(empty));
    (Manual { shared: Some(shared.clone()) }, Completer { shared })
}

// ANCHOR: poll
impl<T> Future for Manual<T> {
    type Output = T;

    /// # Panics
    /// When it is polled again after it was ready.
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        let shared = self.shared.as_ref();
        let shared = shared.expect("`Manual` polled after completion");
        // A waker is foreign code: cloned before the lock, dropped after it.
        let waker = cx.waker().clone();
        let mut inner = shared.lock().expect("nothing panics under this lock");
        if let Some(value) = inner.value.take() {
            drop(inner);
            self.shared = None;
            return Poll::Ready(value);
        }
        let old = inner.waker.replace(waker);
        drop(inner);
        drop(old);
        Poll::Pending
    }
}
// ANCHOR_END: poll

impl<T> Completer<T> {
    /// Makes the future ready with `value` and wakes the last that polled it.
    pub fn complete(self, value: T) {
        let lock = self.shared.lock();
        let mut inner = lock.expect("nothing panics under this lock");
        inner.value = Some(value);
        let waker = inner.waker.take();
        drop(inner);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl<T> fmt::Debug for Manual<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let done = self.shared.is_none();
        f.debug_struct("Manual").field("done", &done).finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Completer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Completer").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::hostile::{
        Caught, Guest, Moment, OnDrop, caught, panics,
    };
    use crate::proof::watchdog;
    use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
    use std::sync::mpsc;
    use std::task::Wake;
    use std::thread;
    use std::time::Duration;

    const LIMIT: Duration = Duration::from_secs(10);

    #[derive(Default)]
    struct Count(AtomicU32);

    impl Count {
        fn get(&self) -> u32 {
            self.0.load(Relaxed)
        }
    }

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Relaxed);
        }
    }

    fn poll<T>(future: &mut Manual<T>, waker: &Waker) -> Poll<T> {
        Pin::new(future).poll(&mut Context::from_waker(waker))
    }

    #[test]
    fn a_value_that_came_first_is_ready_at_once_and_wakes_nobody() {
        let (mut future, completer) = manual();
        completer.complete(7);
        assert_eq!(poll(&mut future, Waker::noop()), Poll::Ready(7));
    }

    #[test]
    fn the_newest_waker_wins() {
        let (old, new) =
            (Arc::new(Count::default()), Arc::new(Count::default()));
        let (mut future, completer) = manual();
        assert!(poll(&mut future, &old.clone().into()).is_pending());
        assert!(poll(&mut future, &new.clone().into()).is_pending());
        completer.complete(7);
        assert_eq!((old.get(), new.get()), (0, 1));
        assert_eq!(poll(&mut future, &new.clone().into()), Poll::Ready(7));
    }

    #[test]
    fn however_often_it_is_polled_it_holds_one_waker() {
        let count = Arc::new(Count::default());
        let waker = Waker::from(count.clone());
        let (mut future, _completer) = manual::<u32>();
        assert!(poll(&mut future, &waker).is_pending());
        assert_eq!(Arc::strong_count(&count), 3);
        for _ in 0..10 {
            assert!(poll(&mut future, &waker).is_pending());
        }
        assert_eq!(Arc::strong_count(&count), 3);
    }

    #[test]
    fn a_second_runner_is_woken() {
        let (mut future, completer) = manual();
        assert!(poll(&mut future, Waker::noop()).is_pending());

        let (polled, was_polled) = mpsc::channel();
        thread::spawn(move || {
            was_polled.recv().expect("the runner polls");
            completer.complete(7);
        });
        let value = watchdog(LIMIT, move || {
            pollster::block_on(std::future::poll_fn(|cx| {
                let answer = Pin::new(&mut future).poll(cx);
                // The completer is gone when the second poll says so.
                let _ = polled.send(());
                answer
            }))
        });
        assert_eq!(value, Ok(7));
    }

    #[test]
    fn completing_from_another_thread_is_never_missed() {
        let value = watchdog(LIMIT, || {
            let (future, completer) = manual();
            let other = thread::spawn(move || completer.complete(7));
            let value = pollster::block_on(future);
            other.join().expect("completing does not panic");
            value
        });
        assert_eq!(value, Ok(7));
    }

    #[test]
    fn a_waker_may_poll_inside_wake() {
        struct PollInside(Mutex<(Manual<u32>, Option<u32>)>);
        impl Wake for PollInside {
            fn wake(self: Arc<Self>) {
                let mut guard = self.0.lock().unwrap();
                let (future, seen) = &mut *guard;
                if let Poll::Ready(value) = poll(future, Waker::noop()) {
                    *seen = Some(value);
                }
            }
        }
        let seen = watchdog(LIMIT, || {
            let (future, completer) = manual();
            let inside = Arc::new(PollInside(Mutex::new((future, None))));
            let waker = Waker::from(inside.clone());
            assert!(poll(&mut inside.0.lock().unwrap().0, &waker).is_pending());
            completer.complete(7);
            inside.0.lock().unwrap().1
        });
        assert_eq!(seen, Ok(Some(7)));
    }

    #[test]
    fn a_value_that_comes_while_the_waker_is_cloned_is_not_missed() {
        let answer = watchdog(LIMIT, || {
            let (mut future, completer) = manual();
            let guest = Guest::new();
            guest.next(Moment::Clone, || completer.complete(7));
            poll(&mut future, &guest.waker())
        });
        assert_eq!(answer, Ok(Poll::Ready(7)));
    }

    #[test]
    fn an_old_waker_may_complete_when_it_is_dropped() {
        let answers = watchdog(LIMIT, || {
            let (mut future, completer) = manual();
            let held = OnDrop::new(|| completer.complete(7));
            let waker = Guest::new().waker_holding(held);
            let first = poll(&mut future, &waker);
            drop(waker); // The future holds the last of it.
            let second = poll(&mut future, Waker::noop());
            [first, second, poll(&mut future, Waker::noop())]
        });
        let expected = [Poll::Pending, Poll::Pending, Poll::Ready(7)];
        assert_eq!(answers, Ok(expected));
    }

    #[test]
    fn a_waker_that_panics_breaks_neither_half() {
        for moment in [Moment::Clone, Moment::Drop] {
            let value = watchdog(LIMIT, move || {
                let (mut future, completer) = manual();
                let guest = Guest::new();
                let waker = guest.waker();
                if moment == Moment::Drop {
                    // The panic comes when a newer waker replaces it.
                    assert!(poll(&mut future, &waker).is_pending());
                }
                guest.next(moment, panics);
                let newer = Guest::new().waker();
                let newer =
                    if moment == Moment::Drop { &newer } else { &waker };
                let end = caught(|| poll(&mut future, newer));
                assert_eq!(end, Err(Caught::Guest));
                completer.complete(7);
                poll(&mut future, Waker::noop())
            });
            assert_eq!(value, Ok(Poll::Ready(7)), "{moment:?}");
        }
    }

    #[test]
    fn completing_gives_the_waker_away() {
        let count = Arc::new(Count::default());
        let (mut future, completer) = manual();
        assert!(poll(&mut future, &count.clone().into()).is_pending());
        assert_eq!(Arc::strong_count(&count), 2);
        completer.complete(7);
        assert_eq!((Arc::strong_count(&count), count.get()), (1, 1));
    }

    #[test]
    fn its_debug_runs_no_foreign_code() {
        let (future, completer) = manual::<u32>();
        assert_eq!(format!("{future:?}"), "Manual { done: false, .. }");
        assert_eq!(format!("{completer:?}"), "Completer { .. }");
    }

    #[test]
    fn a_dropped_completer_leaves_the_future_pending_and_wakes_nobody() {
        let count = Arc::new(Count::default());
        let (mut future, completer) = manual::<u32>();
        assert!(poll(&mut future, &count.clone().into()).is_pending());
        drop(completer);
        assert_eq!(count.get(), 0);
        assert!(poll(&mut future, Waker::noop()).is_pending());
    }

    #[test]
    fn a_value_nobody_takes_is_dropped_with_the_future() {
        let value = Arc::new(());
        let (future, completer) = manual();
        completer.complete(value.clone());
        assert_eq!(Arc::strong_count(&value), 2);
        drop(future);
        assert_eq!(Arc::strong_count(&value), 1);
    }

    #[test]
    #[should_panic(expected = "`Manual` polled after completion")]
    fn a_poll_after_ready_panics() {
        let (mut future, completer) = manual();
        completer.complete(7);
        let _ = poll(&mut future, Waker::noop());
        let _ = poll(&mut future, Waker::noop());
    }
}
