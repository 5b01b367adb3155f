//! A future that is completed from outside, and keeps the first waker it sees.

use std::fmt;
// ANCHOR: types
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

/// A future that waits for its [`Completer`]; see [`manual`].
#[must_use = "futures do nothing unless polled"]
pub struct Manual<T> {
    shared: Option<Arc<Mutex<Shared<T>>>>,
}

/// The other end of a [`Manual`]: it makes the future ready.
pub struct Completer<T> {
    shared: Arc<Mutex<Shared<T>>>,
}

struct Shared<T> {
    value: Option<T>,
    waker: Option<Waker>,
}

/// Returns a future and the means to complete it.
pub fn manual<T>() -> (Manual<T>, Completer<T>) {
    let empty = Shared { value: None, waker: None };
    let shared = Arc::new(Mutex::new(empty));
    (Manual { shared: Some(shared.clone()) }, Completer { shared })
}
// ANCHOR_END: types

// ANCHOR: poll
impl<T> Future for Manual<T> {
    type Output = T;

    /// # Panics
    /// When it is polled again after it was ready.
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        let shared = self.shared.as_ref();
        let shared = shared.expect("`Manual` polled after completion");
        // A waker is foreign code: cloned before the lock, dropped after it.
        let waker = cx.waker().clone();
        let mut inner = shared.lock().expect("nothing panics under this lock");
        if let Some(value) = inner.value.take() {
            drop(inner);
            self.shared = None;
            return Poll::Ready(value);
        }
        if inner.waker.is_none() {
            inner.waker = Some(waker);
        }
        Poll::Pending
    }
}
// ANCHOR_END: poll

// ANCHOR: complete
impl<T> Completer<T> {
    /// Makes the future ready with `value` and calls the waker that it kept.
    pub fn complete(self, value: T) {
        let lock = self.shared.lock();
        let mut inner = lock.expect("nothing panics under this lock");
        inner.value = Some(value);
        let waker = inner.waker.take();
        drop(inner);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}
// ANCHOR_END: complete

impl<T> fmt::Debug for Manual<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let done = self.shared.is_none();
        f.debug_struct("Manual").field("done", &done).finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Completer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Completer").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::watchdog;
    use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
    use std::task::Wake;
    use std::time::Duration;

    #[test]
    fn it_works_while_one_waker_polls() {
        let (mut future, completer) = manual();
        let mut cx = Context::from_waker(Waker::noop());
        assert!(Pin::new(&mut future).poll(&mut cx).is_pending());
        completer.complete(7);
        let answer = Pin::new(&mut future).poll(&mut cx);
        assert_eq!(answer, Poll::Ready(7));
    }

    #[test]
    fn a_second_runner_is_never_woken() {
        let (mut future, completer) = manual();
        let mut cx = Context::from_waker(Waker::noop());
        assert!(Pin::new(&mut future).poll(&mut cx).is_pending());

        let hung = watchdog(Duration::from_millis(200), || {
            pollster::block_on(async {
                futures::join!(future, async { completer.complete(7) })
            })
        });
        assert!(hung.is_err());
    }

    #[test]
    fn the_first_waker_is_woken_and_the_newest_is_not() {
        #[derive(Default)]
        struct Woken(AtomicBool);
        impl Wake for Woken {
            fn wake(self: Arc<Self>) {
                self.0.store(true, Relaxed);
            }
        }
        let both = [Arc::new(Woken::default()), Arc::new(Woken::default())];
        let (mut future, completer) = manual();
        for woken in &both {
            let waker = Waker::from(woken.clone());
            let mut cx = Context::from_waker(&waker);
            assert!(Pin::new(&mut future).poll(&mut cx).is_pending());
        }
        completer.complete(7);
        assert_eq!(both.map(|woken| woken.0.load(Relaxed)), [true, false]);
    }
}
