//! A tool that one task uses at a time, for programs to repair.

use std::cell::Cell;
use std::future::poll_fn;
use std::task::Poll;
use std::thread;

use crate::notify::Notify;

/// Waits until it is free. The first in the line has it next.
pub struct Tool {
    free: Notify,
    taken: Cell<bool>,
    takes: Cell<u32>,
}

impl Default for Tool {
    fn default() -> Tool {
        let free = Notify::default();
        free.notify_one();
        Tool { free, taken: Cell::default(), takes: Cell::default() }
    }
}

impl Tool {
    /// Waits until the tool is free, and takes it. Cancel safe.
    pub async fn take(&self) {
        self.free.notified().await;
        self.taken.set(true);
        self.takes.set(self.takes.get() + 1);
    }

    /// Gives the tool to the task that has waited longest.
    ///
    /// # Panics
    /// When nobody has the tool.
    pub fn give_back(&self) {
        let taken = self.taken.replace(false);
        let said = "a tool is given back, and nobody has it";
        assert!(taken || thread::panicking(), "{said}");
        self.free.notify_one();
    }

    /// Whether nobody has it.
    pub fn is_free(&self) -> bool {
        !self.taken.get()
    }

    /// How often it was taken.
    pub fn takes(&self) -> u32 {
        self.takes.get()
    }
}

/// Some work: pending once, and woken at once.
pub async fn work() {
    let mut polled = false;
    poll_fn(|cx| {
        if polled {
            return Poll::Ready(());
        }
        polled = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}
