//! A future that is completed from outside.

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

impl<T> Future for Manual<T> {
    type Output = T;

    /// # Panics
    /// When it is polled again after it was ready.
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        let shared = self.shared.as_ref();
        let shared = shared.expect("`Manual` polled after completion");
        // Cloned and dropped while no lock is held: it is not our code.
        let waker = cx.waker().clone();
        let mut inner = shared.lock().expect("nothing panics under this lock");
        if let Some(value) = inner.value.take() {
            drop(inner);
            self.shared = None;
            return Poll::Ready(value);
        }
        let old = inner.waker.replace(waker);
        drop(inner);
        drop(old);
        Poll::Pending
    }
}

impl<T> Completer<T> {
    /// Makes the future ready with `value` and wakes the task that polled it last.
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
