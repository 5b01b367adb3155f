//! A future that is given up at a deadline.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;
use std::{error, fmt};

use super::sleep::Timers;

// ANCHOR: timeout
/// The time was over first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Elapsed;

/// Waits for `future`, but not longer than `duration` from this call on.
///
/// Cancel safety: that of `future`, which is dropped when the time is over.
///
/// # Errors
/// [`Elapsed`] when `future` was not ready in time.
pub fn timeout<F: Future>(
    timers: &Timers,
    duration: Duration,
    future: F,
) -> impl Future<Output = Result<F::Output, Elapsed>> {
    let mut sleep = timers.sleep(duration);
    async move {
        let mut future = pin!(future);
        poll_fn(|cx| {
            // First the future: what is ready in time counts.
            if let Poll::Ready(value) = future.as_mut().poll(cx) {
                return Poll::Ready(Ok(value));
            }
            Pin::new(&mut sleep).poll(cx).map(|()| Err(Elapsed))
        })
        .await
    }
}
// ANCHOR_END: timeout

impl fmt::Display for Elapsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the time is over")
    }
}

impl error::Error for Elapsed {}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};
    use std::task::{Context, Waker};

    use super::super::runtime::Runtime;
    use super::*;
    use crate::runtimes::executor::yield_now::yield_now;

    const HOUR: Duration = Duration::from_secs(60 * 60);

    #[test]
    fn a_future_that_takes_too_long_is_given_up() {
        let runtime = Runtime::with_virtual_clock().unwrap();
        let timers = runtime.timers();
        let start = timers.now();
        let end = runtime.block_on(timeout(timers, HOUR, pending::<()>()));
        assert_eq!(end, Err(Elapsed));
        assert_eq!(timers.now(), start + HOUR);
    }

    #[test]
    fn a_future_that_is_ready_in_time_leaves_no_timer() {
        let runtime = Runtime::with_virtual_clock().unwrap();
        let timers = runtime.timers();
        let start = timers.now();
        let quick = async {
            yield_now().await;
            7
        };
        assert_eq!(runtime.block_on(timeout(timers, HOUR, quick)), Ok(7));
        assert_eq!((timers.waiting(), timers.now()), (0, start));
    }

    #[test]
    fn the_time_of_a_timeout_counts_from_its_call() {
        let runtime = Runtime::with_virtual_clock().unwrap();
        let timers = runtime.timers();
        let late = timeout(timers, HOUR, pending::<()>());
        runtime.block_on(timers.sleep(HOUR));
        let mut late = pin!(late);
        let mut cx = Context::from_waker(Waker::noop());
        assert_eq!(late.as_mut().poll(&mut cx), Poll::Ready(Err(Elapsed)));
    }

    #[test]
    fn of_a_future_that_is_ready_at_the_deadline_the_value_counts() {
        let runtime = Runtime::with_virtual_clock().unwrap();
        let timers = runtime.timers();
        let both = timeout(timers, Duration::ZERO, ready(7));
        assert_eq!(runtime.block_on(both), Ok(7));
        let at_once = timeout(timers, HOUR, timers.sleep(HOUR));
        assert_eq!(runtime.block_on(at_once), Ok(()));
    }

    #[test]
    fn the_error_says_what_happened() {
        assert_eq!(Elapsed.to_string(), "the time is over");
    }
}
