//! A oneshot channel: ours, its faster twin, Tokio's and that of futures. From
//! `sync_oneshot.rs`, `sync_errors.rs` and `async_send_sync.rs` of Tokio, and
//! from `tests/oneshot.rs` of futures and of futures-channel.

use std::error::Error;
use std::sync::mpsc;
use std::thread;

use listings::wakers::block_on::flag::block_on;
use listings::wakers::contract::count::Counter;

use crate::{poll, polled};

mod ours {
    pub use listings::wakers::oneshot::closed::*;
}

mod our_fast {
    pub use listings::wakers::oneshot::alone::*;
}

mod of_tokio {
    pub use tokio::sync::oneshot::error::RecvError as Closed;
    pub use tokio::sync::oneshot::*;
}

mod of_futures {
    pub use futures::channel::oneshot::Canceled as Closed;
    pub use futures::channel::oneshot::*;

    pub trait IsClosed {
        fn is_closed(&self) -> bool;
    }

    impl<T> IsClosed for Sender<T> {
        fn is_closed(&self) -> bool {
            self.is_canceled()
        }
    }
}

/// Tokio: `send_recv`. futures: `oneshot_send2`.
#[test]
fn a_value_that_was_sent_first_is_there_at_the_first_poll() {
    scenario!(ours, our_fast, of_tokio, of_futures, |it| {
        let (sender, receiver) = it::channel();
        assert!(sender.send(1).is_ok());
        let mut receiver = polled(receiver);
        assert!(matches!(receiver.ready(), Ok(1)));
        assert_eq!(receiver.wakes(), 0);
    });
}

/// Tokio: `send_recv`. futures: `oneshot_send3`.
#[test]
fn a_receiver_that_waits_is_woken_once_by_the_send() {
    scenario!(ours, our_fast, of_tokio, of_futures, |it| {
        let (sender, receiver) = it::channel();
        let mut receiver = polled(receiver);
        receiver.waits();
        assert_eq!(receiver.wakes(), 0);
        assert!(sender.send(1).is_ok());
        assert_eq!(receiver.wakes(), 1);
        assert!(matches!(receiver.ready(), Ok(1)));
    });
}

/// futures: `oneshot_send1`.
#[test]
fn a_send_on_another_thread_ends_the_wait() {
    scenario!(ours, our_fast, of_tokio, of_futures, |it| {
        let (sender, receiver) = it::channel();
        let thread = thread::spawn(move || sender.send(1).is_ok());
        assert!(matches!(block_on(receiver), Ok(1)));
        assert!(thread.join().unwrap());
    });
}

/// Tokio: `close_tx`.
#[test]
fn a_dropped_sender_wakes_the_receiver_once() {
    scenario!(ours, our_fast, of_tokio, of_futures, |it| {
        let (sender, receiver) = it::channel::<i32>();
        let mut receiver = polled(receiver);
        receiver.waits();
        drop(sender);
        assert_eq!(receiver.wakes(), 1);
        assert!(matches!(receiver.ready(), Err(it::Closed { .. })));
    });
}

/// futures: `oneshot_drop_tx1`.
#[test]
fn a_sender_dropped_first_is_an_error_at_the_first_poll() {
    scenario!(ours, our_fast, of_tokio, of_futures, |it| {
        let (sender, receiver) = it::channel::<i32>();
        drop(sender);
        assert!(matches!(polled(receiver).ready(), Err(it::Closed { .. })));
    });
}

/// futures: `oneshot_drop_tx2`.
#[test]
fn a_sender_dropped_on_another_thread_ends_the_wait() {
    scenario!(ours, our_fast, of_tokio, of_futures, |it| {
        let (sender, receiver) = it::channel::<i32>();
        let thread = thread::spawn(|| drop(sender));
        assert!(block_on(receiver).is_err());
        thread.join().unwrap();
    });
}

/// Tokio: `close_rx`. futures: `oneshot_drop_rx`.
#[test]
fn a_send_to_nobody_gives_the_value_back() {
    scenario!(ours, our_fast, of_tokio, of_futures, |it| {
        let (sender, receiver) = it::channel();
        drop(receiver);
        assert_eq!(sender.send(2), Err(2));
    });
}

/// Tokio: `close_rx`. futures: `is_canceled`.
#[test]
fn a_sender_can_see_that_its_receiver_has_gone() {
    scenario!(ours, our_fast, of_tokio, of_futures, |it| {
        use it::*;
        let (sender, receiver) = channel::<i32>();
        assert!(!sender.is_closed());
        drop(receiver);
        assert!(sender.is_closed());
    });
}

/// futures: `cancel_lots`.
#[test]
fn many_receivers_go_while_their_senders_are_on_another_thread() {
    scenario!(ours, our_fast, of_tokio, of_futures, |it| {
        use it::*;
        let (senders, received) = mpsc::channel::<Sender<u32>>();
        let (says, said) = mpsc::channel();
        let thread = thread::spawn(move || {
            for sender in received {
                says.send(sender.is_closed() && sender.send(1).is_err())
                    .unwrap();
            }
        });
        for _ in 0..500 {
            let (sender, receiver) = channel();
            drop(receiver);
            senders.send(sender).unwrap();
            assert_eq!(said.recv(), Ok(true));
        }
        drop(senders);
        thread.join().unwrap();
    });
}

/// futures: `cancel_sends`.
#[test]
fn a_send_that_races_with_the_end_of_the_receiver_succeeds_or_gives_back() {
    scenario!(ours, our_fast, of_tokio, of_futures, |it| {
        let (senders, received) = mpsc::channel::<it::Sender<u32>>();
        let thread = thread::spawn(move || {
            let sent = received.into_iter().map(|sender| sender.send(42));
            sent.filter(|end| matches!(end, Ok(()) | Err(42))).count()
        });
        for _ in 0..500 {
            let (sender, receiver) = it::channel();
            senders.send(sender).unwrap();
            drop(receiver);
        }
        drop(senders);
        assert_eq!(thread.join().unwrap(), 500);
    });
}

/// Tokio: `drops_tasks`.
#[test]
fn a_channel_whose_ends_have_gone_keeps_no_waker() {
    scenario!(ours, our_fast, of_tokio, of_futures, |it| {
        let (sender, mut receiver) = it::channel::<i32>();
        let (counter, waker) = Counter::new();
        assert!(poll(&mut receiver, &waker).is_pending());
        assert_eq!(counter.wakers(), 2);
        drop(sender);
        drop(receiver);
        assert_eq!(counter.wakers(), 1);
    });
}

/// Tokio: `receiver_changes_task`.
#[test]
fn the_task_that_polled_last_is_woken_and_the_other_forgotten() {
    scenario!(ours, our_fast, of_tokio, of_futures, |it| {
        let (sender, mut receiver) = it::channel();
        let [(first, its), (second, newest)] = [(); 2].map(|()| Counter::new());
        assert!(poll(&mut receiver, &its).is_pending());
        assert_eq!((first.wakers(), second.wakers()), (2, 1));
        assert!(poll(&mut receiver, &newest).is_pending());
        assert_eq!((first.wakers(), second.wakers()), (1, 2));
        assert!(sender.send(1).is_ok());
        assert_eq!((first.wakes(), second.wakes()), (0, 1));
    });
}

/// Tokio: `oneshot_error_bound` of `sync_errors.rs`.
#[test]
fn the_error_of_a_receiver_is_an_error_for_every_thread() {
    fn is_error<T: Error + Send + Sync>() {}

    scenario!(ours, our_fast, of_tokio, of_futures, |it| {
        is_error::<it::Closed>();
    });
}

/// Tokio: `async_send_sync.rs`. futures: `auto_traits.rs`.
#[test]
fn both_ends_are_as_free_as_their_value() {
    fn is_free<T: Send + Sync>() {}

    scenario!(ours, our_fast, of_tokio, of_futures, |it| {
        // A cell may be sent and not shared.
        is_free::<it::Sender<std::cell::Cell<i32>>>();
        is_free::<it::Receiver<std::cell::Cell<i32>>>();
    });
}
