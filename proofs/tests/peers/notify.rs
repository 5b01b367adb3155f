//! A notice without a value: ours and Tokio's. From `sync_notify.rs` and
//! `async_send_sync.rs` of Tokio.

use std::sync::Arc;
use std::task::{Context, Wake, Waker};

use crate::polled;

mod ours {
    pub use listings::wakers::notify::line::*;
}

mod of_tokio {
    pub use tokio::sync::Notify;
}

/// Tokio: `notify_notified_one`.
#[test]
fn a_notice_before_the_first_poll_is_kept() {
    scenario!(ours, of_tokio, |it| {
        let notify = it::Notify::default();
        let mut future = polled(async { notify.notified().await });
        notify.notify_one();
        future.ready();
    });
}

/// Tokio: `notify_multi_notified_one`.
#[test]
fn one_notice_is_for_the_future_that_came_first() {
    scenario!(ours, of_tokio, |it| {
        let notify = it::Notify::default();
        let (mut first, mut second) =
            (polled(notify.notified()), polled(notify.notified()));
        first.waits();
        second.waits();
        notify.notify_one();
        first.ready();
        second.waits();
    });
}

/// Tokio: `notified_one_notify`.
#[test]
fn a_future_that_waits_is_woken_once() {
    scenario!(ours, of_tokio, |it| {
        let notify = it::Notify::default();
        let mut future = polled(notify.notified());
        future.waits();
        assert_eq!(future.wakes(), 0);
        notify.notify_one();
        assert_eq!(future.wakes(), 1);
        future.ready();
    });
}

/// Tokio: `notified_multi_notify`.
#[test]
fn one_notice_wakes_one_of_two() {
    scenario!(ours, of_tokio, |it| {
        let notify = it::Notify::default();
        let (mut first, mut second) =
            (polled(notify.notified()), polled(notify.notified()));
        first.waits();
        second.waits();
        notify.notify_one();
        assert_eq!((first.wakes(), second.wakes()), (1, 0));
        first.ready();
        second.waits();
    });
}

/// Tokio: `notify_notified_multi`.
#[test]
fn a_kept_notice_serves_one_and_the_next_is_for_the_other() {
    scenario!(ours, of_tokio, |it| {
        let notify = it::Notify::default();
        notify.notify_one();
        let (mut first, mut second) =
            (polled(notify.notified()), polled(notify.notified()));
        first.ready();
        second.waits();
        notify.notify_one();
        assert_eq!(second.wakes(), 1);
        second.ready();
    });
}

/// Tokio: `notified_drop_notified_notify`.
#[test]
fn a_future_that_left_the_line_gets_no_notice() {
    scenario!(ours, of_tokio, |it| {
        let notify = it::Notify::default();
        let (mut first, mut second) =
            (polled(notify.notified()), polled(notify.notified()));
        first.waits();
        drop(first);
        second.waits();
        notify.notify_one();
        assert_eq!(second.wakes(), 1);
        second.ready();
    });
}

/// Tokio: `notified_multi_notify_drop_one`.
#[test]
fn a_future_that_was_told_and_is_dropped_tells_the_next() {
    scenario!(ours, of_tokio, |it| {
        let notify = it::Notify::default();
        let (mut first, mut second) =
            (polled(notify.notified()), polled(notify.notified()));
        first.waits();
        second.waits();
        notify.notify_one();
        assert_eq!((first.wakes(), second.wakes()), (1, 0));
        drop(first);
        assert_eq!(second.wakes(), 1);
        second.ready();
    });
}

/// Tokio: `notified_multi_notify_one_drop`.
#[test]
fn the_notice_of_a_dropped_future_goes_to_one_of_two() {
    scenario!(ours, of_tokio, |it| {
        let notify = it::Notify::default();
        let [mut first, mut second, mut third] =
            [(); 3].map(|()| polled(notify.notified()));
        first.waits();
        second.waits();
        third.waits();
        notify.notify_one();
        drop(first);
        second.ready();
        third.waits();
    });
}

/// Tokio: `notify_in_drop_after_wake`.
#[test]
fn a_waker_whose_end_tells_everyone_finds_no_lock() {
    scenario!(ours, of_tokio, |it| {
        struct Tells(Arc<it::Notify>);

        impl Wake for Tells {
            fn wake(self: Arc<Self>) {}
        }

        impl Drop for Tells {
            fn drop(&mut self) {
                self.0.notify_waiters();
            }
        }

        let notify = Arc::new(it::Notify::default());
        let mut future = Box::pin(notify.notified());
        let waker = Waker::from(Arc::new(Tells(notify.clone())));
        let mut cx = Context::from_waker(&waker);
        assert!(future.as_mut().poll(&mut cx).is_pending());
        drop(waker);
        notify.notify_waiters();
    });
}

/// Tokio: `notify_one_after_dropped_all`.
#[test]
fn a_future_told_with_all_others_takes_no_notice_along() {
    scenario!(ours, of_tokio, |it| {
        let notify = it::Notify::default();
        let mut first = polled(notify.notified());
        first.waits();
        notify.notify_waiters();
        notify.notify_one();
        drop(first);
        polled(notify.notified()).ready();
    });
}

/// Tokio: `test_notify_one_not_enabled`.
#[test]
fn a_future_that_is_not_in_the_line_finds_the_kept_notice() {
    scenario!(ours, of_tokio, |it| {
        let notify = it::Notify::default();
        let mut future = polled(notify.notified());
        notify.notify_one();
        future.ready();
        // The notice is used up.
        polled(notify.notified()).waits();
    });
}

/// Tokio: `test_waker_update`.
#[test]
fn the_waker_of_the_newest_poll_is_woken() {
    scenario!(ours, of_tokio, |it| {
        let notify = it::Notify::default();
        let mut future = polled(notify.notified());
        let mut other = Context::from_waker(Waker::noop());
        assert!(future.future.as_mut().poll(&mut other).is_pending());
        future.waits();
        notify.notify_one();
        assert_eq!(future.wakes(), 1);
    });
}

/// Tokio: `unpolled_future_completed_by_notify_waiters_preserves_notify_one_permit`.
#[test]
fn a_future_made_before_a_notice_to_all_leaves_the_kept_one() {
    scenario!(ours, of_tokio, |it| {
        let notify = it::Notify::default();
        let mut first = polled(notify.notified());
        notify.notify_waiters();
        notify.notify_one();
        first.ready();
        polled(notify.notified()).ready();
    });
}

/// Tokio: `async_send_sync.rs`.
#[test]
fn every_thread_may_tell_and_wait() {
    fn is_free<T: Send + Sync>(_it: &T) {}

    scenario!(ours, of_tokio, |it| {
        let notify = it::Notify::default();
        is_free(&notify);
        is_free(&notify.notified());
    });
}
