//! Several threads that take tasks from one queue.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle as Thread};

use super::join::JoinHandle;
use super::task::{self, Runnable, Schedule, Task};
use super::tasks::Tasks;
use crate::wakers::block_on::flag::block_on;

/// What the workers share.
pub struct Shared {
    queue: Mutex<Queue>,
    filled: Condvar,
    tasks: Tasks,
    counts: Counts,
}

#[derive(Default)]
struct Queue {
    tasks: VecDeque<Runnable>,
    closed: bool,
}

impl Schedule for Shared {
    fn schedule<F>(task: Arc<Task<F, Self>>)
    where
        F: Future<Output: Send> + Send + 'static,
    {
        task.executor.clone().push(task);
    }

    fn forget(&self, key: u32) {
        self.tasks.remove(key);
    }
}

// ANCHOR: work
impl Shared {
    fn work(&self) {
        while let Some(task) = self.next() {
            if let Some(woken) = task.run() {
                self.push(woken);
            }
        }
    }

    fn next(&self) -> Option<Runnable> {
        let mut queue = self.lock();
        while queue.tasks.is_empty() && !queue.closed {
            queue =
                self.filled.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
        if queue.closed { None } else { queue.tasks.pop_front() }
    }
}
// ANCHOR_END: work

impl Shared {
    fn push(&self, task: Runnable) {
        let mut queue = self.lock();
        if queue.closed {
            drop(queue);
            return;
        }
        queue.tasks.push_back(task);
        drop(queue);
        self.counts.notices.fetch_add(1, Ordering::Relaxed);
        self.filled.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.counts.locks.fetch_add(1, Ordering::Relaxed);
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What happened so far.
#[derive(Debug, Default)]
pub struct Counts {
    /// How often the queue was locked.
    pub locks: AtomicU64,
    /// How often a worker was told that there is something in the queue.
    pub notices: AtomicU64,
}

/// An executor with several threads and one queue.
pub struct Pool {
    shared: Arc<Shared>,
    workers: Vec<Thread<()>>,
}

impl Pool {
    /// Starts the workers.
    ///
    /// # Panics
    /// When `workers` is zero, or the operating system has no thread left.
    pub fn new(workers: usize) -> Pool {
        assert!(workers > 0, "a pool needs a worker");
        let shared = Arc::new(Shared {
            queue: Mutex::default(),
            filled: Condvar::new(),
            tasks: Tasks::new(workers),
            counts: Counts::default(),
        });
        let start = |_| {
            let shared = shared.clone();
            thread::spawn(move || shared.work())
        };
        let workers = (0..workers).map(start).collect();
        Pool { shared, workers }
    }

    /// Makes `future` a task, which any worker may poll.
    pub fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        task::spawn(future, &self.shared, |task| self.shared.tasks.insert(task))
    }

    /// Runs `future` on this thread, and the tasks on those of the pool.
    ///
    /// # Panics
    /// When `future` panics.
    pub fn run<F: Future>(&self, future: F) -> F::Output {
        block_on(future)
    }
}

impl Pool {
    /// What happened so far.
    pub fn counts(&self) -> &Counts {
        &self.shared.counts
    }

    /// A handle with which tasks spawn tasks.
    pub fn spawner(&self) -> Spawner {
        Spawner(self.shared.clone())
    }
}

impl Drop for Pool {
    /// Ends the workers, each after the poll that it is in, and then drops
    /// every task.
    fn drop(&mut self) {
        let mut queue = self.shared.lock();
        queue.closed = true;
        let left = std::mem::take(&mut queue.tasks);
        drop(queue);
        self.shared.filled.notify_all();
        let here = thread::current().id();
        for worker in self.workers.drain(..) {
            // A task may own the pool: no thread can wait for itself.
            if worker.thread().id() != here {
                // A worker catches the panics of its tasks.
                let _ = worker.join();
            }
        }
        self.shared.tasks.close().iter().for_each(|task| task.cancel());
        drop(left);
    }
}

/// Spawns tasks on the pool that made it, also from within its tasks.
#[derive(Clone)]
pub struct Spawner(Arc<Shared>);

impl Spawner {
    /// Makes `future` a task. When the pool is gone, `future` is dropped and
    /// the handle says `Cancelled`.
    pub fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        task::spawn(future, &self.0, |task| self.0.tasks.insert(task))
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").finish_non_exhaustive()
    }
}

impl fmt::Debug for Spawner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Spawner").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::pool_laws::pool_laws;

    pool_laws!();

    #[test]
    fn a_poll_takes_the_lock_of_the_one_queue_twice() {
        let run = || {
            let pool = Pool::new(2);
            let tasks: Vec<_> =
                (0..10).map(|_| pool.spawn(yields(100))).collect();
            for task in tasks {
                assert_eq!(pool.run(task), Ok(()));
            }
            let counts = pool.counts();
            let locks = counts.locks.load(Ordering::Relaxed);
            // Each worker may have locked it once more, to sleep.
            assert!((2020..=2022).contains(&locks), "{locks}");
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
    }
}
