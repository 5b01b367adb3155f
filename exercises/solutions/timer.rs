//! A sleep whose thread waits for a message that never comes.

use std::pin::Pin;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Instant;

use exercises::threads::Threads;

/// A future that waits for a deadline; see [`sleep_until`].
#[must_use = "futures do nothing unless polled"]
pub struct Sleep {
    deadline: Instant,
    threads: Threads,
    waker: Arc<Mutex<Option<Waker>>>,
    /// Once the thread runs. The thread sees when this is dropped.
    stop: Option<Sender<()>>,
}

/// Returns a future that is ready at `deadline`. Its first poll starts a
/// thread, which wakes the task. If the future is dropped earlier, the thread
/// ends soon, and no waker of the task stays behind.
pub fn sleep_until(deadline: Instant, threads: &Threads) -> Sleep {
    let (threads, waker) = (threads.clone(), Arc::default());
    Sleep { deadline, threads, waker, stop: None }
}

/// Takes the waker out. The lock is free when the waker is used or dropped.
fn take(waker: &Mutex<Option<Waker>>) -> Option<Waker> {
    waker.lock().expect("nothing panics in it").take()
}

impl Sleep {
    fn start(&self) -> Sender<()> {
        let (stop, stopped) = channel();
        let (deadline, waker) = (self.deadline, self.waker.clone());
        self.threads.start(move || {
            let left = deadline.saturating_duration_since(Instant::now());
            let ended = stopped.recv_timeout(left);
            if ended == Err(RecvTimeoutError::Timeout)
                && let Some(waker) = take(&waker)
            {
                waker.wake();
            }
        });
        stop
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let newest = cx.waker().clone();
        let mut waker = self.waker.lock().expect("nothing panics in it");
        let old = waker.replace(newest);
        drop(waker);
        drop(old);
        // The thread takes the waker only after the deadline. So it takes
        // this one, or it has taken an earlier one, and the clock says so.
        if Instant::now() >= self.deadline {
            drop(take(&self.waker));
            return Poll::Ready(());
        }
        if self.stop.is_none() {
            self.stop = Some(self.start());
        }
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        drop(take(&self.waker));
    }
}
