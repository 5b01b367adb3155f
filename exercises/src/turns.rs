//! Exercise to boundary/two-loops.html: the tasks of an event
//! loop: many wakes send one event.

// ANCHOR: stub
/// The tasks of an event loop, on the thread of that loop.
pub struct Tasks {
    // Your fields.
}

impl Tasks {
    /// No tasks yet. `send_event` puts an event into the queue of the loop,
    /// from any thread, and the loop then calls `turn`.
    pub fn new(send_event: impl Fn() + Send + Sync + 'static) -> Tasks {
        let _ = send_event;
        todo!("keep it where the wakers find it")
    }

    /// Adds a task, and sends an event, so that it is polled a first time.
    pub fn spawn(&mut self, future: impl Future<Output = ()> + 'static) {
        drop(future);
        todo!("a task counts as woken at first")
    }

    /// Polls each task that was woken, once, and drops those that are done.
    pub fn turn(&mut self) {
        todo!("between two turns, many wakes are one event")
    }

    /// How many tasks are not done.
    pub fn left(&self) -> usize {
        todo!("count them")
    }
}
// ANCHOR_END: stub
