//! Exercise to runtimes/scheduling.html: a graceful shutdown.

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Waker};

// ANCHOR: stub
/// How a task ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Done,
    Cancelled,
}

/// Says how the task ended, once it has.
pub type Handle = Rc<Cell<Option<End>>>;

/// Tasks, and whether new ones are taken.
#[derive(Default)]
pub struct Crew {
    tasks: Vec<(Pin<Box<dyn Future<Output = ()>>>, Handle)>,
    closed: bool,
}

impl Crew {
    /// Makes `future` a task. A crew that is closed drops it at once.
    pub fn spawn(
        &mut self,
        future: impl Future<Output = ()> + 'static,
    ) -> Handle {
        todo!("what does the handle of a task say that was not taken?")
    }

    /// Polls each task once. Those that are ready are dropped.
    pub fn round(&mut self) {
        let mut cx = Context::from_waker(Waker::noop());
        self.tasks.retain_mut(|(task, handle)| {
            let pending = task.as_mut().poll(&mut cx).is_pending();
            if !pending {
                handle.set(Some(End::Done));
            }
            pending
        });
    }

    /// Takes no new tasks, does at most so many rounds, and as few as are
    /// needed, and drops the tasks that are left. Returns how many were left.
    pub fn shutdown(&mut self, rounds: u32) -> usize {
        todo!("drain, drop the rest, tell every handle")
    }
}
// ANCHOR_END: stub
