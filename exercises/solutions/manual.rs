//! A future that is completed from outside.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

/// A future that waits for its [`Completer`]; see [`manual`].
#[must_use = "futures do nothing unless polled"]
pub struct Manual<T> {
    shared: Arc<Mutex<Shared<T>>>,
}

/// The other end: whoever holds it decides when the [`Manual`] is ready.
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
    (Manual { shared: shared.clone() }, Completer { shared })
}

impl<T> Future for Manual<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        let lock = self.shared.lock();
        let mut shared = lock.expect("nothing panics under this lock");
        if let Some(value) = shared.value.take() {
            return Poll::Ready(value);
        }
        match &mut shared.waker {
            Some(waker) => waker.clone_from(cx.waker()),
            empty => *empty = Some(cx.waker().clone()),
        }
        Poll::Pending
    }
}

impl<T> Completer<T> {
    /// Makes the future ready with `value` and wakes whoever polled it last.
    pub fn complete(self, value: T) {
        let lock = self.shared.lock();
        let mut shared = lock.expect("nothing panics under this lock");
        shared.value = Some(value);
        let waker = shared.waker.take();
        drop(shared);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}
