//! Tasks to poll as, and wakers of all kinds.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

/// Stands for a task, and counts its wakes.
#[derive(Default)]
pub struct Task {
    wakes: Mutex<u32>,
    woken: Condvar,
}

impl Task {
    /// A new one.
    pub fn new() -> Arc<Task> {
        Arc::default()
    }

    /// A waker that leads to it.
    pub fn waker(self: &Arc<Self>) -> Waker {
        Waker::from(self.clone())
    }

    /// How often it was woken.
    pub fn wakes(&self) -> u32 {
        *self.lock()
    }

    /// Waits until it has been woken so often. A wake may come from a thread.
    pub fn wait_for(&self, wakes: u32) {
        let too_few = |count: &mut u32| *count < wakes;
        drop(self.woken.wait_while(self.lock(), too_few));
    }

    /// How many wakers lead to it.
    pub fn wakers(self: &Arc<Self>) -> usize {
        Arc::strong_count(self) - 1
    }

    /// Polls `future` once as this task.
    pub fn poll<F: Future + Unpin>(
        self: &Arc<Self>,
        future: &mut F,
    ) -> Poll<F::Output> {
        poll_with(&self.waker(), future)
    }

    /// Polls `future` although it was ready. `None` when that panics.
    pub fn poll_after_ready<F: Future + Unpin>(
        self: &Arc<Self>,
        future: &mut F,
    ) -> Option<Poll<F::Output>> {
        catch_unwind(AssertUnwindSafe(|| self.poll(future))).ok()
    }

    fn lock(&self) -> MutexGuard<'_, u32> {
        self.wakes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        *self.lock() += 1;
        self.woken.notify_all();
    }
}

/// Polls `future` once.
pub(crate) fn poll_with<F: Future + Unpin>(
    waker: &Waker,
    future: &mut F,
) -> Poll<F::Output> {
    Pin::new(future).poll(&mut Context::from_waker(waker))
}

/// Polls `future` once, as nobody in particular.
pub fn is_ready<F: Future + Unpin>(future: &mut F) -> bool {
    poll_with(Waker::noop(), future).is_ready()
}

/// A waker that owns `value`: with its last clone the value is dropped.
pub fn owns<T: Send + 'static>(value: T) -> Waker {
    struct Owns<T>(#[allow(dead_code)] Mutex<T>);
    impl<T: Send + 'static> Wake for Owns<T> {
        fn wake(self: Arc<Self>) {}
    }
    Waker::from(Arc::new(Owns(Mutex::new(value))))
}

/// A runner that sleeps until it is woken.
pub fn block_on<F: Future>(future: F) -> F::Output {
    struct Bell(SyncSender<()>);
    impl Wake for Bell {
        fn wake(self: Arc<Self>) {
            // A bell that rings already is as good.
            let _ = self.0.try_send(());
        }
    }
    let (bell, rings) = sync_channel(1);
    let waker = Waker::from(Arc::new(Bell(bell)));
    let mut cx = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut cx) {
            return value;
        }
        rings.recv().expect("the waker holds the other end");
    }
}

/// A future of both values. Each is polled until it is ready.
pub async fn join<A: Future, B: Future>(a: A, b: B) -> (A::Output, B::Output) {
    let (mut a, mut b) = (pin!(a), pin!(b));
    let (mut of_a, mut of_b) = (None, None);
    poll_fn(|cx| {
        if of_a.is_none() {
            of_a = value(a.as_mut().poll(cx));
        }
        if of_b.is_none() {
            of_b = value(b.as_mut().poll(cx));
        }
        if of_a.is_none() || of_b.is_none() {
            return Poll::Pending;
        }
        let both = of_a.take().zip(of_b.take());
        Poll::Ready(both.expect("both are there"))
    })
    .await
}

fn value<T>(poll: Poll<T>) -> Option<T> {
    match poll {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}
