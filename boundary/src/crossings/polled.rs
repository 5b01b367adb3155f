//! Way 5: the loop polls the future itself, and its waker sends a user event.

use std::cell::Cell;
use std::fmt;
use std::rc::Rc;

use winit::event_loop::EventLoopProxy;

use super::same::{Crossing, Event, Gpu};
use crate::two_loops::tasks::Tasks;

// ANCHOR: way
pub struct Polled {
    tasks: Tasks,
    done: Rc<Cell<Option<Gpu>>>,
}

impl Polled {
    /// The waker of the tasks sends an event through `proxy`.
    pub fn new(proxy: EventLoopProxy<Event>) -> Polled {
        let tasks = Tasks::new(move || {
            let _ = proxy.send_event(Event::Wake);
        });
        Polled { tasks, done: Rc::default() }
    }
}

impl Crossing for Polled {
    fn start<F>(&mut self, setup: F) -> Option<Gpu>
    where
        F: Future<Output = Gpu> + Send + 'static,
    {
        let done = self.done.clone();
        drop(self.tasks.spawn(async move { done.set(Some(setup.await)) }));
        self.event(Event::Wake)
    }

    fn event(&mut self, _: Event) -> Option<Gpu> {
        self.tasks.turn();
        self.done.take()
    }
}
// ANCHOR_END: way

impl fmt::Debug for Polled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Polled").finish_non_exhaustive()
    }
}
