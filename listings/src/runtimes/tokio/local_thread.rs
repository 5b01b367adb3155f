//! Futures that are not `Send`, on a thread of their own that a channel feeds.

use std::sync::mpsc::channel as std_channel;
use std::{error, fmt, io, thread};

use tokio::runtime::LocalRuntime;
use tokio::sync::{mpsc, oneshot};
use tokio::task::spawn_local;

// ANCHOR: start
/// Starts a task on the thread. The job is `Send`, its future need not be.
type Job = Box<dyn FnOnce() + Send>;

/// A thread for futures that are not `Send`. It ends when the last clone is
/// dropped, and drops the tasks that are left.
#[derive(Clone)]
pub struct LocalThread {
    jobs: mpsc::Sender<Job>,
}

impl LocalThread {
    /// # Errors
    /// When the system gives no thread, or nothing to wait for sockets with.
    pub fn start() -> io::Result<LocalThread> {
        let (jobs, mut queue) = mpsc::channel::<Job>(16);
        // On this channel the thread says whether it has a runtime.
        let (says, said) = std_channel();
        let body = move || match LocalRuntime::new() {
            Err(error) => drop(says.send(Err(error))),
            Ok(runtime) => {
                drop(says.send(Ok(())));
                runtime.block_on(async {
                    while let Some(job) = queue.recv().await {
                        job();
                    }
                });
            }
        };
        thread::Builder::new().name("local".into()).spawn(body)?;
        said.recv().map_err(io::Error::other)??;
        Ok(LocalThread { jobs })
    }
}
// ANCHOR_END: start

// ANCHOR: run
impl LocalThread {
    /// Calls `make` on the thread, runs the future that it returns there, and
    /// gives the value back. When the future of `run` is dropped, a job that
    /// it has sent goes on.
    ///
    /// # Errors
    /// [`Ended`] when the task panicked, or the thread has ended.
    pub async fn run<T, F>(
        &self,
        make: impl FnOnce() -> F + Send + 'static,
    ) -> Result<T, Ended>
    where
        T: Send + 'static,
        F: Future<Output = T> + 'static,
    {
        let (reply, value) = oneshot::channel();
        // The closure is `Send`. It makes the future on the other thread.
        let job: Job = Box::new(move || {
            drop(spawn_local(async move {
                // An error: nobody waits for the value any more.
                let _ = reply.send(make().await);
            }));
        });
        self.jobs.send(job).await.map_err(|_| Ended)?;
        value.await.map_err(|_| Ended)
    }
}
// ANCHOR_END: run

/// The task gave no value: it panicked, or its thread has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended;

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the task panicked, or its thread has ended")
    }
}

impl error::Error for Ended {}

impl fmt::Debug for LocalThread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalThread").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::future::pending;
    use std::panic::resume_unwind;
    use std::rc::Rc;
    use std::time::Duration;

    use tokio::runtime::Builder;
    use tokio::task::{LocalSet, yield_now};

    use super::*;
    use crate::proof::watchdog;

    fn run<T: Send + 'static>(
        test: impl AsyncFnOnce(LocalThread) -> T + Send + 'static,
    ) -> T {
        let run = move || {
            let runtime = Builder::new_multi_thread().worker_threads(2).build();
            let local = LocalThread::start().unwrap();
            runtime.unwrap().block_on(test(local))
        };
        watchdog(Duration::from_secs(20), run).unwrap()
    }

    async fn counts() -> (u32, Option<String>) {
        let count = Rc::new(Cell::new(0));
        let adds = count.clone();
        let adds = async move { adds.set(adds.get() + 1) };
        spawn_local(adds).await.unwrap();
        yield_now().await;
        (count.get(), thread::current().name().map(Into::into))
    }

    #[test]
    fn a_spawned_task_awaits_a_future_that_is_not_send() {
        let end = run(async |local| {
            tokio::spawn(async move { local.run(counts).await }).await
        });
        assert_eq!(end.unwrap(), Ok((1, Some("local".into()))));
    }

    #[test]
    fn its_futures_have_their_turns_beside_each_other() {
        let end = run(async |local| {
            let (sender, receiver) = oneshot::channel();
            let waits = local.run(|| receiver);
            let sends = local.run(|| async { sender.send(7) });
            tokio::join!(waits, sends)
        });
        assert_eq!(end, (Ok(Ok(7)), Ok(Ok(()))));
    }

    #[test]
    fn a_panic_ends_one_of_its_tasks() {
        let end = run(async |local| {
            let panics =
                || async { resume_unwind(Box::new("Ann drops the pan")) };
            let first: Result<(), _> = local.run(panics).await;
            (first, local.run(|| async { 42 }).await)
        });
        assert_eq!(end, (Err(Ended), Ok(42)));
    }

    #[test]
    fn without_a_sender_the_thread_ends_and_drops_its_tasks() {
        run(async |local| {
            let (keeps, kept) = oneshot::channel::<()>();
            let (says, said) = oneshot::channel();
            let make = || async {
                let _keeps = keeps;
                says.send(()).unwrap();
                pending::<()>().await
            };
            let task = tokio::spawn(async move { local.run(make).await });
            said.await.unwrap();
            task.abort();
            assert!(kept.await.is_err(), "it is dropped with its task");
        });
    }

    #[test]
    fn a_current_thread_runtime_with_a_local_set_does_it_too() {
        let run = || {
            let (jobs, mut queue) = mpsc::channel::<Job>(16);
            let thread = thread::spawn(move || {
                let runtime = Builder::new_current_thread().build().unwrap();
                let serve = async {
                    while let Some(job) = queue.recv().await {
                        job();
                    }
                };
                LocalSet::new().block_on(&runtime, serve);
            });
            let local = LocalThread { jobs };
            let runtime = Builder::new_multi_thread().build().unwrap();
            let end = runtime.block_on(runtime.spawn(async move {
                local.run(|| async { Rc::new(7).to_string() }).await
            }));
            thread.join().unwrap();
            end.unwrap()
        };
        let end = watchdog(Duration::from_secs(20), run).unwrap();
        assert_eq!(end, Ok("7".into()));
    }
}
