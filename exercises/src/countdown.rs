//! Exercise to futures/poll.html: a future that is pending a number of times.

use std::pin::Pin;
use std::task::{Context, Poll};

/// A future that is pending `left` more times; see [`countdown`].
#[must_use = "futures do nothing unless polled"]
pub struct Countdown {
    left: u32,
}

/// Returns a future that is pending `from` times, then ready with
/// `"liftoff"`. Any runner gets to the end of it, also one that sleeps until
/// it is woken. A poll after `Ready` gives `Ready` again.
pub fn countdown(from: u32) -> Countdown {
    Countdown { left: from }
}

// ANCHOR: stub
impl Future for Countdown {
    type Output = &'static str;

    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<&'static str> {
        todo!("count, and do what a pending future has to do")
    }
}
// ANCHOR_END: stub
