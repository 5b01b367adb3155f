//! A channel with a limit: ours, Tokio's, that of async-channel and that of
//! futures. From `sync_mpsc.rs`, `sync_errors.rs` and `async_send_sync.rs` of
//! Tokio, from `tests/bounded.rs` of async-channel, and from `mpsc.rs`,
//! `mpsc-close.rs` and `channel.rs` of futures-channel.
//!
//! Tokio's tests often take a place with `reserve`, which ours does not have.
//! Here the same is asked with `send`. A sender of futures has a place of its
//! own beside those of the channel, so it has no part where places are counted.

use std::cell::Cell;
use std::error::Error;
use std::fmt::Debug;
use std::sync::Arc;
use std::task::Context;
use std::thread;

use listings::proof::hostile::{Guest, Moment, caught, panics};
use listings::wakers::block_on::flag::block_on;
use listings::wakers::contract::count::Counter;

use crate::{does_panic, polled};

/// Why a value was not let in at once.
#[derive(Debug, PartialEq)]
pub enum Refused {
    Full,
    Closed,
}

/// Why no value was there at once.
#[derive(Debug, PartialEq)]
pub enum Nothing {
    Empty,
    Closed,
}

mod ours {
    use listings::wakers::channel::bounded;
    pub use listings::wakers::channel::bounded::*;

    use super::{Nothing, Refused};

    pub async fn send<T>(
        sender: &mut Sender<T>,
        value: T,
    ) -> Result<(), Option<T>> {
        sender.send(value).await.map_err(|back| Some(back.0))
    }

    pub async fn recv<T>(receiver: &mut Receiver<T>) -> Option<T> {
        receiver.recv().await
    }

    pub fn try_send<T>(
        sender: &mut Sender<T>,
        value: T,
    ) -> Result<(), (Refused, T)> {
        sender.try_send(value).map_err(|why| match why {
            bounded::TrySendError::Full(value) => (Refused::Full, value),
            bounded::TrySendError::Closed(value) => (Refused::Closed, value),
        })
    }

    pub fn close<T>(receiver: &mut Receiver<T>) {
        receiver.close();
    }

    pub fn try_recv<T>(receiver: &mut Receiver<T>) -> Result<T, Nothing> {
        receiver.try_recv().map_err(|why| match why {
            bounded::TryRecvError::Empty => Nothing::Empty,
            bounded::TryRecvError::Closed => Nothing::Closed,
        })
    }

    pub fn waiting<T>(receiver: &Receiver<T>) -> usize {
        receiver.waiting()
    }
}

mod of_tokio {
    pub use tokio::sync::mpsc::error::{SendError, TrySendError};
    use tokio::sync::mpsc::error::{TryRecvError, TrySendError as Why};
    pub use tokio::sync::mpsc::{Receiver, Sender, channel};

    use super::{Nothing, Refused};

    pub async fn send<T>(
        sender: &mut Sender<T>,
        value: T,
    ) -> Result<(), Option<T>> {
        sender.send(value).await.map_err(|back| Some(back.0))
    }

    pub async fn recv<T>(receiver: &mut Receiver<T>) -> Option<T> {
        receiver.recv().await
    }

    pub fn try_send<T>(
        sender: &mut Sender<T>,
        value: T,
    ) -> Result<(), (Refused, T)> {
        sender.try_send(value).map_err(|why| match why {
            Why::Full(value) => (Refused::Full, value),
            Why::Closed(value) => (Refused::Closed, value),
        })
    }

    pub fn close<T>(receiver: &mut Receiver<T>) {
        receiver.close();
    }

    pub fn try_recv<T>(receiver: &mut Receiver<T>) -> Result<T, Nothing> {
        receiver.try_recv().map_err(|why| match why {
            TryRecvError::Empty => Nothing::Empty,
            TryRecvError::Disconnected => Nothing::Closed,
        })
    }

    pub fn waiting<T>(receiver: &Receiver<T>) -> usize {
        receiver.len()
    }
}

mod of_async_channel {
    use async_channel::TryRecvError;
    pub use async_channel::{
        Receiver, SendError, Sender, TrySendError, bounded as channel,
    };

    use super::{Nothing, Refused};

    pub async fn send<T>(
        sender: &mut Sender<T>,
        value: T,
    ) -> Result<(), Option<T>> {
        sender.send(value).await.map_err(|back| Some(back.0))
    }

    pub async fn recv<T>(receiver: &mut Receiver<T>) -> Option<T> {
        receiver.recv().await.ok()
    }

    pub fn try_send<T>(
        sender: &mut Sender<T>,
        value: T,
    ) -> Result<(), (Refused, T)> {
        sender.try_send(value).map_err(|why| match why {
            TrySendError::Full(value) => (Refused::Full, value),
            TrySendError::Closed(value) => (Refused::Closed, value),
        })
    }

    pub fn close<T>(receiver: &mut Receiver<T>) {
        receiver.close();
    }

    pub fn try_recv<T>(receiver: &mut Receiver<T>) -> Result<T, Nothing> {
        receiver.try_recv().map_err(|why| match why {
            TryRecvError::Empty => Nothing::Empty,
            TryRecvError::Closed => Nothing::Closed,
        })
    }

    pub fn waiting<T>(receiver: &Receiver<T>) -> usize {
        receiver.len()
    }
}

mod of_futures {
    use futures::SinkExt;
    pub use futures::channel::mpsc::{Receiver, Sender, channel};
    use futures::channel::mpsc::{TryRecvError, TrySendError};

    use super::{Nothing, Refused};

    pub async fn send<T>(
        sender: &mut Sender<T>,
        value: T,
    ) -> Result<(), Option<T>> {
        // The error has no value to give back.
        SinkExt::send(sender, value).await.map_err(|_| None)
    }

    pub async fn recv<T>(receiver: &mut Receiver<T>) -> Option<T> {
        receiver.recv().await.ok()
    }

    fn why<T>(error: TrySendError<T>) -> (Refused, T) {
        let is_full = error.is_full();
        let why = if is_full { Refused::Full } else { Refused::Closed };
        (why, error.into_inner())
    }

    pub fn try_send<T>(
        sender: &mut Sender<T>,
        value: T,
    ) -> Result<(), (Refused, T)> {
        sender.try_send(value).map_err(why)
    }

    pub fn close<T>(receiver: &mut Receiver<T>) {
        receiver.close();
    }

    pub fn try_recv<T>(receiver: &mut Receiver<T>) -> Result<T, Nothing> {
        receiver.try_recv().map_err(|why| match why {
            TryRecvError::Empty => Nothing::Empty,
            TryRecvError::Closed => Nothing::Closed,
        })
    }
}

/// Tokio: `async_send_recv_with_buffer`. futures: `send_recv`.
#[test]
fn values_come_in_their_order_and_then_the_end() {
    scenario!(ours, of_tokio, of_async_channel, of_futures, |it| {
        let (mut sender, mut receiver) = it::channel(16);
        assert_eq!(block_on(it::send(&mut sender, 1)), Ok(()));
        assert_eq!(block_on(it::send(&mut sender, 2)), Ok(()));
        drop(sender);
        assert_eq!(block_on(it::recv(&mut receiver)), Some(1));
        assert_eq!(block_on(it::recv(&mut receiver)), Some(2));
        assert_eq!(block_on(it::recv(&mut receiver)), None);
    });
}

/// async-channel: `smoke`.
#[test]
fn a_value_is_taken_by_a_try_or_by_a_wait() {
    scenario!(ours, of_tokio, of_async_channel, of_futures, |it| {
        let (mut sender, mut receiver) = it::channel(1);
        assert_eq!(polled(it::send(&mut sender, 7)).ready(), Ok(()));
        assert_eq!(it::try_recv(&mut receiver), Ok(7));
        assert_eq!(polled(it::send(&mut sender, 8)).ready(), Ok(()));
        assert_eq!(polled(it::recv(&mut receiver)).ready(), Some(8));
        assert_eq!(it::try_recv(&mut receiver), Err(Nothing::Empty));
    });
}

/// Tokio: `async_send_recv_with_buffer`.
#[test]
fn a_receiver_that_waits_is_woken_once_by_a_value() {
    scenario!(ours, of_tokio, of_async_channel, of_futures, |it| {
        let (mut sender, mut receiver) = it::channel(16);
        let mut recv = polled(it::recv(&mut receiver));
        recv.waits();
        assert_eq!(recv.wakes(), 0);
        assert_eq!(polled(it::send(&mut sender, 1)).ready(), Ok(()));
        assert_eq!(recv.wakes(), 1);
        assert_eq!(recv.ready(), Some(1));
    });
}

/// Tokio: `buffer_gteq_one`.
#[test]
fn a_channel_without_a_place_is_refused() {
    scenario!(ours, of_tokio, of_async_channel, |it| {
        assert!(does_panic(|| it::channel::<i32>(0)));
    });
}

/// Tokio: `try_send_fail`.
#[test]
fn a_full_channel_gives_back_what_it_has_no_place_for() {
    scenario!(ours, of_tokio, of_async_channel, |it| {
        let (mut sender, mut receiver) = it::channel(1);
        assert_eq!(it::try_send(&mut sender, "hello"), Ok(()));
        let refused = it::try_send(&mut sender, "fail");
        assert_eq!(refused, Err((Refused::Full, "fail")));
        assert_eq!(block_on(it::recv(&mut receiver)), Some("hello"));
        assert_eq!(it::try_send(&mut sender, "goodbye"), Ok(()));
        drop(sender);
        assert_eq!(block_on(it::recv(&mut receiver)), Some("goodbye"));
        assert_eq!(block_on(it::recv(&mut receiver)), None);
    });
}

/// Tokio: `try_send_fail_with_try_recv`. async-channel: `try_send`.
#[test]
fn both_ends_can_do_without_a_wait() {
    scenario!(ours, of_tokio, of_async_channel, |it| {
        let (mut sender, mut receiver) = it::channel(1);
        assert_eq!(it::try_send(&mut sender, 1), Ok(()));
        assert_eq!(it::try_send(&mut sender, 2), Err((Refused::Full, 2)));
        assert_eq!(it::try_recv(&mut receiver), Ok(1));
        assert_eq!(it::try_send(&mut sender, 3), Ok(()));
        drop(sender);
        assert_eq!(it::try_recv(&mut receiver), Ok(3));
        assert_eq!(it::try_recv(&mut receiver), Err(Nothing::Closed));
    });
}

/// Tokio: `try_recv_bounded`.
#[test]
fn places_are_used_again_and_again() {
    scenario!(ours, of_tokio, of_async_channel, |it| {
        let (mut sender, mut receiver) = it::channel(5);
        let mut next = 0;
        for taken in [5, 1, 2, 4, 3, 5] {
            for value in next..next + taken {
                assert_eq!(it::try_send(&mut sender, value), Ok(()));
            }
            if taken == 5 {
                let refused = it::try_send(&mut sender, 99);
                assert_eq!(refused, Err((Refused::Full, 99)));
            }
            for value in next..next + taken {
                assert_eq!(it::try_recv(&mut receiver), Ok(value));
            }
            assert_eq!(it::try_recv(&mut receiver), Err(Nothing::Empty));
            next += taken;
        }
    });
}

/// Tokio: `try_recv_after_receiver_close`.
#[test]
fn a_closed_and_empty_channel_says_so_to_a_try() {
    scenario!(ours, of_tokio, of_async_channel, of_futures, |it| {
        let (_sender, mut receiver) = it::channel::<()>(5);
        assert_eq!(it::try_recv(&mut receiver), Err(Nothing::Empty));
        it::close(&mut receiver);
        assert_eq!(it::try_recv(&mut receiver), Err(Nothing::Closed));
    });
}

/// Tokio: `try_recv_close_while_empty_bounded`. futures:
/// `bounded_try_recv_after_none`.
#[test]
fn a_try_after_the_last_sender_has_gone_says_so_each_time() {
    scenario!(ours, of_tokio, of_async_channel, of_futures, |it| {
        let (sender, mut receiver) = it::channel::<String>(17);
        assert_eq!(it::try_recv(&mut receiver), Err(Nothing::Empty));
        drop(sender);
        assert_eq!(it::try_recv(&mut receiver), Err(Nothing::Closed));
        assert_eq!(it::try_recv(&mut receiver), Err(Nothing::Closed));
    });
}

/// Tokio: `tx_close_gets_none`. futures: `drop_sender`.
#[test]
fn a_channel_without_senders_has_ended_at_the_first_poll() {
    scenario!(ours, of_tokio, of_async_channel, of_futures, |it| {
        let (sender, mut receiver) = it::channel::<i32>(10);
        drop(sender);
        assert_eq!(polled(it::recv(&mut receiver)).ready(), None);
    });
}

/// Tokio: `recv_close_gets_none_idle`. futures: `recv_close_gets_none`.
#[test]
fn a_channel_closed_by_its_receiver_has_ended_for_both() {
    scenario!(ours, of_tokio, of_async_channel, of_futures, |it| {
        let (mut sender, mut receiver) = it::channel(10);
        it::close(&mut receiver);
        assert_eq!(polled(it::recv(&mut receiver)).ready(), None);
        assert!(polled(it::send(&mut sender, 1)).ready().is_err());
    });
}

/// Tokio: `recv_close_gets_none_reserved`.
#[test]
fn a_close_wakes_the_senders_that_wait_and_keeps_what_was_sent() {
    scenario!(ours, of_tokio, of_async_channel, |it| {
        let (mut sender, mut receiver) = it::channel(1);
        assert_eq!(it::try_send(&mut sender, 1), Ok(()));
        let mut other = sender.clone();
        let mut first = polled(it::send(&mut sender, 2));
        let mut second = polled(it::send(&mut other, 3));
        first.waits();
        second.waits();
        it::close(&mut receiver);
        assert_eq!((first.wakes(), second.wakes()), (1, 1));
        assert_eq!(first.ready(), Err(Some(2)));
        assert_eq!(second.ready(), Err(Some(3)));
        assert_eq!(polled(it::recv(&mut receiver)).ready(), Some(1));
        assert_eq!(polled(it::recv(&mut receiver)).ready(), None);
    });
}

/// Tokio: `dropping_rx_closes_channel`.
#[test]
fn a_dropped_receiver_drops_what_it_did_not_take_and_closes() {
    scenario!(ours, of_tokio, of_futures, |it| {
        let (mut sender, receiver) = it::channel(100);
        let value = Arc::new(());
        assert!(it::try_send(&mut sender, value.clone()).is_ok());
        drop(receiver);
        let sent = polled(it::send(&mut sender, value.clone())).ready();
        assert!(sent.is_err());
        drop(sent);
        assert_eq!(Arc::strong_count(&value), 1);
    });
}

/// Tokio: `dropping_rx_closes_channel_for_try`.
#[test]
fn a_try_to_send_to_nobody_gives_the_value_back() {
    scenario!(ours, of_tokio, of_async_channel, of_futures, |it| {
        let (mut sender, receiver) = it::channel(100);
        assert_eq!(it::try_send(&mut sender, 1), Ok(()));
        drop(receiver);
        assert_eq!(it::try_send(&mut sender, 2), Err((Refused::Closed, 2)));
    });
}

/// Tokio: `dropping_rx_drops_sender_wakers_outside_lock`.
#[test]
fn a_waker_that_owns_a_sender_is_dropped_without_the_lock() {
    scenario!(ours, of_tokio, of_async_channel, of_futures, |it| {
        let (mut sender, receiver) = it::channel(1);
        while it::try_send(&mut sender, 1).is_ok() {}
        let waker = Guest::new().waker_holding(sender.clone());
        let mut send = Box::pin(it::send(&mut sender, 2));
        let mut cx = Context::from_waker(&waker);
        assert!(send.as_mut().poll(&mut cx).is_pending());
        drop(waker);
        drop(receiver);
        assert!(polled(send).ready().is_err());
    });
}

/// Tokio: `unconsumed_messages_are_dropped`.
#[test]
fn what_nobody_took_is_dropped_with_both_ends() {
    scenario!(ours, of_tokio, of_async_channel, of_futures, |it| {
        let (mut sender, receiver) = it::channel(100);
        let value = Arc::new(());
        assert!(it::try_send(&mut sender, value.clone()).is_ok());
        assert_eq!(Arc::strong_count(&value), 2);
        drop((sender, receiver));
        assert_eq!(Arc::strong_count(&value), 1);
    });
}

/// Tokio: `release_waker_on_rx_drop`.
#[test]
fn a_dropped_receiver_takes_its_waker_along() {
    scenario!(ours, of_tokio, of_async_channel, |it| {
        let (_sender, mut receiver) = it::channel::<()>(1);
        let (counter, waker) = Counter::new();
        let mut recv = Box::pin(it::recv(&mut receiver));
        let mut cx = Context::from_waker(&waker);
        assert!(recv.as_mut().poll(&mut cx).is_pending());
        assert_eq!(counter.wakers(), 2);
        drop(recv);
        drop(receiver);
        assert_eq!(counter.wakers(), 1);
    });
}

/// Tokio: `permit_send_panicking_rx_waker`.
#[test]
fn a_waker_that_panics_in_the_send_loses_no_value() {
    scenario!(ours, of_tokio, of_futures, |it| {
        let (mut sender, mut receiver) = it::channel(1);
        let guest = Guest::new();
        let waker = guest.waker();
        let mut recv = Box::pin(it::recv(&mut receiver));
        let mut cx = Context::from_waker(&waker);
        assert!(recv.as_mut().poll(&mut cx).is_pending());
        guest.next(Moment::Wake, panics);
        assert!(caught(|| it::try_send(&mut sender, 7)).is_err());
        drop(recv);
        assert_eq!(it::try_recv(&mut receiver), Ok(7));
        it::close(&mut receiver);
        assert_eq!(it::try_recv(&mut receiver), Err(Nothing::Closed));
    });
}

/// Tokio: `start_send_past_cap`.
#[test]
fn a_sender_that_left_the_line_is_not_woken_for_a_place() {
    scenario!(ours, of_tokio, of_async_channel, |it| {
        let (mut sender, mut receiver) = it::channel(1);
        assert!(it::try_send(&mut sender, ()).is_ok());
        let (mut other, (left, waker)) = (sender.clone(), Counter::new());
        let mut first = Box::pin(it::send(&mut sender, ()));
        let mut cx = Context::from_waker(&waker);
        assert!(first.as_mut().poll(&mut cx).is_pending());
        let mut second = polled(it::send(&mut other, ()));
        second.waits();
        drop(first);
        assert_eq!(block_on(it::recv(&mut receiver)), Some(()));
        assert_eq!((left.wakes(), second.wakes()), (0, 1));
        drop(second);
        drop((sender, other));
        assert_eq!(block_on(it::recv(&mut receiver)), None);
    });
}

/// Tokio: `send_recv_buffer_limited`.
#[test]
fn a_place_given_to_a_sender_that_waits_is_not_free_for_a_try() {
    scenario!(ours, of_tokio, |it| {
        let (mut sender, mut receiver) = it::channel(1);
        let mut other = sender.clone();
        assert_eq!(it::try_send(&mut sender, 1), Ok(()));
        let mut second = polled(it::send(&mut other, 2));
        second.waits();
        assert_eq!(block_on(it::recv(&mut receiver)), Some(1));
        assert_eq!(second.wakes(), 1);
        let refused = it::try_send(&mut sender, 1337);
        assert_eq!(refused, Err((Refused::Full, 1337)));
        assert_eq!(second.ready(), Ok(()));
        assert_eq!(block_on(it::recv(&mut receiver)), Some(2));
    });
}

/// Tokio: `drop_permit_releases_permit`.
#[test]
fn a_sender_that_was_served_and_is_dropped_gives_its_place_on() {
    scenario!(ours, of_tokio, of_async_channel, |it| {
        let (mut sender, mut receiver) = it::channel(1);
        let mut other = sender.clone();
        assert_eq!(it::try_send(&mut sender, 1), Ok(()));
        let mut first = polled(it::send(&mut sender, 2));
        let mut second = polled(it::send(&mut other, 3));
        first.waits();
        second.waits();
        assert_eq!(it::try_recv(&mut receiver), Ok(1));
        assert_eq!((first.wakes(), second.wakes()), (1, 0));
        drop(first);
        assert_eq!(second.wakes(), 1);
        assert_eq!(second.ready(), Ok(()));
        assert_eq!(it::try_recv(&mut receiver), Ok(3));
    });
}

/// Tokio: `permit_available_not_acquired_close`.
#[test]
fn a_sender_that_was_served_before_the_close_sends_nothing() {
    scenario!(ours, of_tokio, of_async_channel, |it| {
        let (mut sender, mut receiver) = it::channel(1);
        assert_eq!(it::try_send(&mut sender, 1), Ok(()));
        let mut second = polled(it::send(&mut sender, 2));
        second.waits();
        assert_eq!(it::try_recv(&mut receiver), Ok(1));
        assert_eq!(second.wakes(), 1);
        it::close(&mut receiver);
        drop(second);
        assert_eq!(polled(it::recv(&mut receiver)).ready(), None);
    });
}

/// futures: `single_receiver_drop_closes_channel_and_drains`.
#[test]
fn a_sender_sees_that_the_receiver_has_gone() {
    scenario!(ours, of_tokio, of_futures, |it| {
        let (mut sender, receiver) = it::channel(1);
        let value = Arc::new(());
        let seen = Arc::downgrade(&value);
        assert!(it::try_send(&mut sender, value).is_ok());
        assert!(seen.upgrade().is_some() && !sender.is_closed());
        drop(receiver);
        assert!(seen.upgrade().is_none() && sender.is_closed());
    });
}

/// Tokio: `test_rx_len_on_empty_channel`,
/// `test_rx_len_on_empty_channel_without_senders`.
#[test]
fn an_empty_channel_counts_no_values() {
    scenario!(ours, of_tokio, of_async_channel, |it| {
        let (sender, receiver) = it::channel::<()>(100);
        assert_eq!(it::waiting(&receiver), 0);
        drop(sender);
        assert_eq!(it::waiting(&receiver), 0);
    });
}

/// Tokio: `test_rx_len_on_filled_channel`,
/// `test_rx_len_on_filled_channel_without_senders`.
#[test]
fn a_full_channel_counts_its_values_with_senders_and_without() {
    scenario!(ours, of_tokio, of_async_channel, |it| {
        let (mut sender, receiver) = it::channel(100);
        for value in 0..100 {
            assert_eq!(it::try_send(&mut sender, value), Ok(()));
        }
        assert_eq!(it::waiting(&receiver), 100);
        drop(sender);
        assert_eq!(it::waiting(&receiver), 100);
    });
}

/// Tokio: `test_rx_len_when_consuming_all_messages`. async-channel: `len`.
#[test]
fn the_count_goes_up_and_down_with_each_value() {
    scenario!(ours, of_tokio, of_async_channel, |it| {
        let (mut sender, mut receiver) = it::channel(100);
        for count in 1..=50 {
            assert_eq!(it::try_send(&mut sender, count), Ok(()));
            assert_eq!(it::waiting(&receiver), count);
        }
        for count in (0..50).rev() {
            assert!(it::try_recv(&mut receiver).is_ok());
            assert_eq!(it::waiting(&receiver), count);
        }
    });
}

/// Tokio: `test_rx_len_when_close_is_called` and the two after it.
#[test]
fn a_close_does_not_change_the_count() {
    scenario!(ours, of_tokio, of_async_channel, |it| {
        for drops_first in [false, true] {
            let (mut sender, mut receiver) = it::channel(100);
            assert_eq!(it::try_send(&mut sender, 1), Ok(()));
            let kept = (!drops_first).then_some(sender);
            it::close(&mut receiver);
            assert_eq!(it::waiting(&receiver), 1);
            drop(kept);
            assert_eq!(it::waiting(&receiver), 1);
        }
    });
}

/// Tokio: `test_is_empty_32_msgs`.
#[test]
fn a_channel_is_empty_after_each_of_many_values() {
    scenario!(ours, of_tokio, of_async_channel, |it| {
        let (mut sender, mut receiver) = it::channel(33);
        for value in 1..257 {
            assert_eq!(polled(it::send(&mut sender, value)).ready(), Ok(()));
            let taken = polled(it::recv(&mut receiver)).ready();
            assert_eq!((taken, it::waiting(&receiver)), (Some(value), 0));
        }
    });
}

/// async-channel: `send_after_close`.
#[test]
fn every_send_to_nobody_gives_its_value_back() {
    scenario!(ours, of_tokio, of_async_channel, |it| {
        let (mut sender, receiver) = it::channel(100);
        assert_eq!(polled(it::send(&mut sender, 1)).ready(), Ok(()));
        drop(receiver);
        let mut send = |value| polled(it::send(&mut sender, value)).ready();
        assert_eq!(send(4), Err(Some(4)));
        assert_eq!(send(6), Err(Some(6)));
    });
}

/// async-channel: `recv_after_close`.
#[test]
fn what_was_sent_is_received_after_the_sender_has_gone() {
    scenario!(ours, of_tokio, of_async_channel, of_futures, |it| {
        let (mut sender, mut receiver) = it::channel(100);
        for value in 1..=3 {
            assert_eq!(polled(it::send(&mut sender, value)).ready(), Ok(()));
        }
        drop(sender);
        let mut recv = || polled(it::recv(&mut receiver)).ready();
        let got = [(); 4].map(|()| recv());
        assert_eq!(got, [Some(1), Some(2), Some(3), None]);
    });
}

/// async-channel: `close_wakes_sender`.
#[test]
fn a_dropped_receiver_wakes_the_sender_that_waits() {
    scenario!(ours, of_tokio, of_async_channel, |it| {
        let (mut sender, receiver) = it::channel(1);
        assert_eq!(polled(it::send(&mut sender, 1)).ready(), Ok(()));
        let mut second = polled(it::send(&mut sender, 2));
        second.waits();
        drop(receiver);
        assert_eq!(second.wakes(), 1);
        assert_eq!(second.ready(), Err(Some(2)));
    });
}

/// async-channel: `close_wakes_receiver`.
#[test]
fn the_last_sender_wakes_the_receiver_that_waits() {
    scenario!(ours, of_tokio, of_async_channel, of_futures, |it| {
        let (sender, mut receiver) = it::channel::<()>(1);
        let mut recv = polled(it::recv(&mut receiver));
        recv.waits();
        drop(sender);
        assert_eq!(recv.wakes(), 1);
        assert_eq!(recv.ready(), None);
    });
}

/// futures: `multiple_senders_disconnect`.
#[test]
fn only_the_end_of_the_last_sender_ends_the_channel() {
    scenario!(ours, of_tokio, of_async_channel, of_futures, |it| {
        let (sender, mut receiver) = it::channel(1);
        let (second, mut third) = (sender.clone(), sender.clone());
        drop(sender);
        drop(second);
        assert!(!third.is_closed());
        assert_eq!(block_on(it::send(&mut third, 5)), Ok(()));
        assert_eq!(block_on(it::recv(&mut receiver)), Some(5));
        drop(third);
        assert_eq!(block_on(it::recv(&mut receiver)), None);
    });
}

/// futures: `send_shared_recv`.
#[test]
fn two_senders_share_a_channel() {
    scenario!(ours, of_tokio, of_async_channel, of_futures, |it| {
        let (mut first, mut receiver) = it::channel(16);
        let mut second = first.clone();
        assert_eq!(block_on(it::send(&mut first, 1)), Ok(()));
        assert_eq!(block_on(it::recv(&mut receiver)), Some(1));
        assert_eq!(block_on(it::send(&mut second, 2)), Ok(()));
        assert_eq!(block_on(it::recv(&mut receiver)), Some(2));
    });
}

/// futures: `send_backpressure`, `send_backpressure_multi_senders`.
#[test]
fn a_sender_that_waits_is_woken_once_by_the_value_that_is_taken() {
    scenario!(ours, of_tokio, of_async_channel, of_futures, |it| {
        let (mut sender, mut receiver) = it::channel(1);
        assert_eq!(block_on(it::send(&mut sender, 1)), Ok(()));
        let mut second = polled(it::send(&mut sender, 2));
        second.waits();
        assert_eq!(second.wakes(), 0);
        assert_eq!(block_on(it::recv(&mut receiver)), Some(1));
        assert_eq!(second.wakes(), 1);
        assert_eq!(second.ready(), Ok(()));
        assert_eq!(block_on(it::recv(&mut receiver)), Some(2));
    });
}

/// futures: `drop_order`.
#[test]
fn each_value_is_dropped_once_and_at_once() {
    scenario!(ours, of_tokio, of_futures, |it| {
        let (first, second) = (Arc::new(()), Arc::new(()));
        let (mut sender, receiver) = it::channel(1);
        assert!(block_on(it::send(&mut sender, first.clone())).is_ok());
        assert_eq!(Arc::strong_count(&first), 2);
        drop(receiver);
        assert_eq!(Arc::strong_count(&first), 1);
        assert!(block_on(it::send(&mut sender, second.clone())).is_err());
        assert_eq!(Arc::strong_count(&second), 1);
    });
}

/// futures: `sequence`.
#[test]
fn one_place_between_two_threads_keeps_the_order() {
    scenario!(ours, of_tokio, of_async_channel, of_futures, |it| {
        let (mut sender, mut receiver) = it::channel(1);
        let thread = thread::spawn(move || {
            for value in (1..=20).rev() {
                assert!(block_on(it::send(&mut sender, value)).is_ok());
            }
        });
        for value in (1..=20).rev() {
            assert_eq!(block_on(it::recv(&mut receiver)), Some(value));
        }
        assert_eq!(block_on(it::recv(&mut receiver)), None);
        thread.join().unwrap();
    });
}

/// async-channel: `spsc`.
#[test]
fn many_values_cross_from_thread_to_thread_in_their_order() {
    scenario!(ours, of_tokio, of_async_channel, of_futures, |it| {
        let (mut sender, mut receiver) = it::channel(3);
        let thread = thread::spawn(move || {
            for value in 0..200 {
                assert_eq!(block_on(it::recv(&mut receiver)), Some(value));
            }
            assert_eq!(block_on(it::recv(&mut receiver)), None);
        });
        for value in 0..200 {
            assert_eq!(block_on(it::send(&mut sender, value)), Ok(()));
        }
        drop(sender);
        thread.join().unwrap();
    });
}

/// futures: `stress_drop_sender`, `test_bounded_recv`.
#[test]
fn a_sender_that_goes_right_after_its_values_loses_none() {
    scenario!(ours, of_tokio, of_async_channel, of_futures, |it| {
        for _ in 0..100 {
            let (mut sender, mut receiver) = it::channel(1);
            let thread = thread::spawn(move || {
                for value in 1..=3 {
                    assert!(block_on(it::send(&mut sender, value)).is_ok());
                }
            });
            let mut recv = || block_on(it::recv(&mut receiver));
            let got = [(); 4].map(|()| recv());
            assert_eq!(got, [Some(1), Some(2), Some(3), None]);
            thread.join().unwrap();
        }
    });
}

/// Tokio: `no_t_bounds_buffer`.
#[test]
fn the_value_needs_no_traits() {
    fn is_debug(_it: &impl Debug) {}

    struct Plain;

    scenario!(ours, of_tokio, of_async_channel, of_futures, |it| {
        let (sender, mut receiver) = it::channel(100);
        is_debug(&sender);
        is_debug(&receiver);
        assert!(it::try_send(&mut sender.clone(), Plain).is_ok());
        assert!(block_on(it::recv(&mut receiver)).is_some());
    });
}

/// Tokio: `mpsc_error_bound` of `sync_errors.rs`.
#[test]
fn the_errors_of_a_sender_are_errors_for_every_thread() {
    fn is_error<T: Error + Send + Sync>() {}

    scenario!(ours, of_tokio, of_async_channel, |it| {
        is_error::<it::SendError<()>>();
        is_error::<it::TrySendError<()>>();
    });
}

/// Tokio: `async_send_sync.rs`. futures: `auto_traits.rs`.
#[test]
fn both_ends_are_as_free_as_their_values() {
    fn is_free<T: Send + Sync>() {}

    scenario!(ours, of_tokio, of_async_channel, of_futures, |it| {
        // A cell may be sent and not shared.
        is_free::<it::Sender<Cell<i32>>>();
        is_free::<it::Receiver<Cell<i32>>>();
    });
}
