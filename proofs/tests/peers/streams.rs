//! Many values over time: our `Unordered`, `buffered`, `buffer_unordered` and
//! `merge`, and `FuturesUnordered`, `buffered`, `buffer_unordered` and `select`
//! of futures. From `stream_futures_unordered.rs`, `stream_futures_ordered.rs`,
//! `stream_buffer_unordered.rs`, `ready_queue.rs` and `stream.rs` of futures,
//! and from `stream_merge.rs` of tokio-stream 0.1.19.

use std::collections::VecDeque;
use std::future::{pending, poll_fn, ready};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::task::{Context, Poll, Waker};
use std::thread;

use futures::FutureExt;
use futures::channel::oneshot::Canceled;
use futures::channel::{mpsc, oneshot};
use futures::future::{join, select};
use listings::proof::hostile::{OnDrop, caught, panics};
use listings::wakers::block_on::flag::block_on;
use listings::wakers::contract::count::Counter;

use crate::turn;

mod ours {
    pub use listings::runtimes::streams::buffered::buffered;
    pub use listings::runtimes::streams::merge::merge;
    pub use listings::runtimes::streams::stream::Stream;
    pub use listings::runtimes::streams::unordered::{
        Unordered as Set, buffer_unordered,
    };

    pub fn push<F>(set: &mut Set<F>, future: F) {
        set.push(future);
    }
}

mod of_futures {
    pub use futures::Stream;
    use futures::StreamExt;
    use futures::stream::{self, BufferUnordered, Buffered, Iter};
    pub use futures::stream::{FuturesUnordered as Set, select as merge};

    pub fn push<F>(set: &mut Set<F>, future: F) {
        set.push(future);
    }

    pub fn buffered<I>(futures: I, limit: usize) -> Buffered<Iter<I>>
    where
        I: Iterator<Item: Future>,
    {
        stream::iter(futures).buffered(limit)
    }

    pub fn buffer_unordered<I>(
        futures: I,
        limit: usize,
    ) -> BufferUnordered<Iter<I>>
    where
        I: Iterator<Item: Future>,
    {
        stream::iter(futures).buffer_unordered(limit)
    }
}

/// Values that are there already.
struct Values(VecDeque<u32>);

/// Values that come from elsewhere.
struct Received(mpsc::UnboundedReceiver<u32>);

macro_rules! streams {
    ($stream:path) => {
        impl $stream for Values {
            type Item = u32;

            fn poll_next(
                mut self: Pin<&mut Self>,
                _cx: &mut Context<'_>,
            ) -> Poll<Option<u32>> {
                Poll::Ready(self.0.pop_front())
            }
        }

        impl $stream for Received {
            type Item = u32;

            fn poll_next(
                mut self: Pin<&mut Self>,
                cx: &mut Context<'_>,
            ) -> Poll<Option<u32>> {
                futures::Stream::poll_next(Pin::new(&mut self.0), cx)
            }
        }
    };
}

streams!(ours::Stream);
streams!(of_futures::Stream);

/// Polls a stream once.
macro_rules! next {
    ($it:ident, $stream:expr) => {
        next!($it, $stream, Waker::noop())
    };
    ($it:ident, $stream:expr, $waker:expr) => {
        $it::Stream::poll_next(
            Pin::new(&mut $stream),
            &mut Context::from_waker($waker),
        )
    };
}

/// All values of a stream.
macro_rules! collect {
    ($it:ident, $stream:expr) => {{
        let mut stream = $stream;
        block_on(async {
            let mut values = Vec::new();
            while let Some(value) =
                poll_fn(|cx| $it::Stream::poll_next(Pin::new(&mut stream), cx))
                    .await
            {
                values.push(value);
            }
            values
        })
    }};
}

type Boxed<T> = Pin<Box<dyn Future<Output = T>>>;

/// futures: `works_1` of `stream_futures_unordered.rs`.
#[test]
fn a_set_gives_each_result_when_it_is_there() {
    scenario!(ours, of_futures, |it| {
        let mut set = it::Set::default();
        let [first, second, third] = [(); 3].map(|()| {
            let (sender, receiver) = oneshot::channel();
            it::push(&mut set, receiver);
            sender
        });
        second.send(99).unwrap();
        assert_eq!(next!(it, set), Poll::Ready(Some(Ok(99))));
        first.send(33).unwrap();
        third.send(33).unwrap();
        assert_eq!(collect!(it, set), [Ok(33), Ok(33)]);
    });
}

/// futures: `works_2` of `stream_futures_unordered.rs`.
#[test]
fn a_set_holds_futures_that_wait_for_several() {
    scenario!(ours, of_futures, |it| {
        let [a, b, c] = [(); 3].map(|()| oneshot::channel::<i32>());
        let mut set = it::Set::<Boxed<Result<i32, Canceled>>>::default();
        it::push(&mut set, Box::pin(a.1));
        it::push(&mut set, Box::pin(join(b.1, c.1).map(|(b, c)| Ok(b? + c?))));
        a.0.send(9).unwrap();
        b.0.send(10).unwrap();
        assert_eq!(next!(it, set), Poll::Ready(Some(Ok(9))));
        c.0.send(20).unwrap();
        assert_eq!(next!(it, set), Poll::Ready(Some(Ok(30))));
        assert_eq!(next!(it, set), Poll::Ready(None));
    });
}

/// futures: `from_iterator`.
#[test]
fn a_set_of_what_is_ready_keeps_the_order() {
    scenario!(ours, of_futures, |it| {
        let mut set = it::Set::default();
        (1..=3).for_each(|value| it::push(&mut set, ready(value)));
        assert_eq!(set.len(), 3);
        assert_eq!(collect!(it, set), [1, 2, 3]);
    });
}

/// futures: `is_terminated`.
#[test]
fn a_set_that_was_empty_can_be_filled_again() {
    scenario!(ours, of_futures, |it| {
        let mut set = it::Set::default();
        assert_eq!(next!(it, set), Poll::Ready(None));
        assert!(set.is_empty());
        it::push(&mut set, ready(1));
        assert_eq!(set.len(), 1);
        assert_eq!(next!(it, set), Poll::Ready(Some(1)));
        assert_eq!(next!(it, set), Poll::Ready(None));
        assert!(set.is_empty());
    });
}

/// futures: `finished_future`.
#[test]
fn a_wake_for_a_future_that_is_done_gives_nothing() {
    scenario!(ours, of_futures, |it| {
        let [a, b, c] = [(); 3].map(|()| oneshot::channel::<i32>());
        let mut set = it::Set::<Boxed<Result<i32, Canceled>>>::default();
        it::push(&mut set, Box::pin(a.1));
        it::push(
            &mut set,
            Box::pin(select(b.1, c.1).map(|it| it.factor_first().0)),
        );
        for _ in 0..10 {
            assert!(next!(it, set).is_pending());
        }
        b.0.send(12).unwrap();
        c.0.send(3).unwrap();
        assert_eq!(next!(it, set), Poll::Ready(Some(Ok(12))));
        assert!(next!(it, set).is_pending());
        assert!(next!(it, set).is_pending());
        drop(a.0);
    });
}

/// futures: `futures_not_moved_after_poll`.
#[test]
fn a_set_does_not_move_a_future_that_was_polled() {
    scenario!(ours, of_futures, |it| {
        let mut set = it::Set::default();
        for _ in 0..3 {
            it::push(&mut set, async {
                let local = 0_u8;
                let before = &raw const local;
                turn().await;
                std::ptr::eq(before, &raw const local)
            });
        }
        assert!(next!(it, set).is_pending());
        assert_eq!(collect!(it, set), [true; 3]);
    });
}

/// futures: `len_valid_during_out_of_order_completion`.
#[test]
fn a_set_counts_right_in_whatever_order_its_futures_end() {
    scenario!(ours, of_futures, |it| {
        let [a, b, c, d] = [(); 4].map(|()| oneshot::channel::<i32>());
        let mut set = it::Set::default();
        for (count, receiver) in [a.1, b.1, c.1].into_iter().enumerate() {
            assert_eq!(set.len(), count);
            it::push(&mut set, receiver);
        }
        b.0.send(4).unwrap();
        assert_eq!(next!(it, set), Poll::Ready(Some(Ok(4))));
        assert_eq!(set.len(), 2);
        it::push(&mut set, d.1);
        assert_eq!(set.len(), 3);
        for (count, (value, sender)) in
            [(5, c.0), (6, d.0), (7, a.0)].into_iter().enumerate()
        {
            sender.send(value).unwrap();
            assert_eq!(next!(it, set), Poll::Ready(Some(Ok(value))));
            assert_eq!(set.len(), 2 - count);
        }
    });
}

/// futures: `polled_only_once_at_most_per_iteration`.
#[test]
fn a_poll_of_the_set_polls_each_future_once_at_most() {
    scenario!(ours, of_futures, |it| {
        for count in [10, 33] {
            let polls = Arc::new(AtomicU32::new(0));
            let mut set = it::Set::default();
            for _ in 0..count {
                let (polls, mut was_polled) = (polls.clone(), false);
                it::push(
                    &mut set,
                    poll_fn(move |_| {
                        assert!(!was_polled);
                        was_polled = true;
                        polls.fetch_add(1, Relaxed);
                        Poll::<()>::Pending
                    }),
                );
            }
            assert!(next!(it, set).is_pending());
            assert_eq!(polls.load(Relaxed), count);
        }
    });
}

/// futures: `cloned_child_waker_preserves_identity`.
#[test]
fn a_clone_of_the_waker_of_a_future_in_a_set_wakes_the_same() {
    scenario!(ours, of_futures, |it| {
        let mut set = it::Set::default();
        it::push(
            &mut set,
            poll_fn(|cx| Poll::Ready(cx.waker().clone().will_wake(cx.waker()))),
        );
        assert_eq!(next!(it, set), Poll::Ready(Some(true)));
    });
}

/// futures: `basic_usage` of `ready_queue.rs`.
#[test]
fn a_set_is_pending_between_two_results() {
    scenario!(ours, of_futures, |it| {
        let [a, b, c] = [(); 3].map(|()| oneshot::channel());
        let (counter, waker) = Counter::new();
        let mut set = it::Set::default();
        [a.1, b.1, c.1]
            .into_iter()
            .for_each(|future| it::push(&mut set, future));
        assert!(next!(it, set, &waker).is_pending());
        let before = counter.wakes();
        b.0.send("hello").unwrap();
        assert_eq!(counter.wakes(), before + 1);
        assert_eq!(next!(it, set, &waker), Poll::Ready(Some(Ok("hello"))));
        assert!(next!(it, set, &waker).is_pending());
        let before = counter.wakes();
        a.0.send("world").unwrap();
        c.0.send("world2").unwrap();
        assert_eq!(counter.wakes(), before + 1);
        assert_eq!(next!(it, set, &waker), Poll::Ready(Some(Ok("world"))));
        assert_eq!(next!(it, set, &waker), Poll::Ready(Some(Ok("world2"))));
        assert_eq!(next!(it, set, &waker), Poll::Ready(None));
    });
}

/// futures: `resolving_errors` of `ready_queue.rs`.
#[test]
fn a_set_gives_an_error_as_it_gives_a_value() {
    scenario!(ours, of_futures, |it| {
        let [a, b] = [(); 2].map(|()| oneshot::channel());
        let mut set = it::Set::default();
        [a.1, b.1].into_iter().for_each(|future| it::push(&mut set, future));
        assert!(next!(it, set).is_pending());
        drop(b.0);
        assert_eq!(next!(it, set), Poll::Ready(Some(Err(Canceled))));
        assert!(next!(it, set).is_pending());
        a.0.send(1).unwrap();
        assert_eq!(next!(it, set), Poll::Ready(Some(Ok(1))));
        assert_eq!(next!(it, set), Poll::Ready(None));
    });
}

/// futures: `dropping_ready_queue`.
#[test]
fn a_dropped_set_drops_its_futures() {
    scenario!(ours, of_futures, |it| {
        let mut set = it::Set::default();
        let senders = [(); 3].map(|()| {
            let (sender, receiver) = oneshot::channel::<()>();
            it::push(&mut set, receiver);
            sender
        });
        assert!(senders.iter().all(|sender| !sender.is_canceled()));
        drop(set);
        assert!(senders.iter().all(oneshot::Sender::is_canceled));
    });
}

/// futures: `panicking_future_dropped` of `ready_queue.rs`.
#[test]
fn a_future_that_panics_has_left_the_set() {
    scenario!(ours, of_futures, |it| {
        let mut set = it::Set::default();
        it::push(
            &mut set,
            poll_fn(|_| {
                panics();
                Poll::<()>::Pending
            }),
        );
        assert!(caught(|| next!(it, set)).is_err());
        assert!(set.is_empty());
        assert_eq!(next!(it, set), Poll::Ready(None));
    });
}

/// futures: `panic_on_drop_fut`.
#[test]
fn a_set_lets_the_panic_of_a_destructor_out() {
    async fn holds(_local: OnDrop) {
        pending().await
    }

    scenario!(ours, of_futures, |it| {
        let mut set = it::Set::default();
        it::push(&mut set, holds(OnDrop::panics()));
        assert!(caught(|| drop(set)).is_err());
    });
}

/// futures: `stress` of `ready_queue.rs`.
#[test]
fn a_set_loses_no_wake_of_another_thread() {
    scenario!(ours, of_futures, |it| {
        for round in 0..50 {
            let mut set = it::Set::default();
            let count = round % 10 + 1;
            let threads = (0..count).map(|number| {
                let (sender, receiver) = oneshot::channel();
                it::push(&mut set, receiver);
                thread::spawn(move || sender.send(number).unwrap())
            });
            let threads = Vec::from_iter(threads);
            let mut got = collect!(it, set);
            got.sort_unstable_by_key(|end| end.unwrap());
            assert_eq!(got, Vec::from_iter((0..count).map(Ok)));
            threads.into_iter().for_each(|thread| thread.join().unwrap());
        }
    });
}

/// futures: `works` of `stream_buffer_unordered.rs`.
#[test]
fn a_buffer_asks_for_as_many_futures_as_it_has_places() {
    scenario!(ours, of_futures, |it| {
        let (mut senders, mut receivers) = (Vec::new(), Vec::new());
        for _ in 0..9 {
            let (sender, receiver) = oneshot::channel();
            senders.push(Some(sender));
            receivers.push(receiver);
        }
        let asked = AtomicU32::new(0);
        let futures = receivers.into_iter().inspect(|_| {
            asked.fetch_add(1, Relaxed);
        });
        let mut stream = it::buffer_unordered(futures, 4);
        assert!(next!(it, stream).is_pending());
        assert_eq!(asked.load(Relaxed), 4);
        for (count, number) in [0, 2, 1, 3, 4, 7, 8, 6, 5].iter().enumerate() {
            if count < 6 {
                let wanted = u32::try_from(4 + count).unwrap().min(9);
                assert_eq!(asked.load(Relaxed), wanted);
            }
            let sender = senders[*number].take().unwrap();
            sender.send(*number).unwrap();
            assert_eq!(next!(it, stream), Poll::Ready(Some(Ok(*number))));
            assert_eq!(next!(it, stream).is_ready(), count == 8);
        }
    });
}

/// futures: `works_1` of `stream_futures_ordered.rs`.
#[test]
fn an_ordered_buffer_gives_results_in_the_order_of_the_futures() {
    scenario!(ours, of_futures, |it| {
        let [a, b, c] = [(); 3].map(|()| oneshot::channel());
        let futures = vec![a.1, b.1, c.1];
        let mut stream = it::buffered(futures.into_iter(), 3);
        b.0.send(99).unwrap();
        assert!(next!(it, stream).is_pending());
        a.0.send(33).unwrap();
        c.0.send(34).unwrap();
        assert_eq!(collect!(it, stream), [Ok(33), Ok(99), Ok(34)]);
    });
}

/// futures: `works_2` of `stream_futures_ordered.rs`.
#[test]
fn an_ordered_buffer_waits_for_the_next_in_line() {
    scenario!(ours, of_futures, |it| {
        let [a, b, c] = [(); 3].map(|()| oneshot::channel::<i32>());
        let second = join(b.1, c.1).map(|(b, c)| Ok(b? + c?));
        let futures: [Boxed<Result<i32, Canceled>>; 2] =
            [Box::pin(a.1), Box::pin(second)];
        let mut stream = it::buffered(futures.into_iter(), 2);
        a.0.send(33).unwrap();
        b.0.send(33).unwrap();
        assert_eq!(next!(it, stream), Poll::Ready(Some(Ok(33))));
        assert!(next!(it, stream).is_pending());
        c.0.send(33).unwrap();
        assert_eq!(next!(it, stream), Poll::Ready(Some(Ok(66))));
    });
}

/// futures: `select` of `stream.rs`. tokio-stream: `merge_sync_streams`.
#[test]
fn two_streams_that_have_values_take_turns() {
    scenario!(ours, of_futures, |it| {
        let merged = |a: &[u32], b: &[u32]| {
            let [a, b] = [a, b].map(|it| Values(it.iter().copied().collect()));
            collect!(it, it::merge(a, b))
        };
        assert_eq!(merged(&[1, 2, 3], &[4, 5, 6]), [1, 4, 2, 5, 3, 6]);
        assert_eq!(merged(&[1, 2, 3], &[4, 5]), [1, 4, 2, 5, 3]);
        assert_eq!(merged(&[1, 2], &[4, 5, 6]), [1, 4, 2, 5, 6]);
    });
}

/// tokio-stream: `merge_async_streams`.
#[test]
fn a_merge_is_woken_by_each_stream_and_ends_with_the_last() {
    scenario!(ours, of_futures, |it| {
        let [(first, a), (second, b)] = [(); 2].map(|()| mpsc::unbounded());
        let mut stream = it::merge(Received(a), Received(b));
        let (counter, waker) = Counter::new();
        assert!(next!(it, stream, &waker).is_pending());
        for (sender, value, wakes) in [(&first, 1, 1), (&second, 2, 2)] {
            sender.unbounded_send(value).unwrap();
            assert_eq!(counter.wakes(), wakes);
            let got = next!(it, stream, &waker);
            assert_eq!(got, Poll::Ready(Some(value)));
            assert!(next!(it, stream, &waker).is_pending());
        }
        drop(first);
        assert_eq!(counter.wakes(), 3);
        assert!(next!(it, stream, &waker).is_pending());
        second.unbounded_send(3).unwrap();
        assert_eq!(next!(it, stream, &waker), Poll::Ready(Some(3)));
        assert!(next!(it, stream, &waker).is_pending());
        drop(second);
        assert_eq!(counter.wakes(), 5);
        assert_eq!(next!(it, stream, &waker), Poll::Ready(None));
    });
}
