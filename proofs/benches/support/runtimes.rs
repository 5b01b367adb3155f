//! The six runtimes behind one trait.

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

use futures::FutureExt;
use futures::executor::{LocalPool, LocalSpawner};
use futures::future::RemoteHandle;
use futures::task::LocalSpawnExt;
use listings::runtimes::executor::{self, naive};
use listings::runtimes::fast_executor::join::JoinHandle;
use listings::runtimes::fast_executor::slots::Executor;

/// A runtime of one thread.
pub trait Runtime {
    /// Waits for a task.
    type Handle<T: Send + 'static>: Future<Output = T>;

    /// A fresh one.
    fn new() -> Self;

    /// Starts a task. The futures are `Send`, which only Tokio asks for.
    fn spawn<F>(&self, future: F) -> Self::Handle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static;

    /// Runs everything until `future` is done.
    fn run<F: Future>(&self, future: F) -> F::Output;
}

/// The fast executor of the book.
pub struct Ours(Executor);

/// Waits for a task of ours, and passes a panic on.
pub struct OursHandle<T>(JoinHandle<T>);

impl<T> Future for OursHandle<T> {
    type Output = T;

    fn poll(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<T> {
        self.0.poll_unpin(cx).map(|result| result.expect("no task fails"))
    }
}

impl Runtime for Ours {
    type Handle<T: Send + 'static> = OursHandle<T>;

    fn new() -> Self {
        Ours(Executor::new())
    }

    fn spawn<F>(&self, future: F) -> OursHandle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        OursHandle(self.0.spawn(future))
    }

    fn run<F: Future>(&self, future: F) -> F::Output {
        self.0.run(future)
    }
}

/// The simple executor of the book.
pub struct Simple {
    executor: executor::Executor,
    spawner: executor::Spawner,
}

/// Waits for a task of the simple one, and passes a panic on.
pub struct SimpleHandle<T>(executor::JoinHandle<T>);

impl<T> Future for SimpleHandle<T> {
    type Output = T;

    fn poll(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<T> {
        self.0.poll_unpin(cx).map(|result| result.expect("no task fails"))
    }
}

impl Runtime for Simple {
    type Handle<T: Send + 'static> = SimpleHandle<T>;

    fn new() -> Self {
        let executor = executor::Executor::default();
        let spawner = executor.spawner();
        Simple { executor, spawner }
    }

    fn spawn<F>(&self, future: F) -> SimpleHandle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        SimpleHandle(self.spawner.spawn(future))
    }

    fn run<F: Future>(&self, future: F) -> F::Output {
        self.executor.run(future)
    }
}

/// Tokio's current-thread runtime.
pub struct Tokio(tokio::runtime::Runtime);

/// Waits for a task of Tokio, and passes a panic on.
pub struct TokioHandle<T>(tokio::task::JoinHandle<T>);

impl<T> Future for TokioHandle<T> {
    type Output = T;

    fn poll(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<T> {
        self.0.poll_unpin(cx).map(|result| result.expect("no task fails"))
    }
}

impl Runtime for Tokio {
    type Handle<T: Send + 'static> = TokioHandle<T>;

    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        Tokio(runtime.expect("Tokio starts"))
    }

    fn spawn<F>(&self, future: F) -> TokioHandle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        TokioHandle(self.0.spawn(future))
    }

    fn run<F: Future>(&self, future: F) -> F::Output {
        self.0.block_on(future)
    }
}

/// smol's executor for one thread.
pub struct Smol(smol::LocalExecutor<'static>);

impl Runtime for Smol {
    type Handle<T: Send + 'static> = smol::Task<T>;

    fn new() -> Self {
        Smol(smol::LocalExecutor::new())
    }

    fn spawn<F>(&self, future: F) -> smol::Task<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        self.0.spawn(future)
    }

    fn run<F: Future>(&self, future: F) -> F::Output {
        smol::future::block_on(self.0.run(future))
    }
}

/// The executor of the futures crate for one thread.
pub struct Pool {
    pool: RefCell<LocalPool>,
    spawner: LocalSpawner,
}

impl Runtime for Pool {
    type Handle<T: Send + 'static> = RemoteHandle<T>;

    fn new() -> Self {
        let pool = LocalPool::new();
        let spawner = pool.spawner();
        Pool { pool: RefCell::new(pool), spawner }
    }

    fn spawn<F>(&self, future: F) -> RemoteHandle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        let spawned = self.spawner.spawn_local_with_handle(future);
        spawned.expect("the pool is there")
    }

    fn run<F: Future>(&self, future: F) -> F::Output {
        self.pool.borrow_mut().run_until(future)
    }
}

/// The chapter's first design, with a queue that never overflows here, and
/// the futures crate's way to wait for a task.
pub struct Naive {
    executor: naive::Executor,
    spawner: naive::Spawner,
}

struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Release);
    }
}

impl Runtime for Naive {
    type Handle<T: Send + 'static> = RemoteHandle<T>;

    fn new() -> Self {
        let (executor, spawner) = naive::executor(100_000);
        Naive { executor, spawner }
    }

    fn spawn<F>(&self, future: F) -> RemoteHandle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        let (future, handle) = future.remote_handle();
        self.spawner.spawn(future);
        handle
    }

    fn run<F: Future>(&self, future: F) -> F::Output {
        let mut future = pin!(future);
        let flag = Arc::new(Flag(AtomicBool::new(true)));
        let waker = Waker::from(flag.clone());
        loop {
            if flag.0.swap(false, Ordering::Acquire) {
                let mut cx = Context::from_waker(&waker);
                if let Poll::Ready(value) = future.as_mut().poll(&mut cx) {
                    return value;
                }
            }
            self.executor.run_until_stalled();
        }
    }
}

/// Gives the others a turn, so many times.
pub struct Yields(pub usize);

impl Future for Yields {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Some(left) = self.0.checked_sub(1) else {
            return Poll::Ready(());
        };
        self.0 = left;
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

/// A place where one task waits for another to call it.
#[derive(Default)]
pub struct Turn {
    called: AtomicBool,
    waker: Mutex<Option<Waker>>,
}

impl Turn {
    /// Lets the one who waits pass.
    pub fn call(&self) {
        self.called.store(true, Ordering::Release);
        let waker = self.waker.lock().expect("no holder panics").take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Waits for a call.
    pub async fn wait(&self) {
        poll_fn(|cx| {
            if self.called.load(Ordering::Acquire) {
                self.called.store(false, Ordering::Relaxed);
                return Poll::Ready(());
            }
            let mut waker = self.waker.lock().expect("no holder panics");
            *waker = Some(cx.waker().clone());
            Poll::Pending
        })
        .await
    }
}
