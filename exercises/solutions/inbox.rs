//! Exercise to boundary/proxy.html: write what the page left out.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Wake, Waker};

/// A future that lives on the thread of an event loop.
pub struct OnLoop {
    /// `None` once it is done.
    pub future: Option<Pin<Box<dyn Future<Output = ()>>>>,
    pub waker: Waker,
}

struct Proxy<F>(F);

impl<F: Fn() + Send + Sync> Wake for Proxy<F> {
    fn wake(self: Arc<Self>) {
        (self.0)();
    }
}

/// A waker that wakes an event loop. `send_event` puts a user event into the
/// loop's queue, from any thread.
pub fn proxy_waker(send_event: impl Fn() + Send + Sync + 'static) -> Waker {
    Arc::new(Proxy(send_event)).into()
}

impl OnLoop {
    /// Called by the loop, once when it begins and once for each user event.
    pub fn user_event(&mut self) {
        let Some(future) = &mut self.future else { return };
        let mut context = Context::from_waker(&self.waker);
        if future.as_mut().poll(&mut context).is_ready() {
            self.future = None;
        }
    }
}
