//! What two tasks of ours send numbers through in the benchmarks: the least
//! that can stand beside Tokio's `mpsc`, safe to use from any thread.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Buffer<T> {
    values: VecDeque<T>,
    capacity: usize,
    closed: bool,
    sender: Option<Waker>,
    receiver: Option<Waker>,
}

/// The sending end of [`channel`]; there is one.
pub struct Sender<T>(Arc<Mutex<Buffer<T>>>);

/// The receiving end of [`channel`].
pub struct Receiver<T>(Arc<Mutex<Buffer<T>>>);

/// A channel whose sender waits while `capacity` values are unread.
pub fn channel<T>(capacity: usize) -> (Sender<T>, Receiver<T>) {
    let buffer = Arc::new(Mutex::new(Buffer {
        values: VecDeque::with_capacity(capacity),
        capacity,
        closed: false,
        sender: None,
        receiver: None,
    }));
    (Sender(buffer.clone()), Receiver(buffer))
}

fn wait(slot: &mut Option<Waker>, waker: &Waker) {
    match slot {
        Some(old) => old.clone_from(waker),
        None => *slot = Some(waker.clone()),
    }
}

impl<T> Sender<T> {
    /// Sends `value`, or gives it back when the receiver is gone.
    pub async fn send(&mut self, value: T) -> Result<(), T> {
        let mut value = Some(value);
        poll_fn(|cx| {
            let mut buffer = lock(&self.0);
            if buffer.closed {
                return Poll::Ready(value.take().map_or(Ok(()), Err));
            }
            if buffer.values.len() == buffer.capacity {
                wait(&mut buffer.sender, cx.waker());
                return Poll::Pending;
            }
            buffer.values.extend(value.take());
            let waker = buffer.receiver.take();
            drop(buffer);
            if let Some(waker) = waker {
                waker.wake();
            }
            Poll::Ready(Ok(()))
        })
        .await
    }
}

impl<T> Receiver<T> {
    /// The next value; `None` when the sender is gone and all is read.
    pub async fn recv(&mut self) -> Option<T> {
        poll_fn(|cx| {
            let mut buffer = lock(&self.0);
            let value = buffer.values.pop_front();
            if value.is_none() && !buffer.closed {
                wait(&mut buffer.receiver, cx.waker());
                return Poll::Pending;
            }
            let waker = buffer.sender.take();
            drop(buffer);
            if let Some(waker) = waker {
                waker.wake();
            }
            Poll::Ready(value)
        })
        .await
    }
}

fn close<T>(buffer: &Mutex<Buffer<T>>) {
    let mut buffer = lock(buffer);
    buffer.closed = true;
    let wakers = [buffer.sender.take(), buffer.receiver.take()];
    drop(buffer);
    for waker in wakers.into_iter().flatten() {
        waker.wake();
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        close(&self.0);
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        close(&self.0);
    }
}
