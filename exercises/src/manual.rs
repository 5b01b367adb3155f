//! Exercise to futures/poll.html: a future that is completed from outside.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

// std's, but the tests know when it is unlocked.
use exercises::sync::Mutex;

/// A future that waits for its [`Completer`]; see [`manual`].
#[must_use = "futures do nothing unless polled"]
pub struct Manual<T> {
    /// `None` when it has been ready.
    shared: Option<Arc<Mutex<Shared<T>>>>,
}

/// The other end: its owner decides when the [`Manual`] is ready.
pub struct Completer<T> {
    shared: Arc<Mutex<Shared<T>>>,
}

struct Shared<T> {
    value: Option<T>,
    waker: Option<Waker>,
}

/// Returns a future and the means to complete it, from any thread.
pub fn manual<T>() -> (Manual<T>, Completer<T>) {
    let empty = Shared { value: None, waker: None };
    let shared = Arc::new(Mutex::new(empty));
    (Manual { shared: Some(shared.clone()) }, Completer { shared })
}

// ANCHOR: stub
impl<T> Future for Manual<T> {
    type Output = T;

    /// # Panics
    /// When it is polled again after it was ready.
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        todo!("take the value, or keep the waker that counts")
    }
}

impl<T> Completer<T> {
    /// Makes the future ready with `value` and wakes the task that polled it last.
    pub fn complete(self, value: T) {
        todo!("leave the value, and wake when nothing can go wrong")
    }
}
// ANCHOR_END: stub
