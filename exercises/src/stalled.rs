//! Exercise to runtimes/executor.html: an executor that runs until nobody is left to poll.

use std::cell::RefCell;
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Wake, Waker};

// std's, but the tests know when it is unlocked.
use exercises::sync::Mutex;

// ANCHOR: stub
type BoxFuture = Pin<Box<dyn Future<Output = ()>>>;

/// Runs tasks on the thread that made it. The place of a task in `tasks` is
/// its key. Other threads reach `woken` only.
#[derive(Default)]
pub struct Executor {
    tasks: RefCell<Vec<Option<BoxFuture>>>,
    woken: Arc<Mutex<Vec<usize>>>,
}

/// What a waker holds.
struct Signal {
    key: usize,
    woken: Arc<Mutex<Vec<usize>>>,
}

impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        todo!("leave the key")
    }
}

impl Executor {
    /// Makes `future` a task that wants to be polled.
    pub fn spawn(&self, future: impl Future<Output = ()> + 'static) {
        todo!("give it a place, and wake it")
    }

    /// Polls tasks until none is woken. Returns how many are left.
    pub fn run_until_stalled(&self) -> usize {
        todo!("a task may spawn another while it is polled")
    }
}
// ANCHOR_END: stub
