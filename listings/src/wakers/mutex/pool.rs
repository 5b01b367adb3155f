//! The mutex with several values, and a semaphore: a pool of `()`.

use std::ops::{Deref, DerefMut};
use std::pin::Pin;
use std::sync::{self, PoisonError};
use std::task::{Context, Poll, Waker};

use super::line::Line;

// ANCHOR: pool
/// Values for as many at a time, in the order in which they asked.
pub struct Pool<T> {
    state: sync::Mutex<State<T>>,
}

struct State<T> {
    /// The values that nobody holds.
    free: Vec<T>,
    line: Line,
}

impl<T> State<T> {
    /// Whom to wake: the first in line, if there is something to take.
    fn next(&mut self) -> Option<Waker> {
        if self.free.is_empty() {
            return None;
        }
        self.line.first()
    }
}
// ANCHOR_END: pool

/// A future of one of the values; see [`Pool::take`].
#[must_use = "futures do nothing unless polled"]
pub struct Take<'a, T> {
    pool: &'a Pool<T>,
    /// Its place in the line, if it has one.
    ticket: Option<u64>,
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
        let state = State { free: values.into(), line: Line::default() };
        Pool { state: sync::Mutex::new(state) }
    }

    /// Returns a future of one of the values. Its first poll takes a place
    /// in line.
    ///
    /// Cancel safety: dropping it gives up the place. If its turn had come,
    /// the turn is passed on. Polled again after it was ready, it asks anew.
    pub fn take(&self) -> Take<'_, T> {
        Take { pool: self, ticket: None }
    }

    /// How many values nobody holds.
    pub fn free(&self) -> usize {
        self.state().free.len()
    }

    fn state(&self) -> sync::MutexGuard<'_, State<T>> {
        // A panic under this lock leaves nothing half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

// ANCHOR: semaphore
/// Lets so many at a time pass: a pool of permits, which hold nothing.
pub type Semaphore = Pool<()>;

impl Semaphore {
    /// A semaphore with so many permits.
    pub fn with_permits(permits: usize) -> Self {
        Pool::new(vec![(); permits])
    }
}
// ANCHOR_END: semaphore

// ANCHOR: poll
impl<'a, T> Future for Take<'a, T> {
    type Output = Loan<'a, T>;

    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Loan<'a, T>> {
        let mut state = self.pool.state();
        if state.line.is_turn_of(self.ticket)
            && let Some(value) = state.free.pop()
        {
            let loan = Loan { pool: self.pool, value: Some(value) };
            let mine = state.line.leave(&mut self.ticket);
            let next = state.next();
            drop(state);
            if let Some(waker) = next {
                waker.wake();
            }
            drop(mine);
            return Poll::Ready(loan);
        }
        let old = state.line.wait(&mut self.ticket, cx.waker());
        drop(state);
        drop(old);
        Poll::Pending
    }
}
// ANCHOR_END: poll

impl<T> Take<'_, T> {
    fn give_up(&mut self) {
        let mut state = self.pool.state();
        let mine = state.line.leave(&mut self.ticket);
        let next = state.next();
        drop(state);
        if let Some(waker) = next {
            waker.wake();
        }
        drop(mine);
    }
}

impl<T> Drop for Take<'_, T> {
    fn drop(&mut self) {
        if self.ticket.is_some() {
            self.give_up();
        }
    }
}

impl<T> Drop for Loan<'_, T> {
    fn drop(&mut self) {
        let mut state = self.pool.state();
        state.free.extend(self.value.take());
        let next = state.next();
        drop(state);
        if let Some(waker) = next {
            waker.wake();
        }
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
    use std::thread;
    use std::time::Duration;

    use super::*;
    use crate::futures::combinators::once::poll_now;
    use crate::proof::watchdog;
    use crate::wakers::block_on::flag::block_on;
    use crate::wakers::contract::count::Counter;

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
    fn two_permits_that_come_back_at_once_wake_two_one_after_the_other() {
        let semaphore = Semaphore::with_permits(2);
        let permits = [poll_now(semaphore.take()), poll_now(semaphore.take())];
        let ((a, waker_a), (b, waker_b)) = (Counter::new(), Counter::new());
        let (mut waits_a, mut waits_b) = (semaphore.take(), semaphore.take());
        assert!(poll(&mut waits_a, &waker_a).is_pending());
        assert!(poll(&mut waits_b, &waker_b).is_pending());
        drop(permits);
        assert_eq!((a.wakes(), b.wakes()), (1, 0));
        let Poll::Ready(_permit) = poll(&mut waits_a, &waker_a) else {
            panic!("it is its turn");
        };
        assert_eq!((a.wakes(), b.wakes()), (1, 1));
        assert!(poll(&mut waits_b, &waker_b).is_ready());
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
        let limit = Duration::from_secs(30);
        assert_eq!(watchdog(limit, run), Ok((true, 2)));
    }
}
