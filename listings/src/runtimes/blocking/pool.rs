//! The same pool. It survives what its jobs do, and it can wait for their
//! end.

use std::collections::VecDeque;
use std::fmt;
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::task::{Context, Poll};
use std::thread::{self, Builder};

use crate::runtimes::executor::JoinError;
use crate::runtimes::executor::caught::catch;
use crate::wakers::oneshot::closed::{Receiver, channel};

type Job = Box<dyn FnOnce() + Send>;

/// Runs jobs that block, on at most `limit` threads.
///
/// Dropped, it drops the jobs that have not started. A job that has started
/// runs to its end, and its thread ends then; [`Pool::shutdown`] waits for
/// that.
pub struct Pool(Arc<Shared>);

struct Shared {
    limit: usize,
    state: Mutex<State>,
    /// There is a job, or the pool is closed.
    news: Condvar,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    threads: Vec<thread::JoinHandle<()>>,
    /// Threads that wait for a job.
    idle: usize,
    closed: bool,
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

    // ANCHOR: spawn
    /// Queues `job`. The handle is a future of how the job ends. When the
    /// handle is dropped, the job runs all the same.
    pub fn spawn_blocking<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> JoinHandle<T> {
        let (sender, receiver) = channel();
        let run = move || {
            let result = catch(job).map_err(JoinError::Panic);
            // Wakes a foreign waker, or drops a result that nobody wants.
            let _ = catch(|| drop(sender.send(result)));
        };
        self.0.add(Box::new(run));
        JoinHandle(receiver)
    }
    // ANCHOR_END: spawn

    // ANCHOR: shutdown
    /// Drops the jobs that have not started, and blocks until those that
    /// have started are done. Called by such a job, it does not wait for
    /// the job itself.
    pub fn shutdown(self) {
        for thread in self.0.close() {
            if thread.thread().id() != thread::current().id() {
                // No panic comes out of a job.
                let _ = thread.join();
            }
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl Shared {
    fn close(&self) -> Vec<thread::JoinHandle<()>> {
        let mut state = self.lock();
        state.closed = true;
        let jobs = mem::take(&mut state.jobs);
        let threads = mem::take(&mut state.threads);
        drop(state);
        self.news.notify_all();
        for job in jobs {
            // Drops what the job owns, and tells its handle.
            let _ = catch(|| drop(job));
        }
        threads
    }
    // ANCHOR_END: shutdown

    fn add(self: &Arc<Self>, job: Job) {
        let mut state = self.lock();
        state.jobs.push_back(job);
        if state.jobs.len() <= state.idle {
            self.news.notify_one();
        } else if state.threads.len() < self.limit {
            let shared = self.clone();
            let name = "blocking".to_string();
            match Builder::new().name(name).spawn(move || shared.work()) {
                Ok(thread) => state.threads.push(thread),
                // The threads that are there will come to it.
                Err(_) if !state.threads.is_empty() => {}
                Err(_) => {
                    let job = state.jobs.pop_back();
                    drop(state);
                    // Nobody can run it: its handle says `Cancelled`.
                    drop(job);
                }
            }
        }
    }

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

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no holder panics")
    }
}

// ANCHOR: handle
/// A future of how a job ends: its value, its panic, or `Cancelled` when it
/// never started.
///
/// Cancel safety: it can be polled by reference, and polled on later.
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct JoinHandle<T>(Receiver<Result<T, JoinError>>);

impl<T> Future for JoinHandle<T> {
    type Output = Result<T, JoinError>;

    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Self::Output> {
        let end = Pin::new(&mut self.0).poll(cx);
        end.map(|end| end.unwrap_or(Err(JoinError::Cancelled)))
    }
}
// ANCHOR_END: handle

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::panic::resume_unwind;
    use std::sync::mpsc::{self, Sender};
    use std::task::Waker;
    use std::time::Duration;

    use super::*;
    use crate::proof::hostile::{Guest, Moment, OnDrop, panics};
    use crate::proof::watchdog;
    use crate::wakers::block_on::flag::block_on;

    const LIMIT: Duration = Duration::from_secs(30);

    fn watched<T: Send + 'static>(
        run: impl FnOnce() -> T + Send + 'static,
    ) -> T {
        watchdog(LIMIT, run).expect("it does not hang")
    }

    /// A job that has started, and runs until the sender is dropped.
    fn busy(pool: &Pool) -> (Sender<()>, JoinHandle<()>) {
        let (open, gate) = mpsc::channel();
        let (says, started) = mpsc::channel();
        let handle = pool.spawn_blocking(move || {
            says.send(()).expect("we listen");
            let _ = gate.recv();
        });
        started.recv().expect("it starts");
        (open, handle)
    }

    #[test]
    fn it_has_no_more_threads_than_its_limit_and_the_rest_waits() {
        watched(|| {
            let pool = Pool::new(2);
            let (first, second) = (busy(&pool), busy(&pool));
            let id = || thread::current().id();
            let rest: Vec<_> =
                (0..5).map(|_| pool.spawn_blocking(id)).collect();
            {
                let state = pool.0.lock();
                assert_eq!((state.threads.len(), state.jobs.len()), (2, 5));
            }
            drop((first.0, second.0));
            let ids = rest.into_iter().map(|job| block_on(job).unwrap());
            assert!(ids.collect::<HashSet<_>>().len() <= 2);
        });
    }

    #[test]
    fn a_thread_that_is_idle_is_used_again() {
        watched(|| {
            let pool = Pool::new(8);
            for _ in 0..100 {
                let shared = pool.0.clone();
                // While it works, no thread is idle.
                let idle = pool.spawn_blocking(move || shared.lock().idle);
                assert_eq!(block_on(idle), Ok(0));
                while pool.0.lock().idle != 1 {
                    thread::yield_now();
                }
            }
            assert_eq!(pool.0.lock().threads.len(), 1);
        });
    }

    #[test]
    fn two_jobs_that_wait_for_each_other_find_two_threads() {
        watched(|| {
            for _ in 0..100 {
                let pool = Pool::new(2);
                assert_eq!(block_on(pool.spawn_blocking(|| 42)), Ok(42));
                while pool.0.lock().idle == 0 {
                    thread::yield_now();
                }
                // One thread is idle, and two jobs come.
                let (sender, receiver) = mpsc::channel();
                let waits = pool.spawn_blocking(move || receiver.recv());
                let sends = pool.spawn_blocking(move || sender.send(7));
                assert_eq!(block_on(waits), Ok(Ok(7)));
                assert_eq!(block_on(sends), Ok(Ok(())));
            }
        });
    }

    #[test]
    fn a_job_that_panics_tells_its_handle_and_its_thread_goes_on() {
        watched(|| {
            let pool = Pool::new(1);
            let bad = pool
                .spawn_blocking(|| -> u32 { resume_unwind(Box::new("no")) });
            let good = pool.spawn_blocking(|| 42);
            assert_eq!(block_on(bad), Err(JoinError::Panic("no".into())));
            assert_eq!(block_on(good), Ok(42));
        });
    }

    #[test]
    fn a_panic_whose_payload_panics_ends_no_thread() {
        watched(|| {
            let pool = Pool::new(1);
            let bad = pool.spawn_blocking(|| -> u32 {
                resume_unwind(Box::new(OnDrop::panics()))
            });
            let good = pool.spawn_blocking(|| 42);
            let end = JoinError::Panic(String::new());
            assert_eq!(block_on(bad), Err(end));
            assert_eq!(block_on(good), Ok(42));
        });
    }

    #[test]
    fn a_job_whose_handle_is_dropped_runs_all_the_same() {
        watched(|| {
            let pool = Pool::new(1);
            let (sender, receiver) = mpsc::channel();
            drop(pool.spawn_blocking(move || sender.send(7)));
            assert_eq!(receiver.recv(), Ok(7));
        });
    }

    #[test]
    fn a_result_that_nobody_wants_may_panic_in_its_destructor() {
        watched(|| {
            let pool = Pool::new(1);
            let (open, gate) = mpsc::channel::<()>();
            // The result comes after its handle is gone.
            drop(pool.spawn_blocking(move || {
                let _ = gate.recv();
                OnDrop::panics()
            }));
            drop(open);
            let captured = OnDrop::panics();
            drop(pool.spawn_blocking(move || drop(captured)));
            assert_eq!(block_on(pool.spawn_blocking(|| 42)), Ok(42));
        });
    }

    #[test]
    fn a_waker_that_panics_ends_no_thread_and_the_result_stays() {
        watched(|| {
            let pool = Pool::new(1);
            let (open, gate) = mpsc::channel::<()>();
            let mut handle = pool.spawn_blocking(move || {
                let _ = gate.recv();
                7
            });
            let guest = Guest::new();
            guest.next(Moment::Wake, panics);
            let waker = guest.waker();
            let mut cx = Context::from_waker(&waker);
            assert!(Pin::new(&mut handle).poll(&mut cx).is_pending());
            drop(open);
            assert_eq!(block_on(pool.spawn_blocking(|| 42)), Ok(42));
            assert_eq!((guest.wakes(), guest.deeds_left()), (1, 0));
            assert_eq!(block_on(handle), Ok(7));
        });
    }

    #[test]
    fn a_waker_may_use_the_pool_while_it_is_woken() {
        watched(|| {
            let pool = Arc::new(Pool::new(1));
            let (open, gate) = mpsc::channel::<()>();
            let mut handle = pool.spawn_blocking(move || gate.recv().is_err());
            let guest = Guest::new();
            let (says, heard) = mpsc::channel();
            let uses = pool.clone();
            guest.next(Moment::Wake, move || {
                drop(uses.spawn_blocking(move || says.send(7)));
            });
            let waker = guest.waker();
            let mut cx = Context::from_waker(&waker);
            assert!(Pin::new(&mut handle).poll(&mut cx).is_pending());
            drop(open);
            assert_eq!(heard.recv(), Ok(7));
            assert_eq!(block_on(handle), Ok(true));
        });
    }

    #[test]
    fn the_newest_waker_is_woken() {
        watched(|| {
            let pool = Pool::new(1);
            let (open, mut handle) = busy(&pool);
            let mut cx = Context::from_waker(Waker::noop());
            assert!(Pin::new(&mut handle).poll(&mut cx).is_pending());
            drop(open);
            assert_eq!(block_on(handle), Ok(()));
        });
    }

    #[test]
    fn a_pool_that_is_dropped_cancels_what_waits_and_its_threads_end() {
        watched(|| {
            let pool = Pool::new(1);
            let shared = Arc::downgrade(&pool.0);
            let (open, runs) = busy(&pool);
            let bad = OnDrop::panics();
            let waits = [
                pool.spawn_blocking(move || drop(bad)),
                pool.spawn_blocking(|| ()),
            ];
            drop(pool);
            for handle in waits {
                assert_eq!(block_on(handle), Err(JoinError::Cancelled));
            }
            assert_eq!(shared.strong_count(), 1, "its thread is there");
            drop(open);
            assert_eq!(block_on(runs), Ok(()));
            while shared.strong_count() > 0 {
                thread::yield_now();
            }
        });
    }

    #[test]
    fn shutdown_waits_for_the_jobs_that_run() {
        watched(|| {
            let pool = Pool::new(2);
            let shared = Arc::downgrade(&pool.0);
            let (open, runs) = busy(&pool);
            let opens = thread::spawn(move || {
                while !shared.upgrade().is_some_and(|s| s.lock().closed) {
                    thread::yield_now();
                }
                drop(open);
            });
            pool.shutdown();
            let mut runs = runs;
            let mut cx = Context::from_waker(Waker::noop());
            let end = Pin::new(&mut runs).poll(&mut cx);
            assert_eq!(end, Poll::Ready(Ok(())));
            opens.join().expect("it opens");
        });
    }

    #[test]
    fn a_job_may_end_the_pool_that_runs_it() {
        watched(|| {
            let both: [fn(Pool); 2] = [drop, Pool::shutdown];
            for ends in both {
                let pool = Pool::new(1);
                let (sender, receiver) = mpsc::channel::<Pool>();
                let handle = pool.spawn_blocking(move || {
                    ends(receiver.recv().expect("it is sent"));
                    42
                });
                sender.send(pool).expect("the job listens");
                assert_eq!(block_on(handle), Ok(42));
            }
        });
    }
}
