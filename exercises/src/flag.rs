//! Exercise to wakers/lost-wakeups.html: find three ways to lose a wake.

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::task::{Context, Poll, Waker};

// std's, but the tests know when it is unlocked.
use exercises::sync::Mutex;

// ANCHOR: stub
/// A flag that one task can wait for. It loses wakes, in three ways. Repair
/// them.
#[derive(Default)]
pub struct Flag {
    set: AtomicBool,
    waker: Mutex<Option<Waker>>,
}

impl Flag {
    /// Sets the flag, and wakes the task that waits.
    pub fn set(&self) {
        let waker = self.waker.lock().expect("nothing panics in it").take();
        if let Some(waker) = waker {
            waker.wake();
        }
        self.set.store(true, SeqCst);
    }

    /// Ready when the flag is set.
    pub fn poll_set(&self, cx: &mut Context<'_>) -> Poll<()> {
        if self.set.load(SeqCst) {
            return Poll::Ready(());
        }
        let newest = cx.waker().clone();
        let mut waker = self.waker.lock().expect("nothing panics in it");
        if waker.is_none() {
            *waker = Some(newest);
        }
        Poll::Pending
    }
}
// ANCHOR_END: stub
