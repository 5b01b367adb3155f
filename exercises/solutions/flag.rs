//! A flag that one task can wait for, and that loses no wake.

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::task::{Context, Poll, Waker};

// std's, but the tests know when it is unlocked.
use exercises::sync::Mutex;

/// A flag that one task can wait for.
#[derive(Default)]
pub struct Flag {
    set: AtomicBool,
    waker: Mutex<Option<Waker>>,
}

impl Flag {
    /// Sets the flag, and wakes the task that waits.
    pub fn set(&self) {
        // First the change, then the wake.
        self.set.store(true, SeqCst);
        let waker = self.waker.lock().expect("nothing panics in it").take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Ready when the flag is set.
    pub fn poll_set(&self, cx: &mut Context<'_>) -> Poll<()> {
        // First the newest waker, then the look.
        let newest = cx.waker().clone();
        let old =
            self.waker.lock().expect("nothing panics in it").replace(newest);
        drop(old);
        if self.set.load(SeqCst) {
            return Poll::Ready(());
        }
        Poll::Pending
    }
}
