//! A waker that counts.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::task::{Wake, Waker};

// std's, but the tests know when it is read.
use exercises::sync::AtomicU32;

/// Stands for a task: its wakers lead here, and it counts what they do.
#[derive(Default)]
pub struct Counter {
    wakes: AtomicU32,
}

impl Counter {
    /// A new counter and its first waker.
    pub fn new() -> (Arc<Counter>, Waker) {
        let counter = Arc::new(Counter::default());
        (counter.clone(), Waker::from(counter))
    }

    /// How often one of its wakers was woken.
    pub fn wakes(&self) -> u32 {
        self.wakes.load(Relaxed)
    }

    /// How many wakers lead here. One of the handles is yours.
    pub fn wakers(self: &Arc<Self>) -> usize {
        Arc::strong_count(self) - 1
    }
}

impl Wake for Counter {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.wakes.fetch_add(1, Relaxed);
    }
}
