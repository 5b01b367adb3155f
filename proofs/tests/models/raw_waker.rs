//! The waker over a flag: who sees the flag sees what was done before the
//! wake.

use std::sync::Arc;

use loom::cell::UnsafeCell;
use loom::model;
use loom::sync::atomic::{
    AtomicBool,
    Ordering::{Acquire, Relaxed},
};
use loom::thread::spawn;

use crate::wakers::raw_waker::static_flag::waker;

#[expect(
    clippy::arc_with_non_send_sync,
    reason = "loom's own cell is checked by loom, and not `Sync`"
)]
#[test]
fn a_raised_flag_brings_what_was_done_before_it() {
    model(|| {
        // A static for one run of the model: a real one lives too long.
        let flag: &'static AtomicBool =
            Box::leak(Box::new(AtomicBool::new(false)));
        let value = Arc::new(UnsafeCell::new(0));
        let worker = {
            let (waker, value) = (waker(flag), value.clone());
            spawn(move || {
                // SAFETY: loom checks that nobody else is in it.
                value.with_mut(|value| unsafe { *value = 7 });
                waker.wake();
            })
        };
        if flag.swap(false, Acquire) {
            // SAFETY: loom checks that nobody writes to it.
            assert_eq!(value.with(|value| unsafe { *value }), 7);
        }
        worker.join().unwrap();
    });
}

#[test]
fn of_two_wakes_the_second_hides_nothing_that_came_before_the_first() {
    model(|| {
        let flag: &'static AtomicBool =
            Box::leak(Box::new(AtomicBool::new(false)));
        let done = [(); 2].map(|()| Arc::new(AtomicBool::new(false)));
        let workers = done.clone().map(|done| {
            let waker = waker(flag);
            spawn(move || {
                done.store(true, Relaxed);
                waker.wake();
            })
        });
        // One poll of a future that is ready when both are done.
        let ready = flag.swap(false, Acquire)
            && done.iter().all(|done| done.load(Relaxed));
        for worker in workers {
            worker.join().unwrap();
        }
        assert!(ready || flag.load(Relaxed), "another poll follows");
    });
}
