//! Exercise to wakers/oneshot.html: a channel for one value, which either end
//! can close.

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

// ANCHOR: stub
impl<T> Sender<T> {
    /// Gives the value, and wakes the receiver if it waits.
    ///
    /// # Errors
    /// The value, when the receiver has been dropped.
    pub fn send(self, value: T) -> Result<(), T> {
        todo!("leave the value, unless nobody will take it")
    }
}

impl<T> Future for Receiver<T> {
    type Output = Result<T, Closed>;

    fn poll(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<T, Closed>> {
        todo!("look at the state, and leave the right one behind")
    }
}

// And what does the other end hear when one of the two is dropped?
// ANCHOR_END: stub
