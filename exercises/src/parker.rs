//! Exercise to wakers/block-on.html: a parker made of a lock and a condition
//! variable, and the runner with it.

use std::pin::pin;
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Wake, Waker};

/// Puts a thread to sleep until a wake. It remembers a wake that comes while
/// the thread is awake; several such wakes are one.
#[derive(Default)]
pub struct Parker {
    pub woken: Mutex<bool>,
    pub bell: Condvar,
}

// ANCHOR: stub
impl Parker {
    /// Takes the wake if there is one, or else sleeps until there is.
    pub fn park(&self) {
        todo!("sleep on the bell while the flag is down, and lower the flag")
    }
}

impl Wake for Parker {
    fn wake(self: Arc<Self>) {
        todo!("raise the flag, and ring the bell")
    }
}

/// Runs `future` to its end on this thread, which sleeps while it waits.
pub fn block_on<F: Future>(future: F) -> F::Output {
    todo!("a parker, a waker, a pin, a context, and the loop")
}
// ANCHOR_END: stub
