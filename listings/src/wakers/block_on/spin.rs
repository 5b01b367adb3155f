//! The smallest runner: it polls again and again until the answer is there.

use std::hint;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

// ANCHOR: run
/// Polls `future` on this thread until it is ready, and calls `wait` after
/// each poll that is not.
///
/// # Panics
/// When the future or `wait` panics.
pub fn run<F: Future>(
    future: F,
    waker: &Waker,
    mut wait: impl FnMut(),
) -> F::Output {
    let mut future = pin!(future);
    let mut cx = Context::from_waker(waker);
    loop {
        match future.as_mut().poll(&mut cx) {
            Poll::Ready(value) => return value,
            Poll::Pending => wait(),
        }
    }
}
// ANCHOR_END: run

// ANCHOR: block_on
/// Runs `future` to its end on this thread, which never sleeps.
///
/// # Panics
/// When the future panics.
pub fn block_on<F: Future>(future: F) -> F::Output {
    run(future, Waker::noop(), hint::spin_loop)
}
// ANCHOR_END: block_on

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::future::{poll_fn, ready};
    use std::time::Duration;

    use crate::proof::watchdog;
    use crate::wakers::block_on::job::{ask, count_polls};

    use super::*;

    #[test]
    fn a_ready_future_is_polled_once() {
        assert_eq!(block_on(count_polls(ready(1))), (1, 1));
    }

    #[test]
    fn a_future_is_polled_without_a_wake() {
        let mut left = 1000;
        let nobody_wakes = poll_fn(|_| match left {
            0 => Poll::Ready(()),
            _ => {
                left -= 1;
                Poll::Pending
            }
        });
        assert_eq!(block_on(count_polls(nobody_wakes)), ((), 1001));
    }

    #[test]
    fn an_answer_from_another_thread_arrives() {
        let limit = Duration::from_secs(30);
        assert_eq!(watchdog(limit, || block_on(ask(|| 42))), Ok(42));
    }

    #[test]
    fn wait_is_called_once_for_each_pending() {
        let waits = Cell::new(0);
        let third = poll_fn(|_| match waits.get() {
            2 => Poll::Ready("third"),
            _ => Poll::Pending,
        });
        let count = || waits.set(waits.get() + 1);
        assert_eq!(run(third, Waker::noop(), count), "third");
        assert_eq!(waits.get(), 2);
    }
}
