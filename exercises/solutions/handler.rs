//! Exercise to boundary/crossings.html: run a boxed trait of your own in a loop that cannot await.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

/// What an application implements in place of the trait of its event loop.
pub trait AsyncHandler {
    /// Handles an event. It may wait in the middle.
    fn event(&mut self, event: u32) -> Pin<Box<dyn Future<Output = ()> + '_>>;
}

/// Events that the application has not begun with.
type Queue = Rc<RefCell<VecDeque<u32>>>;

/// Runs an application on the thread of a loop that cannot await.
pub struct Adapter {
    queue: Queue,
    // It owns the application, and each future that borrows it. So neither
    // has to be a field of its own.
    running: Pin<Box<dyn Future<Output = ()>>>,
    waker: Waker,
}

struct WakeLoop<F>(F);

impl<F: Fn() + Send + Sync> Wake for WakeLoop<F> {
    fn wake(self: Arc<Self>) {
        (self.0)();
    }
}

async fn run(mut app: Box<dyn AsyncHandler>, queue: Queue) {
    loop {
        // It keeps no waker, because `Adapter::event` polls after each event.
        let event = poll_fn(|_| match queue.borrow_mut().pop_front() {
            Some(event) => Poll::Ready(event),
            None => Poll::Pending,
        });
        let event = event.await;
        app.event(event).await;
    }
}

impl Adapter {
    /// `wake_loop` may be called on any thread, and then the loop calls
    /// `woken`.
    pub fn new(
        app: Box<dyn AsyncHandler>,
        wake_loop: impl Fn() + Send + Sync + 'static,
    ) -> Adapter {
        let queue = Queue::default();
        let running = Box::pin(run(app, queue.clone()));
        let waker = Waker::from(Arc::new(WakeLoop(wake_loop)));
        Adapter { queue, running, waker }
    }

    /// The loop calls this for each event. It returns at once. The application
    /// handles one event after the other, in their order.
    pub fn event(&mut self, event: u32) {
        self.queue.borrow_mut().push_back(event);
        self.woken();
    }

    /// The loop calls this after `wake_loop`.
    pub fn woken(&mut self) {
        let mut context = Context::from_waker(&self.waker);
        // It is never ready, because its loop has no end.
        let _ = self.running.as_mut().poll(&mut context);
    }
}
