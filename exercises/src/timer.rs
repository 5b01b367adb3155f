//! Exercise to wakers/timer.html: a sleep whose thread ends with it.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Instant;

use exercises::threads::Threads;

// ANCHOR: stub
/// A future that waits for a deadline; see [`sleep_until`].
#[must_use = "futures do nothing unless polled"]
pub struct Sleep {
    deadline: Instant,
    /// `threads.start(…)` starts a thread, and counts it until it ends.
    threads: Threads,
    // What do the future and its thread share?
}

/// Returns a future that is ready at `deadline`. Its first poll starts a
/// thread, which wakes the task. If the future is dropped earlier, the thread
/// ends soon, and no waker of the task stays behind.
pub fn sleep_until(deadline: Instant, threads: &Threads) -> Sleep {
    Sleep { deadline, threads: threads.clone() }
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        todo!("store the waker, look at the clock, start the thread once")
    }
}
// ANCHOR_END: stub
