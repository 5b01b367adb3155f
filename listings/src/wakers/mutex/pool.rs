//! The mutex with several values, and a semaphore: a pool of `()`.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::pin::Pin;
use std::sync::{self, PoisonError};
use std::task::{Context, Poll, Waker};

use crate::wakers::channel::waiters::Waiters;
use crate::wakers::contract::wake_all::wake_all;

// ANCHOR: pool
/// Each value goes to one task at a time. The tasks wait in a line.
pub struct Pool<T> {
    state: sync::Mutex<State<T>>,
}

struct State<T> {
    /// The values that nobody holds, while nobody waits.
    free: Vec<T>,
    /// The values that are kept for futures that were served.
    given: Vec<T>,
    waiters: Waiters,
}

impl<T> State<T> {
    /// Gives a value to the future that has waited longest, which is to be
    /// woken. If none waits, the value is free.
    fn give(&mut self, value: T) -> Option<Waker> {
        let Some((_, waker)) = self.waiters.serve() else {
            self.free.push(value);
            return None;
        };
        self.given.push(value);
        Some(waker)
    }
}
// ANCHOR_END: pool

/// A future of one of the values; see [`Pool::take`].
#[must_use = "futures do nothing unless polled"]
pub struct Take<'a, T> {
    pool: &'a Pool<T>,
    /// Its number in the line, if it had to wait.
    number: Option<u64>,
}

/// Holds a value of the pool, and gives it back when dropped.
#[must_use = "a loan that is dropped gives the value back"]
pub struct Loan<'a, T> {
    pool: &'a Pool<T>,
    /// `None` only while the loan is dropped.
    value: Option<T>,
}

impl<T> Pool<T> {
    /// A pool of these values.
    pub fn new(values: impl Into<Vec<T>>) -> Self {
        let (free, waiters) = (values.into(), Waiters::default());
        let state = State { free, given: vec![], waiters };
        Pool { state: sync::Mutex::new(state) }
    }

    /// Returns a future of one of the values. Its first poll takes a value
    /// or a place in the line. Polled again after it was ready, it asks anew.
    ///
    /// Cancel safety: dropping it gives up the place. If its turn had come,
    /// the next one has it.
    pub fn take(&self) -> Take<'_, T> {
        Take { pool: self, number: None }
    }

    /// One of the values, if one is free and nobody waits. Never waits.
    pub fn try_take(&self) -> Option<Loan<'_, T>> {
        let value = Some(self.state().free.pop()?);
        Some(Loan { pool: self, value })
    }

    /// How many values are there for a newcomer.
    pub fn free(&self) -> usize {
        self.state().free.len()
    }

    fn state(&self) -> sync::MutexGuard<'_, State<T>> {
        // A panic under this lock leaves nothing half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

// ANCHOR: semaphore
/// A pool of permits: at most so many tasks have one at a time.
pub type Semaphore = Pool<()>;

impl Semaphore {
    /// A semaphore with so many permits.
    pub fn with_permits(permits: usize) -> Self {
        Pool::new(vec![(); permits])
    }
}
// ANCHOR_END: semaphore

impl<'a, T> Take<'a, T> {
    /// A value, if one is free for this future or one was given to it.
    fn loan(&mut self, state: &mut State<T>) -> Option<Loan<'a, T>> {
        let value = match self.number {
            None => state.free.pop(),
            Some(number) if state.waiters.contains(number) => None,
            Some(_) => state.given.pop(),
        };
        let value = Some(value?);
        self.number = None;
        Some(Loan { pool: self.pool, value })
    }

    /// Waits in the line with the newest waker. Returns an older one.
    fn wait(&mut self, state: &mut State<T>, waker: Waker) -> Option<Waker> {
        if let Some(number) = self.number {
            return Some(state.waiters.renew(number, waker));
        }
        self.number = Some(state.waiters.join(waker));
        None
    }
}

impl<'a, T> Future for Take<'a, T> {
    type Output = Loan<'a, T>;

    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Loan<'a, T>> {
        let pool = self.pool;
        let mut loan = self.loan(&mut pool.state());
        if loan.is_none() {
            // A clone is the waker's own code: no lock is held meanwhile.
            let waker = cx.waker().clone();
            let mut state = pool.state();
            // A value may have come since.
            loan = self.loan(&mut state);
            if loan.is_none() {
                let old = self.wait(&mut state, waker);
                drop(state);
                drop(old);
                return Poll::Pending;
            }
        }
        // If a clone that is not needed panics in its drop, so does this poll,
        // and the loan gives the value back.
        loan.map_or(Poll::Pending, Poll::Ready)
    }
}

impl<T> Drop for Take<'_, T> {
    fn drop(&mut self) {
        if let Some(number) = self.number {
            self.pool.leave(number);
        }
    }
}

impl<T> Pool<T> {
    // `#[cold]` says that it is seldom called: most do not wait.
    #[cold]
    fn leave(&self, number: u64) {
        let mut state = self.state();
        let waker = state.waiters.leave(number);
        let was_served = waker.is_none();
        // A value that was given and is not used goes to the next.
        let unused = if was_served { state.given.pop() } else { None };
        let next = unused.and_then(|value| state.give(value));
        drop(state);
        drop(waker);
        wake_all(next);
    }
}

impl<T> Drop for Loan<'_, T> {
    fn drop(&mut self) {
        let mut state = self.pool.state();
        let next = self.value.take().and_then(|value| state.give(value));
        drop(state);
        wake_all(next);
    }
}

impl<T> Deref for Loan<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value.as_ref().expect("it is there until the drop")
    }
}

impl<T> DerefMut for Loan<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.value.as_mut().expect("it is there until the drop")
    }
}

impl<T> fmt::Debug for Pool<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Take<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Take").finish_non_exhaustive()
    }
}

impl<T: fmt::Debug> fmt::Debug for Loan<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
    use std::thread;
    use std::time::Duration;

    use super::*;
    use crate::futures::combinators::once::poll_now;
    use crate::proof::hostile::{Caught, Guest, Moment, caught, panics};
    use crate::proof::watchdog;
    use crate::wakers::block_on::flag::block_on;
    use crate::wakers::contract::count::Counter;

    const LIMIT: Duration = Duration::from_secs(30);

    fn poll<'a, T>(take: &mut Take<'a, T>, waker: &Waker) -> Poll<Loan<'a, T>> {
        Pin::new(take).poll(&mut Context::from_waker(waker))
    }

    #[test]
    fn each_value_is_with_one_loan_at_a_time() {
        let pool = Pool::new(["a", "b"]);
        let (b, a) = (poll_now(pool.take()), poll_now(pool.take()));
        assert_eq!((b.as_deref(), a.as_deref()), (Some(&"b"), Some(&"a")));
        assert!(poll_now(pool.take()).is_none());
        drop(a);
        assert_eq!(poll_now(pool.take()).as_deref(), Some(&"a"));
        drop(b);
        assert_eq!(pool.free(), 2);
    }

    #[test]
    fn a_semaphore_of_one_takes_turns_like_a_mutex() {
        let semaphore = Semaphore::with_permits(1);
        let permit = poll_now(semaphore.take()).expect("it is free");
        let ((a, waker_a), (b, waker_b)) = (Counter::new(), Counter::new());
        let (mut waits_a, mut waits_b) = (semaphore.take(), semaphore.take());
        assert!(poll(&mut waits_a, &waker_a).is_pending());
        assert!(poll(&mut waits_b, &waker_b).is_pending());
        drop(permit);
        assert_eq!((a.wakes(), b.wakes()), (1, 0));
        assert!(poll(&mut waits_b, &waker_b).is_pending());
        drop(waits_a);
        assert_eq!(b.wakes(), 1);
        assert!(poll(&mut waits_b, &waker_b).is_ready());
    }

    #[test]
    fn two_permits_that_come_back_wake_two_and_no_newcomer_has_either() {
        let semaphore = Semaphore::with_permits(2);
        let permits = [poll_now(semaphore.take()), poll_now(semaphore.take())];
        let ((a, waker_a), (b, waker_b)) = (Counter::new(), Counter::new());
        let (mut waits_a, mut waits_b) = (semaphore.take(), semaphore.take());
        assert!(poll(&mut waits_a, &waker_a).is_pending());
        assert!(poll(&mut waits_b, &waker_b).is_pending());
        drop(permits);
        assert_eq!((a.wakes(), b.wakes(), semaphore.free()), (1, 1, 0));
        assert!(poll_now(semaphore.take()).is_none());
        assert!(poll(&mut waits_b, &waker_b).is_ready());
        assert!(poll(&mut waits_a, &waker_a).is_ready());
        assert_eq!(semaphore.free(), 2);
    }

    #[test]
    fn a_waiter_may_give_up_at_any_place_and_the_others_have_the_values() {
        // So many values come back before one gives up.
        for back in 0..=2 {
            for gone in 0..4 {
                let semaphore = Semaphore::with_permits(2);
                let mut permits = [(); 2].map(|()| poll_now(semaphore.take()));
                let counters = [(); 4].map(|()| Counter::new());
                let mut waits = counters.each_ref().map(|(_, waker)| {
                    let mut take = semaphore.take();
                    assert!(poll(&mut take, waker).is_pending());
                    Some(take)
                });
                permits[..back].fill_with(|| None);
                waits[gone] = None;
                permits.fill_with(|| None);
                let mut turns = vec![];
                let woken = |n: &usize| counters[*n].0.wakes() > 0;
                while let Some(n) =
                    (0..4).filter(woken).find(|n| waits[*n].is_some())
                {
                    assert_eq!(counters[n].0.wakes(), 1, "{back} {gone}");
                    let mut take = waits[n].take().expect("it waits");
                    assert!(poll(&mut take, &counters[n].1).is_ready());
                    turns.push(n);
                }
                let mut others = vec![0, 1, 2, 3];
                others.remove(gone);
                assert_eq!(turns, others, "{back} {gone}");
                assert_eq!(semaphore.free(), 2);
            }
        }
    }

    #[test]
    fn never_more_than_the_permits_are_inside() {
        let run = || {
            let semaphore = Arc::new(Semaphore::with_permits(2));
            let (inside, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
            let rounds = || {
                for _ in 0..250 {
                    let permit = block_on(semaphore.take());
                    most.fetch_max(inside.fetch_add(1, SeqCst) + 1, SeqCst);
                    inside.fetch_sub(1, SeqCst);
                    drop(permit);
                }
            };
            thread::scope(|scope| {
                for _ in 0..4 {
                    scope.spawn(rounds);
                }
            });
            (most.into_inner() <= 2, semaphore.free())
        };
        assert_eq!(watchdog(LIMIT, run), Ok((true, 2)));
    }

    #[test]
    fn a_value_that_comes_while_the_waker_is_cloned_is_taken() {
        let run = || {
            let all: &'static Pool<u32> = Box::leak(Box::new(Pool::new([7])));
            let held = all.try_take();
            let guest = Guest::new();
            guest.next(Moment::Clone, move || drop(held));
            let mut it = all.take();
            let is_ready = poll(&mut it, &guest.waker()).is_ready();
            (is_ready, guest.deeds_left(), guest.handles())
        };
        assert_eq!(watchdog(LIMIT, run), Ok((true, 0, 0)));
    }

    #[test]
    fn a_waker_may_come_back_as_it_is_replaced_or_dropped() {
        let run = || {
            let all: &'static Pool<u32> = Box::leak(Box::new(Pool::new([7])));
            let _held = all.try_take();
            let guest = Guest::new();
            let mut it = all.take();
            assert!(poll(&mut it, &guest.waker()).is_pending());
            guest.next(Moment::Drop, || assert!(all.try_take().is_none()));
            assert!(poll(&mut it, &guest.waker()).is_pending());
            guest.next(Moment::Drop, || assert!(all.try_take().is_none()));
            drop(it);
            (guest.deeds_left(), guest.handles())
        };
        assert_eq!(watchdog(LIMIT, run), Ok((0, 0)));
    }

    #[test]
    fn a_waker_that_panics_in_its_clone_leaves_no_place_behind() {
        let all = Pool::new([7]);
        let held = all.try_take();
        let guest = Guest::new();
        guest.next(Moment::Clone, panics);
        let mut it = all.take();
        let waker = guest.waker();
        let poll_it = || poll(&mut it, &waker).is_ready();
        assert_eq!(caught(poll_it), Err(Caught::Guest));
        drop(held);
        assert!(all.try_take().is_some(), "nobody is in the line");
        drop((it, waker));
        assert_eq!(guest.handles(), 0);
    }

    #[test]
    fn a_waker_that_panics_in_a_panic_does_not_end_the_process() {
        let run = || {
            let all = Pool::new([7]);
            let held = all.try_take();
            let guest = Guest::new();
            let mut it = all.take();
            assert!(poll(&mut it, &guest.waker()).is_pending());
            guest.next(Moment::Wake, panics);
            let worker = || {
                let _held = held;
                std::panic::resume_unwind(Box::new("the worker's own"));
            };
            let own = Caught::Other("the worker's own".to_string());
            assert_eq!(caught::<()>(worker), Err(own));
            assert_eq!((guest.wakes(), guest.deeds_left()), (1, 0));
            poll(&mut it, Waker::noop()).is_ready()
        };
        assert_eq!(watchdog(LIMIT, run), Ok(true));
    }

    #[test]
    fn a_waker_that_panics_as_a_turn_is_passed_on_in_a_panic_ends_no_process() {
        let run = || {
            let all = Pool::new([7]);
            let held = all.try_take();
            let guest = Guest::new();
            let (mut it, mut next) = (all.take(), all.take());
            assert!(poll(&mut it, Waker::noop()).is_pending());
            assert!(poll(&mut next, &guest.waker()).is_pending());
            drop(held);
            guest.next(Moment::Wake, panics);
            let worker = || {
                let _held = it;
                std::panic::resume_unwind(Box::new("the worker's own"));
            };
            let own = Caught::Other("the worker's own".to_string());
            assert_eq!(caught::<()>(worker), Err(own));
            assert_eq!((guest.wakes(), guest.deeds_left()), (1, 0));
            poll(&mut next, Waker::noop()).is_ready()
        };
        assert_eq!(watchdog(LIMIT, run), Ok(true));
    }

    #[test]
    fn a_drop_that_panics_gives_the_value_on() {
        let run = || {
            let all: &'static Pool<u32> = Box::leak(Box::new(Pool::new([7])));
            let held = all.try_take();
            let (counter, waker) = Counter::new();
            let (mut it, mut next) = (all.take(), all.take());
            assert!(poll(&mut it, Waker::noop()).is_pending());
            assert!(poll(&mut next, &waker).is_pending());
            let guest = Guest::new();
            // The value comes meanwhile, so the clone is not needed.
            guest.next(Moment::Clone, move || drop(held));
            guest.next(Moment::Drop, panics);
            let bad = guest.waker();
            let poll_it = || poll(&mut it, &bad).is_ready();
            assert_eq!(caught(poll_it), Err(Caught::Guest));
            drop(it);
            (counter.wakes(), poll(&mut next, &waker).is_ready())
        };
        assert_eq!(watchdog(LIMIT, run), Ok((1, true)));
    }
}
