//! Exercise to wakers/contract.html: a waker that counts.

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

// ANCHOR: stub
impl Counter {
    /// A new counter and its first waker.
    pub fn new() -> (Arc<Counter>, Waker) {
        let counter = Arc::new(Counter::default());
        (counter.clone(), Waker::from(counter))
    }

    /// How often one of its wakers was woken.
    pub fn wakes(&self) -> u32 {
        todo!("read the count")
    }

    /// How many wakers lead here. One of the handles is yours.
    pub fn wakers(self: &Arc<Self>) -> usize {
        todo!("ask the `Arc`")
    }
}

impl Wake for Counter {
    fn wake(self: Arc<Self>) {
        todo!("count; and write `wake_by_ref` as well, which needs no clone")
    }
}
// ANCHOR_END: stub
