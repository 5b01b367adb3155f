//! A channel for one value, which either end can close.

use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

// std's, but the tests know when it is unlocked.
use exercises::sync::Mutex;

/// The end that gives the value; see [`channel`].
pub struct Sender<T> {
    state: Arc<Mutex<State<T>>>,
}

/// The end that waits for the value; see [`channel`].
#[must_use = "futures do nothing unless polled"]
pub struct Receiver<T> {
    state: Arc<Mutex<State<T>>>,
}

/// The sender was dropped, so no value will come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed;

enum State<T> {
    /// Nothing has happened yet.
    Empty,
    /// The receiver came first.
    Waiting(Waker),
    /// The sender came first.
    Sent(T),
    /// The value was taken, the receiver was dropped, or the sender was dropped
    /// without a send.
    Closed,
}

/// A channel for one value. The receiver is a future of `Ok(value)`, or of
/// [`Closed`] when the sender was dropped without one. A poll after that
/// gives [`Closed`].
pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let state = Arc::new(Mutex::new(State::Empty));
    (Sender { state: state.clone() }, Receiver { state })
}

impl<T> Sender<T> {
    /// Gives the value, and wakes the receiver if it waits.
    ///
    /// # Errors
    /// The value, when the receiver has been dropped.
    pub fn send(self, value: T) -> Result<(), T> {
        let mut state = lock(&self.state);
        if let State::Closed = *state {
            return Err(value);
        }
        let before = mem::replace(&mut *state, State::Sent(value));
        drop(state);
        wake(before);
        Ok(())
    }
}

impl<T> Future for Receiver<T> {
    type Output = Result<T, Closed>;

    fn poll(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<T, Closed>> {
        // Cloned and dropped while no lock is held: it is not our code.
        let waker = cx.waker().clone();
        let mut state = lock(&self.state);
        let old = match mem::replace(&mut *state, State::Closed) {
            State::Sent(value) => return Poll::Ready(Ok(value)),
            State::Closed => return Poll::Ready(Err(Closed)),
            other => other,
        };
        *state = State::Waiting(waker);
        drop(state);
        drop(old);
        Poll::Pending
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        let mut state = lock(&self.state);
        if let State::Sent(_) = *state {
            return;
        }
        let before = mem::replace(&mut *state, State::Closed);
        drop(state);
        wake(before);
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        let before = mem::replace(&mut *lock(&self.state), State::Closed);
        // A value or a waker: its destructor is not ours.
        drop(before);
    }
}

fn lock<T>(
    state: &Mutex<State<T>>,
) -> exercises::sync::MutexGuard<'_, State<T>> {
    state.lock().expect("nothing panics under this lock")
}

fn wake<T>(before: State<T>) {
    if let State::Waiting(waker) = before {
        waker.wake();
    }
}
