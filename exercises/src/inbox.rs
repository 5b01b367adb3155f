//! Exercise to boundary/proxy.html: a waker that sends an event to a
//! loop, and a loop that polls.

use std::pin::Pin;
use std::task::Waker;

// ANCHOR: stub
/// A future that lives on the thread of an event loop.
pub struct OnLoop {
    /// `None` once it is done.
    pub future: Option<Pin<Box<dyn Future<Output = ()>>>>,
    pub waker: Waker,
}

/// A waker that wakes an event loop. `send_event` puts a user event into the
/// loop's queue, from any thread.
pub fn proxy_waker(send_event: impl Fn() + Send + Sync + 'static) -> Waker {
    let _ = send_event;
    todo!("a type that implements `Wake`")
}

impl OnLoop {
    /// Called by the loop, once when it begins and once for each user event.
    pub fn user_event(&mut self) {
        todo!("poll the future, if it is not done")
    }
}
// ANCHOR_END: stub
