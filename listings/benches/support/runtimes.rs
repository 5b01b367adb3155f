//! The five runtimes behind one trait.

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

use futures::channel::{mpsc, oneshot};
use futures::executor::{LocalPool, LocalSpawner};
use futures::future::RemoteHandle;
use futures::task::LocalSpawnExt;
use futures::{FutureExt, SinkExt, StreamExt};
use listings::runtimes::executor::join::JoinHandle;
use listings::runtimes::executor::naive;
use listings::runtimes::executor::slots::Executor;
use listings::wakers::oneshot::closed;

use super::channels;

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

/// What the same library offers for two tasks to talk through.
pub trait Channels: 'static {
    /// Sends one value.
    type OneSender<T: Send + 'static>: Send + 'static;
    /// Receives it.
    type OneReceiver<T: Send + 'static>: Send + 'static;
    /// Sends many.
    type Sender: Send + 'static;
    /// Receives them.
    type Receiver: Send + 'static;

    /// A channel for one value.
    fn oneshot<T: Send + 'static>() -> (Self::OneSender<T>, Self::OneReceiver<T>);
    /// Sends the one value.
    fn answer<T: Send + 'static>(to: Self::OneSender<T>, value: T);
    /// Waits for the one value.
    fn receive<T: Send + 'static>(
        from: Self::OneReceiver<T>,
    ) -> impl Future<Output = T> + Send;
    /// A channel that holds `capacity` values.
    fn channel(capacity: usize) -> (Self::Sender, Self::Receiver);
    /// Sends one of many.
    fn send(
        to: &mut Self::Sender,
        value: u64,
    ) -> impl Future<Output = ()> + Send;
    /// Receives one of many.
    fn next(
        from: &mut Self::Receiver,
    ) -> impl Future<Output = Option<u64>> + Send;
}

/// The executor of the chapter.
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

impl Channels for Ours {
    type OneSender<T: Send + 'static> = closed::Sender<T>;
    type OneReceiver<T: Send + 'static> = closed::Receiver<T>;
    type Sender = channels::Sender<u64>;
    type Receiver = channels::Receiver<u64>;

    fn oneshot<T: Send + 'static>() -> (Self::OneSender<T>, Self::OneReceiver<T>)
    {
        closed::channel()
    }
    fn answer<T: Send + 'static>(to: Self::OneSender<T>, value: T) {
        // An error means that nobody waits, which no workload does.
        let _ = to.send(value);
    }
    async fn receive<T: Send + 'static>(from: Self::OneReceiver<T>) -> T {
        from.await.expect("the sender sends")
    }
    fn channel(capacity: usize) -> (Self::Sender, Self::Receiver) {
        channels::channel(capacity)
    }
    async fn send(to: &mut Self::Sender, value: u64) {
        to.send(value).await.expect("the receiver is there");
    }
    async fn next(from: &mut Self::Receiver) -> Option<u64> {
        from.recv().await
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

impl Channels for Tokio {
    type OneSender<T: Send + 'static> = tokio::sync::oneshot::Sender<T>;
    type OneReceiver<T: Send + 'static> = tokio::sync::oneshot::Receiver<T>;
    type Sender = tokio::sync::mpsc::Sender<u64>;
    type Receiver = tokio::sync::mpsc::Receiver<u64>;

    fn oneshot<T: Send + 'static>() -> (Self::OneSender<T>, Self::OneReceiver<T>)
    {
        tokio::sync::oneshot::channel()
    }
    fn answer<T: Send + 'static>(to: Self::OneSender<T>, value: T) {
        // An error means that nobody waits, which no workload does.
        let _ = to.send(value);
    }
    async fn receive<T: Send + 'static>(from: Self::OneReceiver<T>) -> T {
        from.await.expect("the sender sends")
    }
    fn channel(capacity: usize) -> (Self::Sender, Self::Receiver) {
        tokio::sync::mpsc::channel(capacity)
    }
    async fn send(to: &mut Self::Sender, value: u64) {
        to.send(value).await.expect("the receiver is there");
    }
    async fn next(from: &mut Self::Receiver) -> Option<u64> {
        from.recv().await
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

impl Channels for Smol {
    type OneSender<T: Send + 'static> = smol::channel::Sender<T>;
    type OneReceiver<T: Send + 'static> = smol::channel::Receiver<T>;
    type Sender = smol::channel::Sender<u64>;
    type Receiver = smol::channel::Receiver<u64>;

    fn oneshot<T: Send + 'static>() -> (Self::OneSender<T>, Self::OneReceiver<T>)
    {
        smol::channel::bounded(1)
    }
    fn answer<T: Send + 'static>(to: Self::OneSender<T>, value: T) {
        // An error means that nobody waits, which no workload does.
        let _ = to.try_send(value);
    }
    async fn receive<T: Send + 'static>(from: Self::OneReceiver<T>) -> T {
        from.recv().await.expect("the sender sends")
    }
    fn channel(capacity: usize) -> (Self::Sender, Self::Receiver) {
        smol::channel::bounded(capacity)
    }
    async fn send(to: &mut Self::Sender, value: u64) {
        to.send(value).await.expect("the receiver is there");
    }
    async fn next(from: &mut Self::Receiver) -> Option<u64> {
        from.recv().await.ok()
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

impl Channels for Pool {
    type OneSender<T: Send + 'static> = oneshot::Sender<T>;
    type OneReceiver<T: Send + 'static> = oneshot::Receiver<T>;
    type Sender = mpsc::Sender<u64>;
    type Receiver = mpsc::Receiver<u64>;

    fn oneshot<T: Send + 'static>() -> (Self::OneSender<T>, Self::OneReceiver<T>)
    {
        oneshot::channel()
    }
    fn answer<T: Send + 'static>(to: Self::OneSender<T>, value: T) {
        // An error means that nobody waits, which no workload does.
        let _ = to.send(value);
    }
    async fn receive<T: Send + 'static>(from: Self::OneReceiver<T>) -> T {
        from.await.expect("the sender sends")
    }
    fn channel(capacity: usize) -> (Self::Sender, Self::Receiver) {
        mpsc::channel(capacity)
    }
    async fn send(to: &mut Self::Sender, value: u64) {
        to.send(value).await.expect("the receiver is there");
    }
    async fn next(from: &mut Self::Receiver) -> Option<u64> {
        from.next().await
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
