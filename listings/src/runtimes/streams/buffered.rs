//! A stream of futures that polls several of them, and gives their results in
//! the order of the futures.

use std::collections::VecDeque;
use std::iter::Fuse;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::stream::Stream;

// ANCHOR: types
/// The results of some futures; see [`buffered`].
pub struct Buffered<I: Iterator<Item: Future>> {
    /// Asked again after its end, so it is fused.
    futures: Fuse<I>,
    running: VecDeque<Running<I::Item>>,
    limit: usize,
}

enum Running<F: Future> {
    Future(Pin<Box<F>>),
    Done(F::Output),
}

/// Polls up to `limit` of the futures, while it is polled itself, and gives
/// their results in the order of the futures.
///
/// # Panics
/// When `limit` is 0.
pub fn buffered<I>(futures: I, limit: usize) -> Buffered<I>
where
    I: Iterator<Item: Future>,
{
    assert!(limit > 0, "with a limit of 0 nothing runs");
    let futures = futures.fuse();
    Buffered { futures, running: VecDeque::new(), limit }
}

/// The futures are in boxes, and nothing else is pinned.
impl<I: Iterator<Item: Future>> Unpin for Buffered<I> {}
// ANCHOR_END: types

// ANCHOR: poll
impl<I: Iterator<Item: Future>> Stream for Buffered<I> {
    type Item = <I::Item as Future>::Output;

    fn poll_next(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        while this.running.len() < this.limit {
            let Some(future) = this.futures.next() else { break };
            this.running.push_back(Running::Future(Box::pin(future)));
        }
        for each in &mut this.running {
            if let Running::Future(future) = each
                && let Poll::Ready(output) = future.as_mut().poll(cx)
            {
                *each = Running::Done(output);
            }
        }
        match this.running.pop_front() {
            None => Poll::Ready(None),
            Some(Running::Done(output)) => Poll::Ready(Some(output)),
            Some(first) => {
                this.running.push_front(first);
                Poll::Pending
            }
        }
    }
}
// ANCHOR_END: poll

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::pin::pin;

    use super::*;
    use crate::futures::combinators::once::{poll_now, poll_once};
    use crate::futures::poll::countdown::countdown;
    use crate::runtimes::executor::yield_now::yield_now;
    use crate::runtimes::streams::stream::{collect, next};
    use crate::wakers::mutex::fair::Mutex;

    #[test]
    fn the_results_come_in_the_order_of_the_futures() {
        let futures = [5, 0, 2].map(async |polls| {
            countdown(polls).await;
            polls
        });
        let results = collect(buffered(futures.into_iter(), 2));
        assert_eq!(pollster::block_on(results), [5, 0, 2]);
    }

    #[test]
    fn never_more_than_the_limit_are_under_way() {
        let (now, most) = (Cell::new(0), Cell::new(0));
        let job = async |polls| {
            now.set(now.get() + 1);
            most.set(most.get().max(now.get()));
            countdown(polls).await;
            now.set(now.get() - 1);
        };
        let futures = (0..20).map(|n| job(4 - n % 4));
        let results = pollster::block_on(collect(buffered(futures, 3)));
        assert_eq!((results.len(), most.get()), (20, 3));
    }

    #[test]
    fn a_future_that_is_done_keeps_its_place_until_its_turn_comes() {
        let begun = Cell::new(0);
        let futures = [9, 0, 0].map(async |polls| {
            begun.set(begun.get() + 1);
            countdown(polls).await;
        });
        let mut results = buffered(futures.into_iter(), 2);
        for _ in 0..5 {
            assert!(poll_now(next(&mut results)).is_none());
        }
        // The second is done, and the third has not begun.
        assert_eq!(begun.get(), 2);
    }

    #[test]
    fn nothing_is_polled_while_the_stream_is_not() {
        let polls = Cell::new(0);
        let futures = [1, 100].map(async |left| {
            for _ in 0..left {
                polls.set(polls.get() + 1);
                yield_now().await;
            }
        });
        let mut results = buffered(futures.into_iter(), 2);
        pollster::block_on(next(&mut results));
        let before = polls.get();
        // The body of a loop, which takes its time.
        pollster::block_on(countdown(50));
        assert_eq!(polls.get(), before);
    }

    #[test]
    fn a_lock_inside_a_future_that_is_not_polled_stays_locked() {
        let mutex = Mutex::new(());
        let futures = [0, 1].map(async |turns| {
            let _guard = mutex.lock().await;
            for _ in 0..turns {
                yield_now().await;
            }
        });
        let mut results = buffered(futures.into_iter(), 2);
        assert_eq!(poll_now(next(&mut results)), Some(Some(())));
        // The body of the loop. The second future got the lock.
        let mut lock = pin!(mutex.lock());
        for _ in 0..50 {
            assert!(poll_now(poll_once(&mut lock)).unwrap().is_pending());
        }
        // The stream is polled again.
        pollster::block_on(next(&mut results));
        assert!(poll_now(lock).is_some());
    }

    #[test]
    fn an_iterator_that_has_ended_is_asked_no_more() {
        let futures = [1, 2, 99, 3].into_iter().map_while(|n| {
            (n < 10).then_some(async move {
                countdown(5).await;
                n
            })
        });
        let results = collect(buffered(futures, 3));
        assert_eq!(pollster::block_on(results), [1, 2]);
    }
}
