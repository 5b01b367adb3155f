//! A shutdown that drains.

use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};

/// A task that is still there when the program is to stop.
pub type Job = Pin<Box<dyn Future<Output = ()>>>;

/// A future of the number of jobs that had to be dropped; see [`drain`].
#[must_use = "futures do nothing unless polled"]
pub struct Drain<D> {
    jobs: Vec<Job>,
    deadline: D,
}

/// Runs `jobs` to their ends, all at once. When `deadline` is ready first,
/// drops the jobs that are left.
pub fn drain<D>(jobs: Vec<Job>, deadline: D) -> Drain<D>
where
    D: Future<Output = ()> + Unpin,
{
    Drain { jobs, deadline }
}

impl<D: Future<Output = ()> + Unpin> Future for Drain<D> {
    type Output = usize;

    /// A job that is done is not dropped by the deadline, even if both are
    /// ready in the same poll.
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<usize> {
        self.jobs.retain_mut(|job| job.as_mut().poll(cx).is_pending());
        if self.jobs.is_empty() {
            return Poll::Ready(0);
        }
        match Pin::new(&mut self.deadline).poll(cx) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(()) => {
                let left = mem::take(&mut self.jobs);
                Poll::Ready(left.len())
            }
        }
    }
}
