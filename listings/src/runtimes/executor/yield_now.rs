//! A future that gives the others a turn.

use std::future::poll_fn;
use std::task::Poll;

// ANCHOR: yield_now
/// Pending once: asks to be polled again, after the others.
pub async fn yield_now() {
    let mut yielded = false;
    poll_fn(|cx| {
        if yielded {
            return Poll::Ready(());
        }
        yielded = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}
// ANCHOR_END: yield_now

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Waker};

    use super::*;
    use crate::wakers::block_on::flag::block_on;
    use crate::wakers::block_on::job::count_polls;

    #[test]
    fn a_yield_is_pending_once() {
        let mut cx = Context::from_waker(Waker::noop());
        let mut future = pin!(yield_now());
        assert!(future.as_mut().poll(&mut cx).is_pending());
        assert!(future.as_mut().poll(&mut cx).is_ready());
    }

    #[test]
    fn a_yield_wakes_itself() {
        assert_eq!(block_on(count_polls(yield_now())), ((), 2));
    }
}
