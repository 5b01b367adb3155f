//! Runtimes with several workers, behind one trait.

use std::fmt::Debug;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::thread;

use futures::FutureExt;
use listings::runtimes::threads::{self, shared};

use super::ablation::{no_slot, steal_one, unpadded, wake_always};

/// A runtime with several workers.
pub trait Workers: 'static {
    /// Spawns from within its tasks.
    type Spawner: Spawn;

    /// One with so many workers.
    fn new(workers: usize) -> Self;

    /// What its tasks spawn with.
    fn spawner(&self) -> Self::Spawner;

    /// Runs `future` on this thread, which is no worker.
    fn run<F: Future>(&self, future: F) -> F::Output;
}

/// Spawns tasks.
pub trait Spawn: Clone + Send + Sync + 'static {
    /// Waits for a task.
    type Handle<T: Send + 'static>: Future<Output = T> + Send;

    /// Starts a task.
    fn start<F>(&self, future: F) -> Self::Handle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static;
}

/// A handle that passes a panic on.
pub struct Passes<H>(H);

impl<T, E, H> Future for Passes<H>
where
    E: Debug,
    H: Future<Output = Result<T, E>> + Unpin,
{
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        self.0.poll_unpin(cx).map(|result| result.expect("no task fails"))
    }
}

macro_rules! pool {
    ($pool:ty, $spawner:ty, $handle:ident in $($module:ident)::+, $new:expr, $run:ident) => {
        impl Workers for $pool {
            type Spawner = $spawner;

            fn new(workers: usize) -> Self {
                $new(workers)
            }

            fn spawner(&self) -> $spawner {
                self.spawner()
            }

            fn run<F: Future>(&self, future: F) -> F::Output {
                self.$run(future)
            }
        }

        impl Spawn for $spawner {
            type Handle<T: Send + 'static> = Passes<$($module)::+::$handle<T>>;

            fn start<F>(&self, future: F) -> Self::Handle<F::Output>
            where
                F: Future<Output: Send> + Send + 'static,
            {
                Passes(self.spawn(future))
            }
        }
    };
}

pool!(threads::Pool, threads::Spawner, JoinHandle in threads, threads::Pool::new, run);
pool!(shared::Pool, shared::Spawner, JoinHandle in threads, shared::Pool::new, run);
pool!(no_slot::pool::Pool, no_slot::pool::Spawner, JoinHandle in no_slot::join, no_slot::pool::Pool::new, run);
pool!(steal_one::pool::Pool, steal_one::pool::Spawner, JoinHandle in steal_one::join, steal_one::pool::Pool::new, run);
pool!(wake_always::pool::Pool, wake_always::pool::Spawner, JoinHandle in wake_always::join, wake_always::pool::Pool::new, run);
pool!(unpadded::pool::Pool, unpadded::pool::Spawner, JoinHandle in unpadded::join, unpadded::pool::Pool::new, run);

/// The runtime of the book: the pool with the reactor and the timers.
pub struct Ours(pub threads::runtime::Runtime);

impl Workers for Ours {
    type Spawner = threads::Spawner;

    fn new(workers: usize) -> Self {
        let runtime = threads::runtime::Runtime::new(workers);
        Ours(runtime.expect("the system has a descriptor left"))
    }

    fn spawner(&self) -> threads::Spawner {
        self.0.spawner()
    }

    fn run<F: Future>(&self, future: F) -> F::Output {
        self.0.block_on(future)
    }
}

/// Tokio's multi-thread runtime.
pub struct Tokio(pub tokio::runtime::Runtime);

impl Workers for Tokio {
    type Spawner = tokio::runtime::Handle;

    fn new(workers: usize) -> Self {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        let runtime = builder.worker_threads(workers).enable_all().build();
        Tokio(runtime.expect("Tokio starts"))
    }

    fn spawner(&self) -> tokio::runtime::Handle {
        self.0.handle().clone()
    }

    fn run<F: Future>(&self, future: F) -> F::Output {
        self.0.block_on(future)
    }
}

impl Spawn for tokio::runtime::Handle {
    type Handle<T: Send + 'static> = Passes<tokio::task::JoinHandle<T>>;

    fn start<F>(&self, future: F) -> Self::Handle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        Passes(self.spawn(future))
    }
}

/// smol's executor, run by several threads.
pub struct Smol {
    executor: Arc<smol::Executor<'static>>,
    /// Dropped, it ends the workers.
    stop: smol::channel::Sender<()>,
    workers: Vec<thread::JoinHandle<()>>,
}

impl Workers for Smol {
    type Spawner = Arc<smol::Executor<'static>>;

    fn new(workers: usize) -> Self {
        let executor = Arc::new(smol::Executor::new());
        let (stop, stopped) = smol::channel::bounded::<()>(1);
        let worker = |_| {
            let (executor, stopped) = (executor.clone(), stopped.clone());
            thread::spawn(move || {
                // An error says that the sender is gone, which is the end.
                let _ = smol::block_on(executor.run(stopped.recv()));
            })
        };
        let workers = (0..workers).map(worker).collect();
        Smol { executor, stop, workers }
    }

    fn spawner(&self) -> Self::Spawner {
        self.executor.clone()
    }

    fn run<F: Future>(&self, future: F) -> F::Output {
        smol::block_on(future)
    }
}

impl Drop for Smol {
    fn drop(&mut self) {
        self.stop.close();
        for worker in self.workers.drain(..) {
            worker.join().expect("no worker panics");
        }
    }
}

impl Spawn for Arc<smol::Executor<'static>> {
    type Handle<T: Send + 'static> = smol::Task<T>;

    fn start<F>(&self, future: F) -> Self::Handle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        self.spawn(future)
    }
}
