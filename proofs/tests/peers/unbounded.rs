//! A channel without a limit: ours, Tokio's, that of async-channel and that of
//! futures. From `sync_mpsc.rs` and `async_send_sync.rs` of Tokio, from
//! `tests/unbounded.rs` of async-channel, and from `mpsc.rs` and
//! `mpsc-close.rs` of futures-channel.

use std::cell::Cell;
use std::fmt::Debug;
use std::sync::Arc;
use std::sync::mpsc;
use std::thread;

use listings::proof::hostile::{OnDrop, caught};
use listings::wakers::block_on::flag::block_on;

use crate::bounded::Nothing;
use crate::polled;

mod ours {
    use listings::wakers::channel::unbounded;
    pub use listings::wakers::channel::unbounded::*;

    use super::Nothing;

    pub fn send<T>(sender: &Sender<T>, value: T) -> Result<(), T> {
        sender.send(value).map_err(|back| back.0)
    }

    pub async fn recv<T>(receiver: &mut Receiver<T>) -> Option<T> {
        receiver.recv().await
    }

    pub fn close<T>(receiver: &mut Receiver<T>) {
        receiver.close();
    }

    pub fn try_recv<T>(receiver: &mut Receiver<T>) -> Result<T, Nothing> {
        receiver.try_recv().map_err(|why| match why {
            unbounded::TryRecvError::Empty => Nothing::Empty,
            unbounded::TryRecvError::Closed => Nothing::Closed,
        })
    }

    pub fn waiting<T>(receiver: &Receiver<T>) -> usize {
        receiver.waiting()
    }
}

mod of_tokio {
    use tokio::sync::mpsc::error::TryRecvError;
    pub use tokio::sync::mpsc::{
        UnboundedReceiver as Receiver, UnboundedSender as Sender,
        unbounded_channel as channel,
    };

    use super::Nothing;

    pub fn send<T>(sender: &Sender<T>, value: T) -> Result<(), T> {
        sender.send(value).map_err(|back| back.0)
    }

    pub async fn recv<T>(receiver: &mut Receiver<T>) -> Option<T> {
        receiver.recv().await
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
    pub use async_channel::{Receiver, Sender, unbounded as channel};

    use super::Nothing;

    pub fn send<T>(sender: &Sender<T>, value: T) -> Result<(), T> {
        sender.try_send(value).map_err(|back| back.into_inner())
    }

    pub async fn recv<T>(receiver: &mut Receiver<T>) -> Option<T> {
        receiver.recv().await.ok()
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
    use futures::channel::mpsc::TryRecvError;
    pub use futures::channel::mpsc::{
        UnboundedReceiver as Receiver, UnboundedSender as Sender,
        unbounded as channel,
    };

    use super::Nothing;

    pub fn send<T>(sender: &Sender<T>, value: T) -> Result<(), T> {
        sender.unbounded_send(value).map_err(|back| back.into_inner())
    }

    pub async fn recv<T>(receiver: &mut Receiver<T>) -> Option<T> {
        receiver.recv().await.ok()
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

/// Tokio: `send_recv_unbounded`.
#[test]
fn values_come_in_their_order_and_then_the_end() {
    scenario!(ours, of_tokio, of_async_channel, of_futures, |it| {
        let (sender, mut receiver) = it::channel();
        assert_eq!(it::send(&sender, 1), Ok(()));
        assert_eq!(it::send(&sender, 2), Ok(()));
        assert_eq!(polled(it::recv(&mut receiver)).ready(), Some(1));
        assert_eq!(polled(it::recv(&mut receiver)).ready(), Some(2));
        drop(sender);
        assert_eq!(polled(it::recv(&mut receiver)).ready(), None);
    });
}

/// Tokio: `async_send_recv_unbounded`.
#[test]
fn a_receiver_that_waits_is_woken_once_by_two_values() {
    scenario!(ours, of_tokio, of_async_channel, of_futures, |it| {
        let (sender, mut receiver) = it::channel();
        let mut recv = polled(it::recv(&mut receiver));
        recv.waits();
        assert_eq!(it::send(&sender, 1), Ok(()));
        assert_eq!(it::send(&sender, 2), Ok(()));
        assert_eq!(recv.wakes(), 1);
        assert_eq!(recv.ready(), Some(1));
    });
}

/// Tokio: `try_recv_unbounded`.
#[test]
fn a_try_takes_whatever_number_of_values() {
    scenario!(ours, of_tokio, of_async_channel, of_futures, |it| {
        for count in 0..100 {
            let (sender, mut receiver) = it::channel();
            for value in 0..count {
                assert_eq!(it::send(&sender, value), Ok(()));
            }
            for value in 0..count {
                assert_eq!(it::try_recv(&mut receiver), Ok(value));
            }
            assert_eq!(it::try_recv(&mut receiver), Err(Nothing::Empty));
            drop(sender);
            assert_eq!(it::try_recv(&mut receiver), Err(Nothing::Closed));
        }
    });
}

/// Tokio: `try_recv_close_while_empty_unbounded`. futures:
/// `unbounded_try_recv_after_none`.
#[test]
fn a_try_after_the_last_sender_has_gone_says_so_each_time() {
    scenario!(ours, of_tokio, of_async_channel, of_futures, |it| {
        let (sender, mut receiver) = it::channel::<String>();
        assert_eq!(it::try_recv(&mut receiver), Err(Nothing::Empty));
        drop(sender);
        assert_eq!(it::try_recv(&mut receiver), Err(Nothing::Closed));
        assert_eq!(it::try_recv(&mut receiver), Err(Nothing::Closed));
    });
}

/// Tokio: `no_t_bounds_unbounded`.
#[test]
fn the_value_needs_no_traits() {
    fn is_debug(_it: &impl Debug) {}

    struct Plain;

    scenario!(ours, of_tokio, of_async_channel, of_futures, |it| {
        let (sender, mut receiver) = it::channel();
        is_debug(&sender);
        is_debug(&receiver);
        assert!(it::send(&sender.clone(), Plain).is_ok());
        assert!(block_on(it::recv(&mut receiver)).is_some());
    });
}

/// futures: `single_receiver_drop_closes_channel_and_drains`.
#[test]
fn a_dropped_receiver_drops_what_it_did_not_take_and_closes() {
    scenario!(ours, of_tokio, of_futures, |it| {
        let (sender, receiver) = it::channel();
        let value = Arc::new(());
        let seen = Arc::downgrade(&value);
        assert!(it::send(&sender, value).is_ok());
        assert!(seen.upgrade().is_some());
        drop(receiver);
        assert!(seen.upgrade().is_none());
        assert!(it::send(&sender, Arc::new(())).is_err());
    });
}

/// async-channel: `send_after_close`.
#[test]
fn every_send_to_nobody_gives_its_value_back() {
    scenario!(ours, of_tokio, of_async_channel, of_futures, |it| {
        let (sender, receiver) = it::channel();
        assert_eq!(it::send(&sender, 1), Ok(()));
        drop(receiver);
        assert_eq!(it::send(&sender, 4), Err(4));
        assert_eq!(it::send(&sender, 5), Err(5));
    });
}

/// async-channel: `recv_after_close`.
#[test]
fn what_was_sent_is_received_after_the_sender_has_gone() {
    scenario!(ours, of_tokio, of_async_channel, of_futures, |it| {
        let (sender, mut receiver) = it::channel();
        for value in 1..=3 {
            assert_eq!(it::send(&sender, value), Ok(()));
        }
        drop(sender);
        let mut recv = || polled(it::recv(&mut receiver)).ready();
        let got = [(); 4].map(|()| recv());
        assert_eq!(got, [Some(1), Some(2), Some(3), None]);
    });
}

/// Tokio: `test_rx_unbounded_len_with_multiple_messages`,
/// `test_rx_unbounded_len_when_consuming_all_messages`.
#[test]
fn the_count_goes_up_and_down_with_each_value() {
    scenario!(ours, of_tokio, of_async_channel, |it| {
        let (sender, mut receiver) = it::channel();
        assert_eq!(it::waiting(&receiver), 0);
        for count in 1..=100 {
            assert_eq!(it::send(&sender, count), Ok(()));
            assert_eq!(it::waiting(&receiver), count);
        }
        for count in (0..100).rev() {
            assert!(it::try_recv(&mut receiver).is_ok());
            assert_eq!(it::waiting(&receiver), count);
        }
    });
}

/// Tokio: `test_rx_unbounded_len_when_close_is_called` and the two after it,
/// `test_rx_unbounded_len_with_multiple_messages_and_dropped_senders`.
#[test]
fn neither_a_close_nor_the_end_of_the_senders_changes_the_count() {
    scenario!(ours, of_tokio, of_async_channel, |it| {
        for drops_first in [false, true] {
            let (sender, mut receiver) = it::channel();
            assert_eq!(it::send(&sender, 1), Ok(()));
            let kept = (!drops_first).then_some(sender);
            assert_eq!(it::waiting(&receiver), 1);
            it::close(&mut receiver);
            assert_eq!(it::waiting(&receiver), 1);
            drop(kept);
            assert_eq!(it::waiting(&receiver), 1);
        }
    });
}

/// Tokio: `drop_all_elements_during_panic`.
#[test]
fn a_value_whose_end_panics_keeps_no_other_alive() {
    scenario!(ours, of_tokio, |it| {
        let (sender, receiver) = it::channel();
        let value = Arc::new(());
        let counts = |value: Arc<()>| OnDrop::new(move || drop(value));
        assert!(it::send(&sender, OnDrop::panics()).is_ok());
        assert!(it::send(&sender, counts(value.clone())).is_ok());
        assert!(it::send(&sender, counts(value.clone())).is_ok());
        assert!(caught(|| drop(receiver)).is_err());
        assert_eq!(Arc::strong_count(&value), 1);
    });
}

/// futures: `multiple_senders_disconnect`.
#[test]
fn only_the_end_of_the_last_sender_ends_the_channel() {
    scenario!(ours, of_tokio, of_async_channel, of_futures, |it| {
        let (sender, mut receiver) = it::channel();
        let second = sender.clone();
        drop(sender);
        assert_eq!(it::send(&second, 5), Ok(()));
        assert_eq!(polled(it::recv(&mut receiver)).ready(), Some(5));
        drop(second);
        assert_eq!(polled(it::recv(&mut receiver)).ready(), None);
    });
}

/// Tokio: `test_rx_unbounded_is_closed_when_there_are_messages_and_close_is_called`.
#[test]
fn what_was_sent_before_the_close_is_received() {
    scenario!(ours, of_tokio, of_async_channel, of_futures, |it| {
        let (sender, mut receiver) = it::channel();
        assert_eq!(it::send(&sender, 1), Ok(()));
        it::close(&mut receiver);
        assert_eq!(it::send(&sender, 2), Err(2));
        assert_eq!(polled(it::recv(&mut receiver)).ready(), Some(1));
        assert_eq!(polled(it::recv(&mut receiver)).ready(), None);
    });
}

/// async-channel: `close_wakes_receiver`.
#[test]
fn the_last_sender_wakes_the_receiver_that_waits() {
    scenario!(ours, of_tokio, of_async_channel, of_futures, |it| {
        let (sender, mut receiver) = it::channel::<()>();
        let mut recv = polled(it::recv(&mut receiver));
        recv.waits();
        drop(sender);
        assert_eq!(recv.wakes(), 1);
        assert_eq!(recv.ready(), None);
    });
}

/// futures: `stress_shared_unbounded`.
#[test]
fn no_value_of_many_threads_is_lost() {
    scenario!(ours, of_tokio, of_async_channel, of_futures, |it| {
        let (sender, mut receiver) = it::channel();
        for _ in 0..4 {
            let sender = sender.clone();
            thread::spawn(move || {
                for _ in 0..200 {
                    assert_eq!(it::send(&sender, 1), Ok(()));
                }
            });
        }
        drop(sender);
        let mut sum = 0;
        while let Some(value) = block_on(it::recv(&mut receiver)) {
            sum += value;
        }
        assert_eq!(sum, 800);
    });
}

/// futures: `stress_close_receiver_iter`.
#[test]
fn a_close_beside_the_sends_cuts_them_at_one_value() {
    scenario!(ours, of_tokio, of_async_channel, of_futures, |it| {
        let (sender, mut receiver) = it::channel();
        let (says, said) = mpsc::channel();
        let thread = thread::spawn(move || {
            let refused =
                (1..).find(|&value| it::send(&sender, value).is_err());
            says.send(refused).unwrap();
        });
        assert_eq!(block_on(it::recv(&mut receiver)), Some(1));
        it::close(&mut receiver);
        let mut next = 2;
        while let Some(value) = block_on(it::recv(&mut receiver)) {
            assert_eq!(value, next);
            next += 1;
        }
        assert_eq!(said.recv().unwrap(), Some(next));
        thread.join().unwrap();
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
