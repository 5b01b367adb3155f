//! The bounded channel: places, wakers and the end in every order.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use loom::model;
use loom::model::Builder;
use loom::thread::spawn;

use crate::wakers::block_on::flag::block_on;
use crate::wakers::channel::{bounded, waiting};

/// For three threads, or two that wait often: every order would take minutes.
fn few_switches() -> Builder {
    let mut builder = Builder::new();
    builder.preemption_bound = Some(2);
    builder
}

fn poll_once<F: Future + Unpin>(mut future: F) -> Poll<F::Output> {
    Pin::new(&mut future).poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn values_wait_for_the_one_place_and_arrive_in_order() {
    few_switches().check(|| {
        let (sender, mut receiver) = bounded::channel(1);
        let other = spawn(move || {
            block_on(sender.send(1)).unwrap();
            block_on(sender.send(2)).unwrap();
        });
        assert_eq!(block_on(receiver.recv()), Some(1));
        assert_eq!(block_on(receiver.recv()), Some(2));
        assert_eq!(block_on(receiver.recv()), None);
        other.join().unwrap();
    });
}

#[test]
fn of_two_senders_and_one_place_nobody_is_forgotten() {
    few_switches().check(|| {
        let (sender, mut receiver) = bounded::channel(1);
        let others = [(sender.clone(), 1), (sender, 2)].map(|(sender, it)| {
            spawn(move || block_on(sender.send(it)).unwrap())
        });
        let mut sum = 0;
        while let Some(it) = block_on(receiver.recv()) {
            sum += it;
        }
        assert_eq!(sum, 3);
        for other in others {
            other.join().unwrap();
        }
    });
}

#[test]
fn a_sender_that_gives_up_keeps_nobody_waiting() {
    few_switches().check(|| {
        let (sender, mut receiver) = bounded::channel(1);
        sender.try_send(1).unwrap();
        let gives_up = sender.clone();
        let gives_up = spawn(move || poll_once(gives_up.send(2)).is_ready());
        let stays = spawn(move || block_on(sender.send(3)).unwrap());
        assert_eq!(block_on(receiver.recv()), Some(1));
        let mut next = block_on(receiver.recv());
        if next == Some(2) {
            next = block_on(receiver.recv());
        }
        assert_eq!(next, Some(3));
        gives_up.join().unwrap();
        stays.join().unwrap();
    });
}

/// The step without that destructor. That loom sees it hang shows that it
/// would see it above.
#[test]
#[should_panic(expected = "deadlock")]
fn without_the_destructor_the_place_is_lost() {
    few_switches().check(|| {
        let (sender, mut receiver) = waiting::channel(1);
        // Never dropped: loom cannot unwind through its destructor.
        let sender: &_ = Box::leak(Box::new(sender));
        block_on(sender.send(1));
        let gives_up = spawn(|| poll_once(sender.send(2)).is_ready());
        let stays = spawn(move || block_on(sender.send(3)));
        assert_eq!(block_on(receiver.recv()), Some(1));
        let mut next = block_on(receiver.recv());
        if next == Some(2) {
            next = block_on(receiver.recv());
        }
        assert_eq!(next, Some(3));
        gives_up.join().unwrap();
        stays.join().unwrap();
    });
}

#[test]
fn a_receiver_that_goes_keeps_no_value_and_no_sender() {
    few_switches().check(|| {
        let (sender, mut receiver) = bounded::channel(1);
        let value = Arc::new(());
        let other = {
            let value = value.clone();
            spawn(move || while block_on(sender.send(value.clone())).is_ok() {})
        };
        let first = block_on(receiver.recv());
        assert!(first.is_some());
        drop(first);
        drop(receiver);
        other.join().unwrap();
        assert_eq!(Arc::strong_count(&value), 1);
    });
}

#[test]
fn a_receiver_that_closes_gets_what_was_sent() {
    model(|| {
        let (sender, mut receiver) = bounded::channel(2);
        let other = spawn(move || {
            [1, 2].map(|it| u32::from(block_on(sender.send(it)).is_ok()))
        });
        receiver.close();
        let mut got = 0;
        while block_on(receiver.recv()).is_some() {
            got += 1;
        }
        let sent = other.join().unwrap();
        assert_eq!(sent.iter().sum::<u32>(), got);
    });
}
