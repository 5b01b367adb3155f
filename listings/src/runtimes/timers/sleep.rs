//! A sleep that is an entry in the queue, and no thread.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use super::clock::{Clock, after};
use super::pages::{Key, Queue};
use crate::runtimes::executor::caught::catch;

// ANCHOR: timers
/// All timers of a runtime. A clone is another handle.
#[derive(Clone)]
pub struct Timers(Arc<Shared>);

struct Shared {
    queue: Mutex<Queue>,
    clock: Clock,
    /// Wakes the thread that sleeps until the earliest deadline.
    driver: Waker,
}

impl Timers {
    /// Wakes every timer that is due. Returns how many.
    pub fn fire(&self) -> usize {
        let now = self.now();
        let due = self.lock().take_due(now);
        let count = due.len();
        for waker in due {
            // A panic in a foreign waker must not end the loop.
            let _ = catch(|| waker.wake());
        }
        count
    }

    /// Puts a timer in, in place of an older one, and returns the old waker.
    fn set(
        &self,
        key: &mut Option<Key>,
        deadline: Instant,
        waker: Waker,
    ) -> Option<Waker> {
        let mut queue = self.lock();
        let earliest = queue.first().is_none_or(|first| deadline < first);
        let old = key.take().and_then(|key| queue.remove(key));
        *key = Some(queue.insert(deadline, waker));
        drop(queue);
        if earliest {
            // The thread may be asleep until a later deadline.
            self.0.driver.wake_by_ref();
        }
        old
    }
}
// ANCHOR_END: timers

// ANCHOR: sleep
/// A future that waits for a deadline.
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Sleep {
    timers: Timers,
    deadline: Instant,
    /// Its entry in the queue, while it waits.
    key: Option<Key>,
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        if this.timers.now() >= this.deadline {
            drop(this.leave());
            return Poll::Ready(());
        }
        let waker = cx.waker().clone();
        let old = this.timers.set(&mut this.key, this.deadline, waker);
        drop(old);
        Poll::Pending
    }
}

impl Sleep {
    /// Takes its waker out of the queue.
    fn leave(&mut self) -> Option<Waker> {
        let key = self.key.take()?;
        self.timers.lock().remove(key)
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        // The waker is dropped here, with the lock released.
        drop(self.leave());
    }
}
// ANCHOR_END: sleep

// ANCHOR: make
impl Timers {
    /// Returns a future that is ready when `duration` has passed since this
    /// call, or in 30 years if an [`Instant`] cannot hold that moment.
    pub fn sleep(&self, duration: Duration) -> Sleep {
        self.sleep_until(after(self.now(), duration))
    }

    /// Returns a future that is ready at `deadline`.
    ///
    /// Cancel safety: dropped, it leaves nothing behind.
    pub fn sleep_until(&self, deadline: Instant) -> Sleep {
        Sleep { timers: self.clone(), deadline, key: None }
    }
}
// ANCHOR_END: make

// ANCHOR: reset
impl Sleep {
    /// Gives it another deadline. A task that waits for it is woken then.
    pub fn reset(&mut self, deadline: Instant) {
        let waiting = self.leave();
        self.deadline = deadline;
        if let Some(waker) = waiting {
            self.timers.set(&mut self.key, deadline, waker);
        }
    }
}
// ANCHOR_END: reset

impl Sleep {
    /// When it is ready.
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// The timers that it belongs to.
    pub fn timers(&self) -> &Timers {
        &self.timers
    }
}

impl Timers {
    /// No timers yet. `driver` ends the sleep of the thread that calls
    /// [`fire`](Timers::fire).
    pub fn new(clock: Clock, driver: Waker) -> Timers {
        let queue = Mutex::new(Queue::new(clock.now()));
        Timers(Arc::new(Shared { queue, clock, driver }))
    }

    /// What time it is.
    pub fn now(&self) -> Instant {
        self.0.clock.now()
    }

    /// The clock.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// The earliest deadline.
    pub fn first(&self) -> Option<Instant> {
        self.lock().first()
    }

    /// How many sleeps wait.
    pub fn waiting(&self) -> usize {
        self.lock().len()
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        // Nothing under the lock panics: no waker is cloned, woken or
        // dropped while it is held.
        self.0.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Timers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Timers").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::hostile::{Guest, Moment, caught, panics};
    use crate::proof::watchdog;

    const LIMIT: Duration = Duration::from_secs(30);
    const SECOND: Duration = Duration::from_secs(1);

    fn timers() -> Timers {
        Timers::new(Clock::stopped(), Waker::noop().clone())
    }

    fn poll(sleep: &mut Sleep, guest: &Guest) -> Poll<()> {
        let waker = guest.waker();
        Pin::new(sleep).poll(&mut Context::from_waker(&waker))
    }

    fn pass(timers: &Timers, time: Duration) -> usize {
        timers.clock().jump(timers.now() + time);
        timers.fire()
    }

    #[test]
    fn it_is_woken_at_its_deadline_and_not_before() {
        let (timers, guest) = (timers(), Guest::new());
        let mut sleep = timers.sleep(2 * SECOND);
        assert!(poll(&mut sleep, &guest).is_pending());
        assert_eq!((pass(&timers, SECOND), guest.wakes()), (0, 0));
        assert_eq!((pass(&timers, SECOND), guest.wakes()), (1, 1));
        assert!(poll(&mut sleep, &guest).is_ready());
        assert_eq!((timers.waiting(), guest.handles()), (0, 0));
    }

    #[test]
    fn a_sleep_that_is_dropped_leaves_nothing_behind() {
        let (timers, guest) = (timers(), Guest::new());
        let mut sleep = timers.sleep(SECOND);
        assert_eq!(timers.waiting(), 0, "it is lazy");
        assert!(poll(&mut sleep, &guest).is_pending());
        assert_eq!((timers.waiting(), guest.handles()), (1, 1));
        drop(sleep);
        assert_eq!((timers.waiting(), guest.handles()), (0, 0));
    }

    #[test]
    fn a_sleep_that_does_not_wait_is_dropped_without_the_lock() {
        let (timers, guest) = (timers(), Guest::new());
        let never_polled = timers.sleep(SECOND);
        let mut over = timers.sleep(Duration::ZERO);
        assert!(poll(&mut over, &guest).is_ready());
        let run = move || {
            let _held = timers.lock();
            drop((never_polled, over));
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
    }

    #[test]
    fn the_newest_waker_of_a_sleep_is_woken() {
        let (timers, old, new) = (timers(), Guest::new(), Guest::new());
        let mut sleep = timers.sleep(SECOND);
        assert!(poll(&mut sleep, &old).is_pending());
        assert!(poll(&mut sleep, &new).is_pending());
        assert_eq!((timers.waiting(), old.handles()), (1, 0));
        pass(&timers, SECOND);
        assert_eq!((old.wakes(), new.wakes()), (0, 1));
    }

    #[test]
    fn a_sleep_of_the_longest_duration_is_pending_and_no_panic() {
        let (timers, guest) = (timers(), Guest::new());
        let mut sleep = timers.sleep(Duration::MAX);
        assert!(poll(&mut sleep, &guest).is_pending());
        assert_eq!(pass(&timers, 1_000_000 * SECOND), 0);
    }

    #[test]
    fn a_reset_moves_the_deadline_and_keeps_the_waker() {
        let (timers, guest) = (timers(), Guest::new());
        let start = timers.now();
        let mut sleep = timers.sleep(SECOND);
        assert!(poll(&mut sleep, &guest).is_pending());
        sleep.reset(start + 3 * SECOND);
        assert_eq!(pass(&timers, 2 * SECOND), 0);
        assert_eq!((pass(&timers, SECOND), guest.wakes()), (1, 1));
        assert!(poll(&mut sleep, &guest).is_ready());
        // And once more, after it was ready.
        sleep.reset(start + 4 * SECOND);
        assert!(poll(&mut sleep, &guest).is_pending());
        assert_eq!((pass(&timers, SECOND), guest.wakes()), (1, 2));
    }

    #[test]
    fn an_earlier_deadline_wakes_the_driver_and_a_later_one_does_not() {
        let (driver, guest) = (Guest::new(), Guest::new());
        let timers = Timers::new(Clock::stopped(), driver.waker());
        let sleeps = [(2, 1), (3, 1), (1, 2)].map(|(seconds, wakes)| {
            let mut sleep = timers.sleep(seconds * SECOND);
            assert!(poll(&mut sleep, &guest).is_pending());
            assert_eq!(driver.wakes(), wakes);
            sleep
        });
        drop(sleeps);
    }

    // Hostile guests: see `proof::hostile`.

    /// Sets and drops a timer inside a deed: the lock must be free.
    fn comes_back(timers: &Timers) -> impl FnOnce() + Send + use<> {
        let timers = timers.clone();
        move || {
            let mut again = timers.sleep(SECOND);
            assert!(poll(&mut again, &Guest::new()).is_pending());
            timers.fire();
        }
    }

    #[test]
    fn a_waker_may_use_the_timers_when_it_is_cloned_woken_and_dropped() {
        let run = || {
            let (timers, guest) = (timers(), Guest::new());
            let mut sleep = timers.sleep(SECOND);
            guest.next(Moment::Clone, comes_back(&timers));
            assert!(poll(&mut sleep, &guest).is_pending());
            guest.next(Moment::Drop, comes_back(&timers));
            assert!(poll(&mut sleep, &guest).is_pending());
            guest.next(Moment::Wake, comes_back(&timers));
            assert_eq!(pass(&timers, SECOND), 1);
            sleep.reset(timers.now() + SECOND);
            assert!(poll(&mut sleep, &guest).is_pending());
            guest.next(Moment::Drop, comes_back(&timers));
            drop(sleep);
            assert_eq!((guest.deeds_left(), guest.handles()), (0, 0));
            assert_eq!(timers.waiting(), 0);
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
    }

    #[test]
    fn a_waker_that_panics_at_its_deadline_keeps_no_other_asleep() {
        let (timers, bad, good) = (timers(), Guest::new(), Guest::new());
        bad.next(Moment::Wake, panics);
        let (mut one, mut two) = (timers.sleep(SECOND), timers.sleep(SECOND));
        assert!(poll(&mut one, &bad).is_pending());
        assert!(poll(&mut two, &good).is_pending());
        assert_eq!((pass(&timers, SECOND), good.wakes()), (2, 1));
        assert!(poll(&mut one, &good).is_ready());
        assert_eq!((bad.deeds_left(), bad.handles()), (0, 0));
    }

    #[test]
    fn a_waker_whose_clone_panics_leaves_a_sleep_that_can_be_polled_again() {
        let (timers, bad, good) = (timers(), Guest::new(), Guest::new());
        let mut sleep = timers.sleep(SECOND);
        bad.next(Moment::Clone, panics);
        assert!(caught(|| poll(&mut sleep, &bad)).is_err());
        assert!(poll(&mut sleep, &good).is_pending());
        assert_eq!((pass(&timers, SECOND), good.wakes()), (1, 1));
        assert_eq!(bad.handles(), 0);
    }
}
