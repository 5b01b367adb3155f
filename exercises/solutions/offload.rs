//! A job on a thread, and a future that is told when it is done.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::thread;

struct Shared<T> {
    /// How the job ended.
    end: Option<Option<T>>,
    waker: Option<Waker>,
}

/// Runs `job` on a new thread, and returns what `job` returns, or `None` when
/// it panics.
pub async fn offload<T: Send + 'static>(
    job: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let shared = Arc::new(Mutex::new(Shared { end: None, waker: None }));
    let tells = shared.clone();
    thread::spawn(move || {
        let end = catch_unwind(AssertUnwindSafe(job)).ok();
        let mut shared = tells.lock().expect("nothing panics in it");
        shared.end = Some(end);
        let waker = shared.waker.take();
        drop(shared);
        if let Some(waker) = waker {
            waker.wake();
        }
    });
    poll_fn(|cx| {
        let newest = cx.waker().clone();
        let mut shared = shared.lock().expect("nothing panics in it");
        if let Some(end) = shared.end.take() {
            return Poll::Ready(end);
        }
        let old = shared.waker.replace(newest);
        drop(shared);
        drop(old);
        Poll::Pending
    })
    .await
}
