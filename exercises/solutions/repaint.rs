//! Exercise to boundary/toolkits.html: write what the page left out.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

/// A value that is loading, for an interface that is drawn frame by frame.
pub struct Promise<T> {
    state: State<T>,
    repaint: Arc<Repaint>,
}

enum State<T> {
    Loading(Pin<Box<dyn Future<Output = T>>>),
    There(T),
}

struct Repaint {
    woken: AtomicBool,
    request: Box<dyn Fn() + Send + Sync>,
}

impl Wake for Repaint {
    fn wake(self: Arc<Self>) {
        // First the flag: a frame that comes at once finds it set.
        self.woken.swap(true, Ordering::Release);
        (self.request)();
    }
}

impl<T> Promise<T> {
    /// `request_repaint` asks for a frame, from any thread. The waker of
    /// `future` calls it.
    pub fn new(
        future: impl Future<Output = T> + 'static,
        request_repaint: impl Fn() + Send + Sync + 'static,
    ) -> Promise<T> {
        let repaint = Arc::new(Repaint {
            // The first frame polls.
            woken: AtomicBool::new(true),
            request: Box::new(request_repaint),
        });
        Promise { state: State::Loading(Box::pin(future)), repaint }
    }

    /// Called in each frame: the value, once it is there.
    pub fn ready(&mut self) -> Option<&T> {
        // Taken before the poll: a wake that comes during the poll counts for
        // the next frame.
        if let State::Loading(future) = &mut self.state
            && self.repaint.woken.swap(false, Ordering::Acquire)
        {
            let waker = Waker::from(self.repaint.clone());
            let mut context = Context::from_waker(&waker);
            if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
                self.state = State::There(value);
            }
        }
        match &self.state {
            State::There(value) => Some(value),
            State::Loading(_) => None,
        }
    }
}
