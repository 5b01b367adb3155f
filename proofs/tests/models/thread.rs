//! What a listing finds in place of `std::thread`.
//!
//! Loom does not switch threads just before its own `park` and `unpark`, so
//! it would never try an `unpark` that comes just before the `park`. These
//! keep the token in a mutex, where it does.

use loom::sync::{Condvar, Mutex};
#[allow(unused_imports, reason = "each listing uses what it needs")]
pub use loom::thread::{JoinHandle, spawn, yield_now};
use std::fmt;
use std::sync::Arc;

/// Which thread it is.
#[allow(dead_code, reason = "a listing compares it")]
pub type ThreadId = loom::thread::ThreadId;

/// A handle to a thread, to unpark it with.
#[derive(Clone)]
pub struct Thread(Arc<Token>);

struct Token {
    there: Mutex<bool>,
    put: Condvar,
}

loom::thread_local! {
    static CURRENT: Thread = Thread(Arc::new(Token {
        there: Mutex::new(false),
        put: Condvar::new(),
    }));
}

/// The thread that calls it.
pub fn current() -> Thread {
    CURRENT.with(Thread::clone)
}

/// Takes the thread's token, or sleeps until it can.
pub fn park() {
    let Thread(token) = current();
    let mut there = token.there.lock().unwrap();
    while !*there {
        there = token.put.wait(there).unwrap();
    }
    *there = false;
}

impl fmt::Debug for Thread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Thread").finish_non_exhaustive()
    }
}

impl Thread {
    /// Which thread it is. To be called on that thread.
    pub fn id(&self) -> ThreadId {
        loom::thread::current().id()
    }

    /// Puts the token there.
    pub fn unpark(&self) {
        *self.0.there.lock().unwrap() = true;
        self.0.put.notify_one();
    }
}
