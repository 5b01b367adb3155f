//! A mutex that a task may hold while it waits: ours, Tokio's and that of
//! futures. From `sync_mutex.rs` and `async_send_sync.rs` of Tokio, and from
//! `lock_mutex.rs` of futures.

use std::sync::Arc;
use std::thread;

use listings::wakers::block_on::flag::block_on;

use crate::{polled, turn};

mod ours {
    pub use listings::wakers::mutex::fair::{Guard, Mutex};

    pub fn try_lock<T>(mutex: &Mutex<T>) -> Option<Guard<'_, T>> {
        mutex.try_lock()
    }
}

mod of_tokio {
    pub use tokio::sync::Mutex;
    use tokio::sync::MutexGuard;

    pub fn try_lock<T>(mutex: &Mutex<T>) -> Option<MutexGuard<'_, T>> {
        mutex.try_lock().ok()
    }
}

mod of_futures {
    pub use futures::lock::Mutex;
    use futures::lock::MutexGuard;

    pub fn try_lock<T>(mutex: &Mutex<T>) -> Option<MutexGuard<'_, T>> {
        mutex.try_lock()
    }
}

/// Tokio: `straight_execution`.
#[test]
fn what_a_holder_wrote_the_next_one_reads() {
    scenario!(ours, of_tokio, of_futures, |it| {
        let mutex = it::Mutex::new(100);
        for value in [100, 99, 98] {
            let mut guard = polled(mutex.lock()).ready();
            assert_eq!(*guard, value);
            *guard -= 1;
        }
    });
}

/// Tokio: `readiness`.
#[test]
fn a_waiter_is_woken_when_the_guard_is_dropped() {
    scenario!(ours, of_tokio, of_futures, |it| {
        let mutex = Arc::new(it::Mutex::new(100));
        let other = mutex.clone();
        let mut first = polled(mutex.lock());
        let mut second = polled(other.lock());
        let guard = first.ready();
        second.waits();
        drop(guard);
        assert_eq!(second.wakes(), 1);
        assert_eq!(*second.ready(), 100);
    });
}

/// Tokio: `aborted_future_1`.
#[test]
fn a_holder_that_is_dropped_while_it_waits_gives_the_value_back() {
    scenario!(ours, of_tokio, of_futures, |it| {
        let mutex = it::Mutex::new(0);
        let mut holder = polled(async {
            let _guard = mutex.lock().await;
            std::future::pending::<()>().await;
        });
        holder.waits();
        let mut next = polled(mutex.lock());
        next.waits();
        drop(holder);
        assert_eq!(next.wakes(), 1);
        drop(next.ready());
    });
}

/// Tokio: `aborted_future_2`.
#[test]
fn a_waiter_that_is_dropped_leaves_the_mutex_free() {
    scenario!(ours, of_tokio, of_futures, |it| {
        let mutex = it::Mutex::new(0);
        let guard = polled(mutex.lock()).ready();
        let mut waiter = polled(mutex.lock());
        waiter.waits();
        drop(waiter);
        drop(guard);
        drop(polled(mutex.lock()).ready());
    });
}

/// Tokio: `try_lock`.
#[test]
fn a_try_succeeds_while_nobody_holds_the_mutex() {
    scenario!(ours, of_tokio, of_futures, |it| {
        let mutex = it::Mutex::new(0);
        let first = it::try_lock(&mutex);
        assert!(first.is_some());
        assert!(it::try_lock(&mutex).is_none());
        drop(first);
        assert!(it::try_lock(&mutex).is_some());
    });
}

/// Tokio: `debug_format`.
#[test]
fn a_guard_prints_as_its_value() {
    scenario!(ours, of_tokio, |it| {
        let mutex = it::Mutex::new("debug".to_string());
        let guard = polled(mutex.lock()).ready();
        assert_eq!(format!("{guard:?}"), "\"debug\"");
    });
}

/// Tokio: `mutex_fifo_with_coop_budget`.
#[test]
fn of_two_waiters_the_first_is_woken() {
    scenario!(ours, of_tokio, |it| {
        let mutex = it::Mutex::new(());
        let guard = polled(mutex.lock()).ready();
        let mut first = polled(mutex.lock());
        let mut second = polled(mutex.lock());
        first.waits();
        second.waits();
        drop(guard);
        assert_eq!((first.wakes(), second.wakes()), (1, 0));
        second.waits();
        drop(first.ready());
    });
}

/// Tokio: `mutex_coop_drop_after_take_permit`.
#[test]
fn a_waiter_that_was_served_and_is_dropped_leaves_the_mutex_free() {
    scenario!(ours, of_tokio, of_futures, |it| {
        let mutex = it::Mutex::new(());
        let guard = polled(mutex.lock()).ready();
        let mut waiter = polled(mutex.lock());
        waiter.waits();
        drop(guard);
        assert_eq!(waiter.wakes(), 1);
        drop(waiter);
        assert!(it::try_lock(&mutex).is_some());
    });
}

/// futures: `mutex_acquire_uncontested`.
#[test]
fn a_free_mutex_is_locked_at_the_first_poll_again_and_again() {
    scenario!(ours, of_tokio, of_futures, |it| {
        let mutex = it::Mutex::new(());
        for _ in 0..10 {
            let mut lock = polled(mutex.lock());
            drop(lock.ready());
            assert_eq!((lock.wakes(), lock.kept()), (0, 0));
        }
    });
}

/// futures: `mutex_wakes_waiters`.
#[test]
fn a_waiter_is_woken_once_and_not_by_the_lock() {
    scenario!(ours, of_tokio, of_futures, |it| {
        let mutex = it::Mutex::new(());
        let guard = polled(mutex.lock()).ready();
        let mut waiter = polled(mutex.lock());
        waiter.waits();
        assert_eq!(waiter.wakes(), 0);
        drop(guard);
        assert_eq!(waiter.wakes(), 1);
        drop(waiter.ready());
    });
}

/// futures: `mutex_contested`.
#[test]
fn no_addition_of_many_threads_is_lost() {
    scenario!(ours, of_tokio, of_futures, |it| {
        let mutex = Arc::new(it::Mutex::new(0));
        let threads = [(); 4].map(|()| {
            let mutex = mutex.clone();
            thread::spawn(move || {
                block_on(async {
                    for _ in 0..100 {
                        let mut guard = mutex.lock().await;
                        let before = *guard;
                        turn().await;
                        *guard = before + 1;
                    }
                });
            })
        });
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        assert_eq!(*block_on(mutex.lock()), 400);
    });
}

/// Tokio: `async_send_sync.rs`. futures: `auto_traits.rs`.
#[test]
fn every_thread_may_share_the_mutex_and_hold_the_guard() {
    fn is_free<T: Send + Sync>(_it: &T) {}
    fn may_move<T: Send>(_it: &T) {}

    scenario!(ours, of_tokio, of_futures, |it| {
        // A cell may be sent and not shared.
        let mutex = it::Mutex::new(std::cell::Cell::new(0));
        is_free(&mutex);
        may_move(&mutex.lock());
        may_move(&polled(mutex.lock()).ready());
    });
}
