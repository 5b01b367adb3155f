//! A mutex with a line: the value is given to the task that has waited
//! longest.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::pin::Pin;
use std::sync;
use std::task::{Context, Poll, Waker};

use crate::wakers::channel::waiters::Waiters;

/// A value that one task at a time may hold, in the order of their `lock`s.
pub struct Mutex<T> {
    state: sync::Mutex<State<T>>,
}

// ANCHOR: give
struct State<T> {
    /// The value, while nobody holds it and nobody waits.
    free: Option<T>,
    /// The value, while it is kept for the future that was served.
    given: Option<T>,
    waiters: Waiters,
}

impl<T> State<T> {
    /// Gives the value to the future that has waited longest, which is to be
    /// woken. If none waits, the value is free.
    fn give(&mut self, value: T) -> Option<Waker> {
        let Some((_, waker)) = self.waiters.serve() else {
            self.free = Some(value);
            return None;
        };
        self.given = Some(value);
        Some(waker)
    }
}
// ANCHOR_END: give

/// Waits for the value; see [`Mutex::lock`].
#[must_use = "futures do nothing unless polled"]
pub struct Lock<'a, T> {
    mutex: &'a Mutex<T>,
    /// Its number in the line, if it had to wait.
    number: Option<u64>,
}

/// Holds the value, and gives it back when dropped.
pub struct Guard<'a, T> {
    mutex: &'a Mutex<T>,
    /// `None` only while the guard is dropped.
    value: Option<T>,
}

impl<T> Mutex<T> {
    /// A mutex around `value`.
    pub fn new(value: T) -> Self {
        let (free, waiters) = (Some(value), Waiters::default());
        let state = State { free, given: None, waiters };
        Mutex { state: sync::Mutex::new(state) }
    }

    /// Returns a future of the value. Its first poll takes the value
    /// or a place in the line.
    pub fn lock(&self) -> Lock<'_, T> {
        Lock { mutex: self, number: None }
    }

    fn state(&self) -> sync::MutexGuard<'_, State<T>> {
        self.state.lock().expect("nothing panics in it")
    }
}

// ANCHOR: value
impl<T> Lock<'_, T> {
    /// The value, if it is free for this future or was given to it.
    fn value(&self, state: &mut State<T>) -> Option<T> {
        match self.number {
            None => state.free.take(),
            Some(number) if state.waiters.contains(number) => None,
            Some(_) => state.given.take(),
        }
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
// ANCHOR_END: value

// ANCHOR: poll
impl<'a, T> Future for Lock<'a, T> {
    type Output = Guard<'a, T>;

    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Guard<'a, T>> {
        let mutex = self.mutex;
        let mut value = self.value(&mut mutex.state());
        if value.is_none() {
            // A clone is the waker's own code: no lock is held meanwhile.
            let waker = cx.waker().clone();
            let mut state = mutex.state();
            // The value may have come since.
            value = self.value(&mut state);
            if value.is_none() {
                let old = self.wait(&mut state, waker);
                drop(state);
                drop(old);
                return Poll::Pending;
            }
        }
        self.number = None;
        Poll::Ready(Guard { mutex, value })
    }
}
// ANCHOR_END: poll

// ANCHOR: drop
impl<T> Drop for Lock<'_, T> {
    fn drop(&mut self) {
        if let Some(number) = self.number {
            let left = self.mutex.state().waiters.leave(number);
            drop(left);
        }
    }
}

impl<T> Drop for Guard<'_, T> {
    fn drop(&mut self) {
        let mut state = self.mutex.state();
        let next = self.value.take().and_then(|value| state.give(value));
        drop(state);
        if let Some(waker) = next {
            waker.wake();
        }
    }
}
// ANCHOR_END: drop

impl<T> Deref for Guard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value.as_ref().expect("it is there until the drop")
    }
}

impl<T> DerefMut for Guard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.value.as_mut().expect("it is there until the drop")
    }
}

impl<T> fmt::Debug for Mutex<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mutex").finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Lock<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lock").finish_non_exhaustive()
    }
}

impl<T: fmt::Debug> fmt::Debug for Guard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;
    use crate::futures::combinators::once::poll_now;
    use crate::wakers::contract::count::Counter;

    fn poll<'a, T>(
        lock: &mut Lock<'a, T>,
        waker: &Waker,
    ) -> Poll<Guard<'a, T>> {
        Pin::new(lock).poll(&mut Context::from_waker(waker))
    }

    #[test]
    fn a_newcomer_waits_behind_the_one_who_was_woken() {
        let mutex = Mutex::new(1);
        let (counter, waker) = Counter::new();
        let mut guard = poll_now(mutex.lock()).expect("it is free");
        let mut waits = mutex.lock();
        assert!(poll(&mut waits, &waker).is_pending());
        *guard += 1;
        drop(guard);
        assert_eq!(counter.wakes(), 1);
        assert!(poll_now(mutex.lock()).is_none());
        let Poll::Ready(guard) = poll(&mut waits, &waker) else {
            panic!("it is its turn");
        };
        assert_eq!(*guard, 2);
    }

    #[test]
    fn a_thousand_polls_take_one_place_and_leave_one_waker() {
        let mutex = Mutex::new(());
        let (counter, waker) = Counter::new();
        let guard = poll_now(mutex.lock()).expect("it is free");
        let mut waits = mutex.lock();
        for _ in 0..1000 {
            assert!(poll(&mut waits, &waker).is_pending());
        }
        assert_eq!(counter.wakers(), 2);
        drop(guard);
        assert_eq!(counter.wakes(), 1);
    }

    #[test]
    fn one_who_gives_up_before_its_turn_leaves_the_line() {
        let mutex = Mutex::new(());
        let ((b, waker_b), (c, waker_c)) = (Counter::new(), Counter::new());
        let guard = poll_now(mutex.lock()).expect("it is free");
        let (mut waits_b, mut waits_c) = (mutex.lock(), mutex.lock());
        assert!(poll(&mut waits_b, &waker_b).is_pending());
        assert!(poll(&mut waits_c, &waker_c).is_pending());
        drop(waits_b);
        drop(guard);
        assert_eq!((b.wakes(), c.wakes()), (0, 1));
    }

    #[test]
    fn the_turn_is_lost_with_the_one_who_was_woken() {
        let mutex = Mutex::new(());
        let ((b, waker_b), (c, waker_c)) = (Counter::new(), Counter::new());
        let guard = poll_now(mutex.lock()).expect("it is free");
        let (mut waits_b, mut waits_c) = (mutex.lock(), mutex.lock());
        assert!(poll(&mut waits_b, &waker_b).is_pending());
        assert!(poll(&mut waits_c, &waker_c).is_pending());
        drop(guard);
        drop(waits_b);
        assert_eq!((b.wakes(), c.wakes()), (1, 0));
        assert!(poll_now(mutex.lock()).is_none(), "and no newcomer has it");
        assert!(poll(&mut waits_c, &waker_c).is_pending(), "nor has C");
    }
}
