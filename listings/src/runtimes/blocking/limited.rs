//! Threads that all jobs share: a limit, and a queue in front of it. A job
//! that panics ends its thread.

use std::collections::VecDeque;
use std::fmt;
use std::mem;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;

use crate::wakers::oneshot::closed::{Receiver, channel};

// ANCHOR: types
type Job = Box<dyn FnOnce() + Send>;

/// Runs jobs on at most `limit` threads. Dropped, it drops the jobs that
/// have not started, and its threads end.
pub struct Pool(Arc<Shared>);

struct Shared {
    limit: usize,
    state: Mutex<State>,
    /// There is a job, or the pool was dropped.
    news: Condvar,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    threads: usize,
    /// Threads that wait for a job.
    idle: usize,
    closed: bool,
}
// ANCHOR_END: types

// ANCHOR: run
impl Pool {
    /// Queues `job`. The receiver is a future of what `job` returns.
    ///
    /// # Panics
    /// When the system starts no more threads.
    pub fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Receiver<T> {
        let (sender, receiver) = channel();
        let job = move || drop(sender.send(job()));
        let mut state = self.0.lock();
        state.jobs.push_back(Box::new(job));
        if state.jobs.len() <= state.idle {
            self.0.news.notify_one();
        } else if state.threads < self.0.limit {
            state.threads += 1;
            let shared = self.0.clone();
            thread::spawn(move || shared.work());
        }
        receiver
    }
}
// ANCHOR_END: run

// ANCHOR: work
impl Shared {
    /// What each thread of the pool does.
    fn work(&self) {
        let mut state = self.lock();
        loop {
            if let Some(job) = state.jobs.pop_front() {
                drop(state);
                job();
                state = self.lock();
            } else if state.closed {
                return;
            } else {
                state.idle += 1;
                state = self.news.wait(state).expect("no holder panics");
                state.idle -= 1;
            }
        }
    }
}
// ANCHOR_END: work

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no holder panics")
    }
}

impl Pool {
    /// A pool without threads. It starts them when there are jobs.
    ///
    /// # Panics
    /// When `limit` is 0.
    pub fn new(limit: usize) -> Pool {
        assert!(limit > 0, "a pool without threads runs nothing");
        let (state, news) = (Mutex::default(), Condvar::new());
        Pool(Arc::new(Shared { limit, state, news }))
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.closed = true;
        let jobs = mem::take(&mut state.jobs);
        drop(state);
        self.0.news.notify_all();
        drop(jobs);
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::panic::resume_unwind;
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;
    use crate::proof::{Hung, watchdog};
    use crate::wakers::block_on::flag::block_on;
    use crate::wakers::oneshot::closed::Closed;

    const LIMIT: Duration = Duration::from_secs(30);

    #[test]
    fn a_hundred_jobs_share_a_thread() {
        let run = || {
            let pool = Pool::new(1);
            let jobs: Vec<_> =
                (0..100).map(|n| pool.run(move || 2 * n)).collect();
            let sum: u32 = jobs.into_iter().map(|j| block_on(j).unwrap()).sum();
            (sum, pool.0.lock().threads)
        };
        assert_eq!(watchdog(LIMIT, run), Ok((9900, 1)));
    }

    #[test]
    fn a_thread_that_waits_gets_the_next_job() {
        let run = || {
            let pool = Pool::new(2);
            let waits = || {
                while pool.0.lock().idle != 1 {
                    thread::yield_now();
                }
            };
            block_on(pool.run(|| ())).unwrap();
            waits();
            let shared = pool.0.clone();
            // While it works, nobody waits.
            let idle = block_on(pool.run(move || shared.lock().idle));
            waits();
            (idle, pool.0.lock().threads)
        };
        assert_eq!(watchdog(LIMIT, run), Ok((Ok(0), 1)));
    }

    #[test]
    fn a_dropped_pool_drops_the_jobs_that_wait_and_its_threads_end() {
        let run = || {
            let pool = Pool::new(1);
            let (begun, begins) = mpsc::channel();
            let (finish, finishes) = mpsc::channel();
            let first = pool.run(move || {
                begun.send(()).unwrap();
                finishes.recv().unwrap()
            });
            begins.recv().unwrap();
            let second = pool.run(|| 8);
            let shared = Arc::downgrade(&pool.0);
            drop(pool);
            let second = block_on(second);
            finish.send(7).unwrap();
            let first = block_on(first);
            // Each thread has a share.
            while shared.strong_count() > 0 {
                thread::yield_now();
            }
            (first, second)
        };
        assert_eq!(watchdog(LIMIT, run), Ok((Ok(7), Err(Closed))));
    }

    #[test]
    fn a_panic_takes_the_thread_of_a_pool_along() {
        let pool = Arc::new(Pool::new(1));
        let panics = pool.run(|| -> u32 { resume_unwind(Box::new("no eggs")) });
        let end = watchdog(LIMIT, move || block_on(panics));
        assert_eq!(end, Ok(Err(Closed)));
        let next = pool.run(|| 42);
        let limit = Duration::from_millis(100);
        let end = watchdog(limit, move || block_on(next));
        assert_eq!(end, Err(Hung { limit }));
        assert_eq!(pool.0.lock().jobs.len(), 1, "it waits for a thread");
    }
}
