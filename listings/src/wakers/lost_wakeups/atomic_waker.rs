//! A place for the newest waker, shared with the code that wakes it.

use std::sync::{Mutex, MutexGuard};
use std::task::Waker;

// ANCHOR: atomic_waker
/// A place for the newest waker of one task. Its owner registers and then
/// looks; others change what it looks at, and then wake.
#[derive(Debug, Default)]
pub struct AtomicWaker {
    newest: Mutex<Option<Waker>>,
}

impl AtomicWaker {
    /// Keeps `waker` in place of the one before. A later [`wake`] finds it.
    /// From now on the caller sees what was done before an earlier `wake`.
    ///
    /// [`wake`]: AtomicWaker::wake
    pub fn register(&self, waker: &Waker) {
        let wakes_the_same = |kept: &Waker| kept.will_wake(waker);
        if self.lock().as_ref().is_some_and(wakes_the_same) {
            return;
        }
        // The lock is free while a waker is cloned and while one is dropped.
        let newest = waker.clone();
        let old = self.lock().replace(newest);
        drop(old);
    }

    /// Wakes the newest waker and forgets it. Without one it does nothing.
    ///
    /// # Panics
    /// When that waker panics.
    pub fn wake(&self) {
        if let Some(waker) = self.take() {
            waker.wake();
        }
    }

    /// Takes the newest waker out, to wake it later or not at all.
    pub fn take(&self) -> Option<Waker> {
        self.lock().take()
    }
}
// ANCHOR_END: atomic_waker

impl AtomicWaker {
    fn lock(&self) -> MutexGuard<'_, Option<Waker>> {
        self.newest.lock().expect("nothing panics in it")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::task::Wake;
    use std::time::Duration;

    use super::*;
    use crate::proof::hostile::{Caught, Guest, Moment, caught, panics};
    use crate::proof::watchdog;
    use crate::wakers::contract::count::Counter;

    #[test]
    fn a_wake_without_a_waker_does_nothing_and_is_not_kept() {
        let place = AtomicWaker::default();
        place.wake();
        let (counter, waker) = Counter::new();
        place.register(&waker);
        assert_eq!(counter.wakes(), 0);
        place.wake();
        place.wake();
        assert_eq!(counter.wakes(), 1);
    }

    #[test]
    fn the_newest_waker_wins_and_the_old_one_is_dropped() {
        let place = AtomicWaker::default();
        let ((a, waker_a), (b, waker_b)) = (Counter::new(), Counter::new());
        place.register(&waker_a);
        place.register(&waker_b);
        assert_eq!((a.wakers(), b.wakers()), (1, 2));
        place.wake();
        assert_eq!((a.wakes(), b.wakes()), (0, 1));
    }

    #[test]
    fn a_waker_that_is_known_is_not_cloned() {
        let place = AtomicWaker::default();
        let (counter, waker) = Counter::new();
        place.register(&waker);
        place.register(&waker);
        assert_eq!(counter.wakers(), 2);
    }

    #[test]
    fn a_waker_that_is_taken_wakes_no_more() {
        let place = AtomicWaker::default();
        let (counter, waker) = Counter::new();
        place.register(&waker);
        assert!(place.take().is_some_and(|taken| taken.will_wake(&waker)));
        place.wake();
        assert_eq!(counter.wakes(), 0);
    }

    #[test]
    fn a_clone_that_panics_leaves_the_old_waker_and_one_may_wake_it() {
        let run = || {
            let place = Arc::new(AtomicWaker::default());
            let (guest, (counter, old)) = (Guest::new(), Counter::new());
            place.register(&old);
            guest.next(Moment::Clone, panics);
            let bad = guest.waker();
            assert_eq!(caught(|| place.register(&bad)), Err(Caught::Guest));
            // The other clone wakes what is there, in the middle of it.
            let to_wake = place.clone();
            guest.next(Moment::Clone, move || to_wake.wake());
            place.register(&bad);
            assert_eq!(counter.wakes(), 1);
            place.wake();
            assert_eq!(guest.wakes(), 1);
            drop(bad);
            assert_eq!(guest.handles(), 0);
        };
        assert_eq!(watchdog(Duration::from_secs(30), run), Ok(()));
    }

    #[test]
    fn a_wake_or_a_drop_that_panics_leaves_a_place_that_works() {
        let run = || {
            let place = AtomicWaker::default();
            let (guest, (counter, good)) = (Guest::new(), Counter::new());
            place.register(&guest.waker());
            guest.next(Moment::Wake, panics);
            assert_eq!(caught(|| place.wake()), Err(Caught::Guest));
            place.register(&guest.waker());
            guest.next(Moment::Drop, panics);
            assert_eq!(caught(|| place.register(&good)), Err(Caught::Guest));
            place.wake();
            assert_eq!((counter.wakes(), guest.handles()), (1, 0));
        };
        assert_eq!(watchdog(Duration::from_secs(30), run), Ok(()));
    }

    /// A task whose waker registers again on the spot, and that also does so
    /// when it is dropped.
    struct OnTheSpot(Arc<AtomicWaker>);

    impl Wake for OnTheSpot {
        fn wake(self: Arc<Self>) {
            self.0.register(Waker::noop());
        }
    }

    impl Drop for OnTheSpot {
        fn drop(&mut self) {
            self.0.wake();
        }
    }

    #[test]
    fn the_wake_and_the_drop_of_a_waker_may_use_the_place() {
        let run = || {
            let place = Arc::new(AtomicWaker::default());
            place.register(&Waker::from(Arc::new(OnTheSpot(place.clone()))));
            place.wake();
            place.register(&Waker::from(Arc::new(OnTheSpot(place.clone()))));
            place.register(Waker::noop());
        };
        assert_eq!(watchdog(Duration::from_secs(30), run), Ok(()));
    }
}
