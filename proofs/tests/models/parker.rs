//! The parker of `block_on`: no wake is lost.

use std::sync::Arc;
use std::task::Waker;

use loom::model;
use loom::sync::atomic::{AtomicBool, Ordering::Relaxed};
use loom::thread::spawn;

use crate::thread;
use crate::wakers::block_on::flag::Parker;
use crate::wakers::block_on::park;

/// A parker for this thread, and its waker.
fn parker() -> (Arc<Parker>, Waker) {
    let parker = Arc::new(Parker::current());
    (parker.clone(), Waker::from(parker))
}

#[test]
fn a_wake_ends_the_park_and_brings_what_was_done_before_it() {
    model(|| {
        let done = Arc::new(AtomicBool::new(false));
        let (parker, waker) = parker();
        let worker = {
            let done = done.clone();
            spawn(move || {
                done.store(true, Relaxed);
                waker.wake();
            })
        };
        parker.park();
        assert!(done.load(Relaxed), "the ordering is that of the flag");
        worker.join().unwrap();
    });
}

#[test]
fn of_two_wakes_none_is_lost() {
    // Three threads: every order would take minutes.
    let mut few_switches = loom::model::Builder::new();
    few_switches.preemption_bound = Some(2);
    few_switches.check(|| {
        let (parker, waker) = parker();
        let done = [(); 2].map(|()| Arc::new(AtomicBool::new(false)));
        let workers = done.clone().map(|done| {
            let waker = waker.clone();
            spawn(move || {
                done.store(true, Relaxed);
                waker.wake();
            })
        });
        while !done.iter().all(|done| done.load(Relaxed)) {
            parker.park();
        }
        for worker in workers {
            worker.join().unwrap();
        }
    });
}

#[test]
fn a_wake_of_an_earlier_park_is_not_one_of_the_next() {
    model(|| {
        let (parker, waker) = parker();
        waker.wake_by_ref();
        parker.park();
        let done = Arc::new(AtomicBool::new(false));
        let worker = {
            let done = done.clone();
            spawn(move || {
                done.store(true, Relaxed);
                waker.wake();
            })
        };
        parker.park();
        assert!(done.load(Relaxed), "it slept until the second wake");
        worker.join().unwrap();
    });
}

#[test]
fn a_token_that_somebody_else_puts_or_takes_makes_no_difference() {
    model(|| {
        let (parker, waker) = parker();
        let done = Arc::new(AtomicBool::new(false));
        let here = thread::current();
        let other = spawn(move || here.unpark());
        let worker = {
            let done = done.clone();
            spawn(move || {
                done.store(true, Relaxed);
                waker.wake();
            })
        };
        // What code in a poll may do.
        thread::park();
        parker.park();
        assert!(done.load(Relaxed), "a token is no wake");
        other.join().unwrap();
        worker.join().unwrap();
    });
}

/// The first runner that sleeps waits for the token only. That loom sees
/// it hang shows that it would see it above.
#[test]
#[should_panic(expected = "deadlock")]
fn the_runner_without_a_flag_loses_a_wake() {
    model(|| {
        let here = thread::current();
        let other = spawn(move || here.unpark());
        let mut polled = false;
        park::block_on(std::future::poll_fn(|cx| {
            if std::mem::replace(&mut polled, true) {
                return std::task::Poll::Ready(());
            }
            let waker = cx.waker().clone();
            spawn(move || waker.wake());
            thread::park();
            std::task::Poll::Pending
        }));
        other.join().unwrap();
    });
}
