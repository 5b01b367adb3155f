//! Exercise to boundary/two-loops.html: write what the page left out.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Wake, Waker};

type Task = Pin<Box<dyn Future<Output = ()>>>;

/// The tasks of an event loop, on the thread of that loop.
pub struct Tasks {
    tasks: Vec<(Task, Arc<Signal>)>,
    tell: Arc<Tell>,
}

/// Sends the event, unless one is on its way.
struct Tell {
    is_sent: AtomicBool,
    send_event: Box<dyn Fn() + Send + Sync>,
}

struct Signal {
    is_woken: AtomicBool,
    tell: Arc<Tell>,
}

impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        self.is_woken.swap(true, Ordering::SeqCst);
        self.tell.tell();
    }
}

impl Tell {
    fn tell(&self) {
        if !self.is_sent.swap(true, Ordering::SeqCst) {
            (self.send_event)();
        }
    }
}

impl Tasks {
    /// No tasks yet. `send_event` puts an event into the queue of the loop,
    /// from any thread, and the loop then calls `turn`.
    pub fn new(send_event: impl Fn() + Send + Sync + 'static) -> Tasks {
        let send_event = Box::new(send_event);
        let tell = Tell { is_sent: AtomicBool::new(false), send_event };
        Tasks { tasks: Vec::new(), tell: Arc::new(tell) }
    }

    /// Adds a task, and sends an event, so that it is polled a first time.
    pub fn spawn(&mut self, future: impl Future<Output = ()> + 'static) {
        let is_woken = AtomicBool::new(true);
        let signal = Arc::new(Signal { is_woken, tell: self.tell.clone() });
        self.tasks.push((Box::pin(future), signal));
        self.tell.tell();
    }

    /// Polls each task that was woken, once, and drops those that are done.
    pub fn turn(&mut self) {
        // First: a wake from now on sends the next event.
        self.tell.is_sent.store(false, Ordering::SeqCst);
        self.tasks.retain_mut(|(future, signal)| {
            // Before the poll: a wake inside it is for the next turn.
            if !signal.is_woken.swap(false, Ordering::SeqCst) {
                return true;
            }
            let waker = Waker::from(signal.clone());
            let mut context = Context::from_waker(&waker);
            future.as_mut().poll(&mut context).is_pending()
        });
    }

    /// How many tasks are not done.
    pub fn left(&self) -> usize {
        self.tasks.len()
    }
}
