//! How the workloads poll: by hand, so that no executor is measured too.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

/// Like the handle of a task, except that nobody listens.
struct Quiet;

impl Wake for Quiet {
    fn wake(self: Arc<Self>) {}
    fn wake_by_ref(self: &Arc<Self>) {}
}

/// A waker that costs what one of a task does to clone and to drop.
pub fn quiet() -> Waker {
    Waker::from(Arc::new(Quiet))
}

/// Polls a future that has to wait.
///
/// # Panics
/// When it is ready.
pub fn waits<F: Future>(future: Pin<&mut F>, cx: &mut Context<'_>) {
    assert!(future.poll(cx).is_pending(), "it was ready");
}

/// Polls a future that is ready.
///
/// # Panics
/// When it is not.
pub fn ready<F: Future>(
    future: Pin<&mut F>,
    cx: &mut Context<'_>,
) -> F::Output {
    match future.poll(cx) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it was not ready"),
    }
}
