//! A mutex whose guard holds the value. It wakes one of the tasks that wait.

use std::collections::VecDeque;
use std::ops::{Deref, DerefMut};
use std::pin::Pin;
use std::sync;
use std::task::{Context, Poll, Waker};

// ANCHOR: types
/// A value that one task at a time may hold.
#[derive(Debug)]
pub struct Mutex<T> {
    state: sync::Mutex<State<T>>,
}

#[derive(Debug)]
struct State<T> {
    /// `None` while somebody holds the value.
    value: Option<T>,
    wakers: VecDeque<Waker>,
}

/// Waits for the value; see [`Mutex::lock`].
#[must_use = "futures do nothing unless polled"]
#[derive(Debug)]
pub struct Lock<'a, T> {
    mutex: &'a Mutex<T>,
}

/// Holds the value, and gives it back when dropped.
#[derive(Debug)]
pub struct Guard<'a, T> {
    mutex: &'a Mutex<T>,
    /// `None` only while the guard is dropped.
    value: Option<T>,
}
// ANCHOR_END: types

impl<T> Mutex<T> {
    /// A mutex around `value`.
    pub fn new(value: T) -> Self {
        let state = State { value: Some(value), wakers: VecDeque::new() };
        Mutex { state: sync::Mutex::new(state) }
    }

    /// Returns a future of the value.
    pub fn lock(&self) -> Lock<'_, T> {
        Lock { mutex: self }
    }

    fn state(&self) -> sync::MutexGuard<'_, State<T>> {
        self.state.lock().expect("nothing panics in it")
    }
}

// ANCHOR: poll
impl<'a, T> Future for Lock<'a, T> {
    type Output = Guard<'a, T>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Guard<'a, T>> {
        // A clone is the waker's own code: no lock is held meanwhile.
        let waker = cx.waker().clone();
        let mut state = self.mutex.state();
        if let Some(value) = state.value.take() {
            let value = Some(value);
            return Poll::Ready(Guard { mutex: self.mutex, value });
        }
        state.wakers.push_back(waker);
        Poll::Pending
    }
}
// ANCHOR_END: poll

// ANCHOR: guard
impl<T> Drop for Guard<'_, T> {
    fn drop(&mut self) {
        let mut state = self.mutex.state();
        state.value = self.value.take();
        let next = state.wakers.pop_front();
        drop(state);
        if let Some(waker) = next {
            waker.wake();
        }
    }
}
// ANCHOR_END: guard

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::futures::combinators::once::poll_now;
    use crate::wakers::contract::count::{Counter, Look, look};

    fn poll<'a, T>(
        lock: &mut Lock<'a, T>,
        waker: &Waker,
    ) -> Poll<Guard<'a, T>> {
        Pin::new(lock).poll(&mut Context::from_waker(waker))
    }

    #[test]
    fn the_value_is_with_one_guard_at_a_time() {
        let mutex = Mutex::new(1);
        let mut guard = poll_now(mutex.lock()).expect("it is free");
        *guard += 1;
        let waits = Look { pending: true, wakes: 0, kept: 1 };
        assert_eq!(look(mutex.lock()), waits);
        drop(guard);
        assert_eq!(poll_now(mutex.lock()).as_deref(), Some(&2));
    }

    #[test]
    fn a_newcomer_goes_before_the_one_who_was_woken() {
        let mutex = Mutex::new(());
        let (counter, waker) = Counter::new();
        let guard = poll_now(mutex.lock()).expect("it is free");
        let mut waits = mutex.lock();
        assert!(poll(&mut waits, &waker).is_pending());
        drop(guard);
        assert_eq!(counter.wakes(), 1);
        let _newcomer = poll_now(mutex.lock()).expect("it takes the value");
        assert!(poll(&mut waits, &waker).is_pending());
    }

    #[test]
    fn each_poll_leaves_a_waker() {
        let mutex = Mutex::new(());
        let (counter, waker) = Counter::new();
        let _guard = poll_now(mutex.lock()).expect("it is free");
        let mut waits = mutex.lock();
        for polls in 1..=1000 {
            assert!(poll(&mut waits, &waker).is_pending());
            assert_eq!(counter.wakers(), 1 + polls);
        }
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
    }
}
