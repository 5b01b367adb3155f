//! A countdown that asks to be polled again each time it says "not yet".

use std::pin::Pin;
use std::task::{Context, Poll};

/// A future that is pending `left` more times; see [`countdown`].
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Countdown {
    left: u32,
}

/// Returns a future that is pending `from` times, then ready with
/// `"liftoff"`. It wakes at each pending poll, so any runner gets to the end.
///
/// Cancel safety: dropping it loses nothing but the count. A poll after
/// `Ready` gives `Ready` again.
pub fn countdown(from: u32) -> Countdown {
    Countdown { left: from }
}

// ANCHOR: countdown
impl Future for Countdown {
    type Output = &'static str;

    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<&'static str> {
        if self.left == 0 {
            return Poll::Ready("liftoff");
        }
        self.left -= 1;
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}
// ANCHOR_END: countdown

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::watchdog;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
    use std::task::{Wake, Waker};
    use std::time::Duration;

    #[test]
    fn a_runner_that_waits_to_be_woken_gets_to_the_end() {
        let limit = Duration::from_secs(10);
        let end = watchdog(limit, || pollster::block_on(countdown(3)));
        assert_eq!(end, Ok("liftoff"));
    }

    #[test]
    fn each_pending_poll_wakes_once_and_the_ready_one_does_not() {
        struct Count(AtomicU32);
        impl Wake for Count {
            fn wake(self: Arc<Self>) {
                self.0.fetch_add(1, Relaxed);
            }
        }
        let count = Arc::new(Count(AtomicU32::new(0)));
        let waker = Waker::from(count.clone());
        let mut cx = Context::from_waker(&waker);
        let mut future = countdown(3);
        let mut polls = 1;
        while Pin::new(&mut future).poll(&mut cx).is_pending() {
            assert_eq!(count.0.load(Relaxed), polls);
            polls += 1;
        }
        assert_eq!((polls, count.0.load(Relaxed)), (4, 3));
    }

    #[test]
    fn a_poll_after_ready_is_ready_again() {
        let mut cx = Context::from_waker(Waker::noop());
        let mut future = countdown(0);
        for _ in 0..2 {
            let answer = Pin::new(&mut future).poll(&mut cx);
            assert_eq!(answer, Poll::Ready("liftoff"));
        }
    }
}
