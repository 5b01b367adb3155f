//! Exercise to boundary/app.html: write what the page left out.

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
    shown: Option<T>,
    work: Option<Work<K>>,
    /// How many tasks have been started: the number of the newest.
    started: u64,
}

struct Work<K> {
    run: u64,
    progress: u32,
    /// Dropping it cancels the task.
    _task: K,
}

impl<T, K> Newest<T, K> {
    /// No task runs, and there is no result.
    pub fn new() -> Newest<T, K> {
        Newest { shown: None, work: None, started: 0 }
    }

    /// Cancels the old task. Then `start` starts the next one. It gets the
    /// number that will come with each message of that task.
    pub fn restart(&mut self, start: impl FnOnce(u64) -> K) {
        // An assignment alone would start the next task first.
        self.cancel();
        self.started += 1;
        let run = self.started;
        self.work = Some(Work { run, progress: 0, _task: start(run) });
    }

    /// Cancels the task and starts none.
    pub fn cancel(&mut self) {
        self.work = None;
    }

    /// Takes a message of the task with the number `run`, and says whether a
    /// frame is needed. Messages of cancelled tasks may still come.
    pub fn receive(&mut self, run: u64, news: News<T>) -> bool {
        // Without a task, no message is new: the last one was cancelled.
        let Some(work) = &mut self.work else { return false };
        if work.run != run {
            return false;
        }
        match news {
            News::Progress(parts) => work.progress = parts,
            News::Done(result) => {
                self.shown = Some(result);
                self.work = None;
            }
            News::Failed => self.work = None,
        }
        true
    }

    /// The last result. It stays until the next one comes.
    pub fn shown(&self) -> Option<&T> {
        self.shown.as_ref()
    }

    /// How far the running task is, from 0 on. `None` when none runs.
    pub fn progress(&self) -> Option<u32> {
        self.work.as_ref().map(|work| work.progress)
    }
}

impl<T, K> Default for Newest<T, K> {
    fn default() -> Self {
        Newest::new()
    }
}
