//! Wakers, places for them, and what sleeps until they are called: our
//! `AtomicWaker`, `Bell` and `block_on`, and those of futures and Tokio. From
//! `task_atomic_waker.rs` and `task_arc_wake.rs` of futures, `local_pool.rs` of
//! futures-executor, and `task_yield_now.rs` of Tokio.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::task::Poll;
use std::thread;

use crate::polled;

mod ours {
    pub use listings::runtimes::executor::yield_now::yield_now;
    pub use listings::wakers::block_on::flag::block_on;
    pub use listings::wakers::lost_wakeups::atomic_waker::AtomicWaker;
    pub use listings::wakers::raw_waker::by_hand::Bell;
}

mod of_futures {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
    use std::task::Waker;

    pub use futures::executor::block_on;
    use futures::task::ArcWake;
    pub use futures::task::AtomicWaker;

    #[derive(Default)]
    pub struct Bell(AtomicU32);

    impl Bell {
        pub fn rings(&self) -> u32 {
            self.0.load(Relaxed)
        }

        pub fn waker(self: Arc<Bell>) -> Waker {
            futures::task::waker(self)
        }
    }

    impl ArcWake for Bell {
        fn wake_by_ref(bell: &Arc<Bell>) {
            bell.0.fetch_add(1, Relaxed);
        }
    }
}

mod of_tokio {
    pub use tokio::task::yield_now;

    pub fn block_on<F: Future>(future: F) -> F::Output {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        builder.build().unwrap().block_on(future)
    }
}

/// futures: `basic` of `task_atomic_waker.rs`.
#[test]
fn a_waker_that_is_kept_ends_the_sleep_of_another_thread() {
    scenario!(ours, of_futures, |it| {
        let place = Arc::new(it::AtomicWaker::default());
        let [waits, is_set] = [(); 2].map(|()| Arc::new(AtomicBool::default()));
        let (kept, waiting, set) =
            (place.clone(), waits.clone(), is_set.clone());
        let thread = thread::spawn(move || {
            let mut polls = 0;
            it::block_on(poll_fn(|cx| {
                if set.load(SeqCst) {
                    return Poll::Ready(polls);
                }
                polls += 1;
                kept.register(cx.waker());
                waiting.store(true, SeqCst);
                Poll::Pending
            }))
        });
        while !waits.load(SeqCst) {
            thread::yield_now();
        }
        is_set.store(true, SeqCst);
        place.wake();
        assert_eq!(thread.join().unwrap(), 1);
    });
}

/// futures: `create_from_arc`.
#[test]
fn a_waker_over_an_arc_counts_wakes_and_handles() {
    scenario!(ours, of_futures, |it| {
        let bell = Arc::new(it::Bell::default());
        let first = bell.clone().waker();
        assert_eq!(Arc::strong_count(&bell), 2);
        first.wake_by_ref();
        assert_eq!(bell.rings(), 1);
        let second = first.clone();
        assert_eq!(Arc::strong_count(&bell), 3);
        second.wake_by_ref();
        assert_eq!(bell.rings(), 2);
        drop(second);
        assert_eq!(Arc::strong_count(&bell), 2);
        drop(first);
        assert_eq!(Arc::strong_count(&bell), 1);
    });
}

/// futures: `ref_wake_same`.
#[test]
fn two_wakers_of_one_arc_wake_the_same() {
    scenario!(ours, of_futures, |it| {
        let bell = Arc::new(it::Bell::default());
        let [first, second] = [(); 2].map(|()| bell.clone().waker());
        assert!(first.will_wake(&second));
        assert!(second.will_wake(&first.clone()));
        let other = Arc::new(it::Bell::default()).waker();
        assert!(!first.will_wake(&other));
    });
}

/// futures: `park_unpark_independence`.
#[test]
fn code_in_a_poll_may_park_the_thread() {
    scenario!(ours, of_futures, of_tokio, |it| {
        let mut is_done = false;
        it::block_on(poll_fn(|cx| {
            if is_done {
                return Poll::Ready(());
            }
            is_done = true;
            cx.waker().wake_by_ref();
            let (parked, is_set) =
                (thread::current(), Arc::new(AtomicBool::new(false)));
            let sets = is_set.clone();
            let thread = thread::spawn(move || {
                sets.store(true, SeqCst);
                parked.unpark();
            });
            while !is_set.load(SeqCst) {
                thread::park();
            }
            thread.join().unwrap();
            Poll::Pending
        }));
    });
}

/// Tokio: `yield_now_outside_of_runtime`.
#[test]
fn a_yield_is_pending_once_and_wakes_once() {
    scenario!(ours, of_tokio, |it| {
        let mut turn = polled(it::yield_now());
        turn.waits();
        assert_eq!(turn.wakes(), 1);
        turn.ready();
    });
}
