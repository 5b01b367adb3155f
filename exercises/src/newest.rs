//! Exercise to boundary/app.html: an owner that only its newest task
//! may change.

use std::marker::PhantomData;

// ANCHOR: stub
/// What a task tells the owner.
pub enum News<T> {
    /// So many parts of the work are done.
    Progress(u32),
    /// The work is done.
    Done(T),
    /// The work has failed.
    Failed,
}

/// The owner of the newest task. No other task may change what it holds.
/// `K` is the handle of a task: dropping it cancels the task.
pub struct Newest<T, K> {
    // The last result, the running task, and what else you need.
    kept: PhantomData<(T, K)>,
}

impl<T, K> Newest<T, K> {
    /// No task runs, and there is no result.
    pub fn new() -> Newest<T, K> {
        todo!("an owner without a task")
    }

    /// Cancels the old task. Then `start` starts the next one. It gets the
    /// number that will come with each message of that task.
    pub fn restart(&mut self, start: impl FnOnce(u64) -> K) {
        let _ = start(0);
        todo!("cancel and start")
    }

    /// Cancels the task and starts none.
    pub fn cancel(&mut self) {
        todo!("cancel")
    }

    /// Takes a message of the task with the number `run`, and says whether a
    /// frame is needed. Messages of cancelled tasks may still come.
    pub fn receive(&mut self, run: u64, news: News<T>) -> bool {
        let _ = (run, news);
        todo!("change only what the newest task may change")
    }

    /// The last result. It stays until the next one comes.
    pub fn shown(&self) -> Option<&T> {
        todo!("the last result")
    }

    /// How far the running task is, from 0 on. `None` when none runs.
    pub fn progress(&self) -> Option<u32> {
        todo!("the progress of the newest task")
    }
}
// ANCHOR_END: stub

impl<T, K> Default for Newest<T, K> {
    fn default() -> Self {
        Newest::new()
    }
}
