//! The signals, the place for a waker and the latch.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use listings::wakers::contract::count::Counter;
use loom::model;
use loom::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};
use loom::thread::spawn;

use crate::wakers::block_on::flag::block_on;
use crate::wakers::lost_wakeups::atomic_waker::AtomicWaker;
use crate::wakers::lost_wakeups::latch::Latch;
use crate::wakers::lost_wakeups::{early, late};

/// Every order of at most two switches away from a thread that could go on.
fn few_switches(run: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(2);
    builder.check(run);
}

#[test]
#[should_panic(expected = "deadlock")]
fn a_waiter_that_looks_first_sleeps_for_good() {
    model(|| {
        let signal = Arc::new(late::Signal::default());
        let done = Arc::new(AtomicBool::new(false));
        let (to_notify, to_set) = (signal.clone(), done.clone());
        spawn(move || {
            to_set.store(true, Relaxed);
            to_notify.notify();
        });
        block_on(signal.until(|| done.load(Relaxed)));
    });
}

#[test]
fn a_waiter_that_keeps_its_waker_first_needs_no_ordering_but_the_lock() {
    model(|| {
        let signal = Arc::new(early::Signal::default());
        let done = Arc::new(AtomicBool::new(false));
        let (to_notify, to_set) = (signal.clone(), done.clone());
        let worker = spawn(move || {
            to_set.store(true, Relaxed);
            to_notify.notify();
        });
        block_on(signal.until(|| done.load(Relaxed)));
        worker.join().unwrap();
    });
}

#[test]
fn of_two_wakes_the_waiter_sees_what_both_were_about() {
    few_switches(|| {
        let place = Arc::new(AtomicWaker::default());
        let done = [(); 2].map(|()| Arc::new(AtomicBool::new(false)));
        let workers = done.clone().map(|done| {
            let place = place.clone();
            spawn(move || {
                done.store(true, Relaxed);
                place.wake();
            })
        });
        block_on(poll_fn(|cx| {
            place.register(cx.waker());
            match done.iter().all(|done| done.load(Relaxed)) {
                true => Poll::Ready(()),
                false => Poll::Pending,
            }
        }));
        for worker in workers {
            worker.join().unwrap();
        }
    });
}

#[test]
fn a_wake_goes_to_the_newest_waker_or_to_one_that_looks_again() {
    model(|| {
        let place = Arc::new(AtomicWaker::default());
        let done = Arc::new(AtomicBool::new(false));
        let (to_wake, to_set) = (place.clone(), done.clone());
        let worker = spawn(move || {
            to_set.store(true, Relaxed);
            to_wake.wake();
        });
        let ((a, waker_a), (b, waker_b)) = (Counter::new(), Counter::new());
        place.register(&waker_a);
        place.register(&waker_b);
        let seen = done.load(Relaxed);
        worker.join().unwrap();
        assert!(seen || b.wakes() == 1);
        assert!(a.wakes() + b.wakes() <= 1);
        drop((waker_a, waker_b, place));
        assert_eq!((a.wakers(), b.wakers()), (0, 0));
    });
}

#[test]
fn the_latch_opens_and_shows_what_was_done_before() {
    few_switches(|| {
        let latch = Arc::new(Latch::new(2));
        let sum = Arc::new(AtomicU32::new(0));
        let workers = [1, 2].map(|number| {
            let (latch, sum) = (latch.clone(), sum.clone());
            spawn(move || {
                sum.fetch_add(number, Relaxed);
                latch.count_down();
            })
        });
        block_on(latch.wait());
        assert_eq!(sum.load(Relaxed), 3);
        for worker in workers {
            worker.join().unwrap();
        }
    });
}

#[test]
fn a_dropped_wait_leaves_the_latch_to_the_next() {
    model(|| {
        let latch = Arc::new(Latch::new(1));
        let to_count = latch.clone();
        let worker = spawn(move || to_count.count_down());
        let (counter, waker) = Counter::new();
        {
            let mut cx = Context::from_waker(&waker);
            let _ = pin!(latch.wait()).as_mut().poll(&mut cx);
        }
        block_on(latch.wait());
        worker.join().unwrap();
        drop((waker, latch));
        assert_eq!(counter.wakers(), 0);
    });
}
