//! Polling a future exactly once, from sync and from async code.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

// ANCHOR: sync
/// Polls `future` once and drops it, which cancels it. Gives its value if it
/// was ready.
pub fn poll_now<F: Future>(future: F) -> Option<F::Output> {
    let mut cx = Context::from_waker(Waker::noop());
    match pin!(future).poll(&mut cx) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}
// ANCHOR_END: sync

// ANCHOR: async
/// Polls `future` once, with the waker of the task that awaits this.
pub async fn poll_once<F: Future + Unpin>(future: &mut F) -> Poll<F::Output> {
    poll_fn(|cx| Poll::Ready(Pin::new(&mut *future).poll(cx))).await
}
// ANCHOR_END: async

#[cfg(test)]
mod tests {
    use super::*;
    use crate::futures::poll::countdown::countdown;
    use crate::futures::poll::manual::manual;
    use crate::futures::poll::ready::ready;
    use crate::proof::hostile::Guest;
    use crate::proof::watchdog;
    use std::time::Duration;

    #[test]
    fn from_sync_code_it_is_now_or_not_at_all() {
        assert_eq!(poll_now(ready(7)), Some(7));
        assert_eq!(poll_now(countdown(1)), None);
    }

    #[test]
    fn from_async_code_the_future_stays_and_goes_on() {
        let seen = pollster::block_on(async {
            let mut future = countdown(1);
            let first = poll_once(&mut future).await;
            (first, poll_once(&mut future).await)
        });
        assert_eq!(seen, (Poll::Pending, Poll::Ready("liftoff")));
    }

    #[test]
    fn from_async_code_it_is_ready_at_once_whatever_the_future_says() {
        let (mut future, _completer) = manual::<u32>();
        assert!(poll_now(poll_once(&mut future)).is_some());
    }

    #[test]
    fn from_async_code_the_future_keeps_the_waker_of_the_task() {
        let guest = Guest::new();
        let waker = guest.waker();
        let mut cx = Context::from_waker(&waker);
        let (mut future, completer) = manual();
        let answer = pin!(poll_once(&mut future)).poll(&mut cx);
        assert_eq!(answer, Poll::Ready(Poll::Pending));
        completer.complete(7);
        assert_eq!(guest.wakes(), 1);
    }

    #[test]
    fn from_async_code_the_task_is_woken_by_what_it_polled() {
        let value = watchdog(Duration::from_secs(30), || {
            let (mut future, completer) = manual();
            pollster::block_on(async move {
                assert!(poll_once(&mut future).await.is_pending());
                let thread = std::thread::spawn(move || completer.complete(7));
                let value = future.await;
                thread.join().expect("completing does not panic");
                value
            })
        });
        assert_eq!(value, Ok(7));
    }
}
