//! A future made of nothing but its `poll`.

use std::fmt;
// ANCHOR: poll_fn
use std::pin::Pin;
use std::task::{Context, Poll};

/// A future that calls a closure at each poll; see [`poll_fn`].
#[must_use = "futures do nothing unless polled"]
pub struct PollFn<F> {
    f: F,
}

/// Returns a future whose `poll` is `f`.
pub fn poll_fn<F, T>(f: F) -> PollFn<F>
where
    F: FnMut(&mut Context<'_>) -> Poll<T> + Unpin,
{
    PollFn { f }
}

impl<F, T> Future for PollFn<F>
where
    F: FnMut(&mut Context<'_>) -> Poll<T> + Unpin,
{
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        (self.f)(cx)
    }
}
// ANCHOR_END: poll_fn

impl<F> fmt::Debug for PollFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PollFn").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::futures::poll::countdown::countdown;
    use crate::proof::watchdog;
    use std::time::Duration;

    const LIMIT: Duration = Duration::from_secs(10);

    #[test]
    fn the_closure_is_called_once_a_poll_until_it_is_ready() {
        let polls = watchdog(LIMIT, || {
            let mut polls = 0;
            let three = poll_fn(|cx| {
                polls += 1;
                if polls == 3 {
                    return Poll::Ready(());
                }
                cx.waker().wake_by_ref();
                Poll::Pending
            });
            pollster::block_on(three);
            polls
        });
        assert_eq!(polls, Ok(3));
    }

    #[test]
    fn it_can_watch_another_future() {
        let polls = watchdog(LIMIT, || {
            let mut future = countdown(3);
            let mut polls = 0;
            pollster::block_on(poll_fn(|cx| {
                polls += 1;
                Pin::new(&mut future).poll(cx)
            }));
            polls
        });
        assert_eq!(polls, Ok(4));
    }
}
