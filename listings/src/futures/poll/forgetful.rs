//! A countdown that says "not yet" and never says when to ask again.

// ANCHOR: countdown
use std::pin::Pin;
use std::task::{Context, Poll};

/// A future that is pending `left` more times; see [`countdown`].
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Countdown {
    left: u32,
}

/// Returns a future that is pending `from` times, then ready. It forgets its
/// waker: only a caller that polls without being asked gets to the end.
pub fn countdown(from: u32) -> Countdown {
    Countdown { left: from }
}

impl Future for Countdown {
    type Output = &'static str;

    fn poll(
        mut self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
    ) -> Poll<&'static str> {
        if self.left == 0 {
            return Poll::Ready("liftoff");
        }
        self.left -= 1;
        Poll::Pending
    }
}
// ANCHOR_END: countdown

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::watchdog;
    use std::task::Waker;
    use std::time::Duration;

    #[test]
    fn a_caller_that_keeps_asking_gets_to_the_end() {
        let mut cx = Context::from_waker(Waker::noop());
        let mut future = countdown(2);
        let mut poll = || Pin::new(&mut future).poll(&mut cx);
        assert_eq!(poll(), Poll::Pending);
        assert_eq!(poll(), Poll::Pending);
        assert_eq!(poll(), Poll::Ready("liftoff"));
    }

    #[test]
    fn a_runner_that_waits_to_be_woken_waits_for_ever() {
        let limit = Duration::from_millis(200);
        let hung = watchdog(limit, || pollster::block_on(countdown(2)));
        assert!(hung.is_err());
    }
}
