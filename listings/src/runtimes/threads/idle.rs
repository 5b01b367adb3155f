//! Which workers sleep, and where: one in the driver, the others by
//! themselves. No wake is lost.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::runtimes::executor::caught::catch;

// ANCHOR: to_wake
/// The workers that sleep or look for work.
#[derive(Debug, Default)]
pub struct Idle {
    sleepers: Mutex<Vec<usize>>,
    /// How many are in `sleepers`. Written under its lock.
    asleep: AtomicUsize,
    /// How many have nothing of their own, and look at the others' queues.
    searching: AtomicUsize,
}

impl Idle {
    /// A worker to wake for a task that was just put into a queue. Nobody is
    /// woken where a worker searches already, since it will find the task.
    pub fn to_wake(&self) -> Option<usize> {
        if self.is_searched() || self.asleep.load(Ordering::Relaxed) == 0 {
            return None;
        }
        let mut sleepers = self.lock();
        if self.is_searched() {
            return None;
        }
        let worker = sleepers.pop()?;
        self.asleep.store(sleepers.len(), Ordering::Relaxed);
        self.searching.fetch_add(1, Ordering::Relaxed);
        Some(worker)
    }
}
// ANCHOR_END: to_wake

impl Idle {
    /// Notes that a worker starts to look for work.
    pub fn search(&self) {
        self.searching.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes that a worker has found work. Whether it was the last to search:
    /// then it must look whether there is more, and wake another for that.
    pub fn found(&self) -> bool {
        self.searching.fetch_sub(1, Ordering::Relaxed) == 1
    }

    /// Notes that a worker that has found nothing wants to sleep. It must
    /// look once more **after** this, and before it sleeps.
    pub fn sleeps(&self, worker: usize) {
        let mut sleepers = self.lock();
        sleepers.push(worker);
        self.asleep.store(sleepers.len(), Ordering::Relaxed);
        self.searching.fetch_sub(1, Ordering::Relaxed);
    }

    /// Notes that a worker searches again, whoever woke it.
    pub fn is_up(&self, worker: usize) {
        let mut sleepers = self.lock();
        // If it is not there, `to_wake` took it off, and counted its search.
        if let Some(place) = sleepers.iter().position(|&it| it == worker) {
            sleepers.remove(place);
            self.asleep.store(sleepers.len(), Ordering::Relaxed);
            self.searching.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Idle {
    fn is_searched(&self) -> bool {
        self.searching.load(Ordering::Relaxed) > 0
    }

    fn lock(&self) -> MutexGuard<'_, Vec<usize>> {
        self.sleepers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether `to_wake` has not taken this worker off yet.
    pub fn is_asleep(&self, worker: usize) -> bool {
        self.lock().contains(&worker)
    }
}

// ANCHOR: driver
/// Where one worker waits while the others only sleep: for sockets, timers,
/// or whatever wakes tasks.
pub trait Driver: Send + Sync {
    /// Wakes the tasks whose event has come. Waits for such an event, for an
    /// `interrupt`, or until `limit` is over; without a `limit` as long as it
    /// takes. One worker at a time calls it.
    fn turn(&self, limit: Option<Duration>);

    /// Ends the `turn` that is going on, or else the next one at once.
    fn interrupt(&self);
}
// ANCHOR_END: driver

// ANCHOR: seat
/// A driver, and whether a worker is in it.
#[derive(Default)]
pub struct Seat {
    driver: Option<Box<dyn Driver>>,
    taken: AtomicBool,
}

impl Seat {
    /// Lets this thread have the driver, if there is one and it is free.
    pub fn take(&self) -> Option<Seated<'_>> {
        let driver = self.driver.as_deref()?;
        // Acquire and Release: one turn sees what the one before it did.
        if self.taken.swap(true, Ordering::Acquire) {
            return None;
        }
        Some(Seated { driver, taken: &self.taken })
    }
}

/// One worker has the driver, until this is dropped.
pub struct Seated<'a> {
    driver: &'a dyn Driver,
    taken: &'a AtomicBool,
}

impl Seated<'_> {
    /// One turn of the driver, which calls wakers and may panic.
    pub fn turn(&self, limit: Option<Duration>) {
        let _ = catch(|| self.driver.turn(limit));
    }
}

impl Drop for Seated<'_> {
    fn drop(&mut self) {
        self.taken.store(false, Ordering::Release);
    }
}
// ANCHOR_END: seat

impl Seat {
    /// A seat at `driver`, or none.
    pub fn new(driver: Option<Box<dyn Driver>>) -> Seat {
        Seat { driver, taken: AtomicBool::new(false) }
    }

    fn interrupt(&self) {
        if let Some(driver) = &self.driver {
            let _ = catch(|| driver.interrupt());
        }
    }
}

// ANCHOR: parker
/// Puts one worker to sleep. It remembers a wake that comes before.
#[derive(Debug, Default)]
pub struct Parker {
    state: Mutex<Parked>,
    woken: Condvar,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Parked {
    #[default]
    No,
    /// Waits for the condition variable.
    Here,
    /// Is in the driver.
    InDriver,
    /// Was woken, and has not noticed yet.
    Woken,
}
// ANCHOR_END: parker

// ANCHOR: park
impl Parker {
    /// Sleeps until it is woken, or the driver has something to tell.
    pub fn park(&self, seat: &Seat) {
        let seated = seat.take();
        let mut state = self.lock();
        if *state != Parked::Woken {
            if let Some(seated) = &seated {
                *state = Parked::InDriver;
                drop(state);
                seated.turn(None);
                state = self.lock();
            } else {
                *state = Parked::Here;
                while *state != Parked::Woken {
                    state = self
                        .woken
                        .wait(state)
                        .unwrap_or_else(PoisonError::into_inner);
                }
            }
        }
        *state = Parked::No;
    }

    /// Ends the sleep of the worker, or its next one.
    pub fn unpark(&self, seat: &Seat) {
        let mut state = self.lock();
        let before = std::mem::replace(&mut *state, Parked::Woken);
        drop(state);
        match before {
            Parked::Here => self.woken.notify_one(),
            // The driver is foreign code: it is called without the lock.
            Parked::InDriver => seat.interrupt(),
            Parked::No | Parked::Woken => {}
        }
    }
}
// ANCHOR_END: park

impl Parker {
    fn lock(&self) -> MutexGuard<'_, Parked> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::thread;

    use super::*;
    use crate::proof::watchdog;

    const LIMIT: Duration = Duration::from_secs(30);

    impl Parker {
        /// Whether its worker sleeps, and not in the driver.
        pub fn sleeps(&self) -> bool {
            *self.lock() == Parked::Here
        }
    }

    #[test]
    fn no_worker_is_woken_while_one_searches() {
        let idle = Idle::default();
        (0..2).for_each(|_| idle.search());
        assert_eq!(idle.to_wake(), None, "nobody sleeps");
        (0..2).for_each(|worker| idle.sleeps(worker));
        assert!(idle.is_asleep(1));
        assert_eq!(idle.to_wake(), Some(1));
        assert_eq!(idle.to_wake(), None, "worker 1 searches");
        assert!(!idle.is_asleep(1));
        assert!(idle.found(), "it was the only one");
        assert_eq!(idle.to_wake(), Some(0));
    }

    #[test]
    fn a_worker_that_gets_up_by_itself_is_a_searcher_too() {
        let idle = Idle::default();
        idle.search();
        idle.sleeps(0);
        idle.is_up(0);
        assert_eq!(idle.to_wake(), None);
        assert!(idle.found());
        idle.search();
        idle.sleeps(0);
        assert_eq!(idle.to_wake(), Some(0));
        idle.is_up(0);
        assert!(idle.found(), "it is counted once");
    }

    struct Nothing;

    impl Driver for Nothing {
        fn turn(&self, _limit: Option<Duration>) {}
        fn interrupt(&self) {}
    }

    #[test]
    fn the_seat_is_for_one() {
        assert!(Seat::new(None).take().is_none());
        let seat = Seat::new(Some(Box::new(Nothing)));
        let seated = seat.take();
        assert!(seated.is_some());
        (0..2).for_each(|_| assert!(seat.take().is_none()));
        drop(seated);
        assert!(seat.take().is_some());
    }

    #[test]
    fn a_parker_remembers_a_wake_and_two_are_one() {
        let (parker, seat) = (Parker::default(), Seat::default());
        (0..2).for_each(|_| parker.unpark(&seat));
        parker.park(&seat);
        assert_eq!(*parker.lock(), Parked::No);
    }
    /// Waits in each turn for an interrupt, and counts the turns.
    #[derive(Default)]
    struct Waits {
        turns: Mutex<usize>,
        parker: Parker,
    }

    impl Driver for Arc<Waits> {
        fn turn(&self, _limit: Option<Duration>) {
            self.parker.park(&Seat::default());
            *self.turns.lock().unwrap() += 1;
        }

        fn interrupt(&self) {
            self.parker.unpark(&Seat::default());
        }
    }

    /// Parks a thread, wakes it when `sleeps`, and waits for its end.
    fn parked(seat: Seat, sleeps: impl Fn(&Parker) -> bool) {
        let both = Arc::new((Parker::default(), seat));
        let worker = both.clone();
        let worker = thread::spawn(move || worker.0.park(&worker.1));
        while !sleeps(&both.0) {
            thread::yield_now();
        }
        both.0.unpark(&both.1);
        worker.join().unwrap();
    }

    #[test]
    fn a_worker_without_the_driver_sleeps_until_it_is_woken() {
        let run = || parked(Seat::default(), Parker::sleeps);
        assert_eq!(watchdog(LIMIT, run), Ok(()));
    }

    #[test]
    fn a_worker_in_the_driver_is_woken_through_the_driver() {
        let run = || {
            let driver = Arc::new(Waits::default());
            let seat = Seat::new(Some(Box::new(driver.clone())));
            parked(seat, |parker| *parker.lock() == Parked::InDriver);
            *driver.turns.lock().unwrap()
        };
        assert_eq!(watchdog(LIMIT, run), Ok(1));
    }
}
