//! A parker made of a lock and a condition variable, and the runner with it.

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

impl Parker {
    /// Takes the wake if there is one, or else sleeps until there is.
    pub fn park(&self) {
        let mut woken = self.woken.lock().expect("nothing panics in it");
        while !*woken {
            woken = self.bell.wait(woken).expect("nothing panics in it");
        }
        *woken = false;
    }
}

impl Wake for Parker {
    fn wake(self: Arc<Self>) {
        *self.woken.lock().expect("nothing panics in it") = true;
        self.bell.notify_one();
    }
}

/// Runs `future` to its end on this thread, which sleeps while it waits.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let parker = Arc::new(Parker::default());
    let waker = Waker::from(parker.clone());
    let mut cx = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut cx) {
            return value;
        }
        parker.park();
    }
}
