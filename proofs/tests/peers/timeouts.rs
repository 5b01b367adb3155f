//! A future that is given up after a time: ours and Tokio's. From
//! `time_timeout.rs` of Tokio. Its `timeout_at` is a `timeout` here.

use std::future::pending;
use std::time::Duration;

use futures::channel::oneshot;

use crate::clocks::{ms, of_tokio, ours, years};
use crate::polled;

/// Tokio: `simultaneous_deadline_future_completion`.
#[test]
fn what_is_ready_at_the_deadline_counts() {
    scenario!(ours, of_tokio, |it| {
        it::run(async |time| {
            let mut future = polled(time.timeout(ms(0), async { 42 }));
            assert!(matches!(future.ready(), Ok(42)));
        });
    });
}

/// Tokio: `completed_future_past_deadline`.
#[test]
fn what_is_ready_at_the_first_poll_counts_however_late() {
    scenario!(ours, of_tokio, |it| {
        it::run(async |time| {
            let mut future = polled(time.timeout(ms(1), async { 42 }));
            time.advance(ms(1000)).await;
            assert!(matches!(future.ready(), Ok(42)));
        });
    });
}

/// Tokio: `future_and_deadline_in_future`, `future_and_timeout_in_future`.
#[test]
fn a_value_before_the_deadline_wakes_and_is_given() {
    scenario!(ours, of_tokio, |it| {
        it::run(async |time| {
            let (sender, receiver) = oneshot::channel();
            let mut future = polled(time.timeout(ms(100), receiver));
            future.waits();
            time.advance(ms(90)).await;
            future.waits();
            assert_eq!(future.wakes(), 0);
            sender.send(1).unwrap();
            assert_eq!(future.wakes(), 1);
            assert!(matches!(future.ready(), Ok(Ok(1))));
        });
    });
}

/// Tokio: `very_large_timeout`.
#[test]
fn the_longest_timeout_is_not_over_after_ten_years() {
    scenario!(ours, of_tokio, |it| {
        it::run(async |time| {
            let (sender, receiver) = oneshot::channel();
            let mut future = polled(time.timeout(Duration::MAX, receiver));
            future.waits();
            time.advance(years(10)).await;
            future.waits();
            sender.send(1).unwrap();
            assert!(matches!(future.ready(), Ok(Ok(1))));
        });
    });
}

/// Tokio: `deadline_now_elapses`.
#[test]
fn a_timeout_of_no_time_is_over_at_the_first_poll() {
    scenario!(ours, of_tokio, |it| {
        it::run(async |time| {
            let mut future = polled(time.timeout(ms(0), pending::<()>()));
            time.advance(ms(1)).await;
            assert!(future.ready().is_err());
        });
    });
}

/// Tokio: `deadline_future_elapses`.
#[test]
fn the_deadline_wakes_once_and_is_an_error() {
    scenario!(ours, of_tokio, |it| {
        it::run(async |time| {
            let mut future = polled(time.timeout(ms(300), pending::<()>()));
            future.waits();
            time.advance(ms(301)).await;
            assert_eq!(future.wakes(), 1);
            assert!(future.ready().is_err());
        });
    });
}
