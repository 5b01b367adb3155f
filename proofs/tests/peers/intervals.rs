//! Ticks at regular times: ours and Tokio's. From `time_interval.rs` of Tokio.

use std::time::Duration;

use crate::clocks::{Missed, ms, of_tokio, ours};
use crate::{does_panic, polled};

/// Moves the clock by each number of milliseconds, and asks after that for
/// ticks until one has to wait. The ticks are named by their times.
macro_rules! ticks {
    ($time:ident, $interval:ident, $($advance:expr => $expected:expr),+ $(,)?) => {$(
        $time.advance(ms($advance)).await;
        let expected: &[u64] = &$expected;
        for expected in expected {
            let tick = polled($interval.tick()).ready();
            assert_eq!(tick, ms(*expected));
        }
        polled($interval.tick()).waits();
    )+};
}

/// Tokio: `interval_zero_duration`.
#[test]
fn an_interval_without_a_period_is_refused() {
    scenario!(ours, of_tokio, |it| {
        it::run(async |time| {
            assert!(does_panic(|| {
                time.interval_at(ms(0), ms(0), Missed::Burst)
            }));
        });
    });
}

/// Tokio: `burst`.
#[test]
fn a_burst_gives_all_missed_ticks_at_once() {
    scenario!(ours, of_tokio, |it| {
        it::run(async |time| {
            time.advance(ms(1)).await;
            let mut interval = time.interval_at(ms(0), ms(300), Missed::Burst);
            ticks!(time, interval,
                0 => [0],
                100 => [],
                200 => [300],
                650 => [600, 900],
                200 => [],
                100 => [1200],
                250 => [1500],
                300 => [1800],
            );
        });
    });
}

/// Tokio: `delay`.
#[test]
fn a_delay_counts_the_period_from_the_late_tick() {
    scenario!(ours, of_tokio, |it| {
        it::run(async |time| {
            time.advance(ms(1)).await;
            let mut interval = time.interval_at(ms(0), ms(300), Missed::Delay);
            ticks!(time, interval,
                0 => [0],
                100 => [],
                200 => [300],
                650 => [600],
                100 => [],
                201 => [1251],
                300 => [1551],
                300 => [1851],
            );
        });
    });
}

/// Tokio: `skip`.
#[test]
fn a_skip_leaves_the_missed_ticks_out_and_keeps_the_times() {
    scenario!(ours, of_tokio, |it| {
        it::run(async |time| {
            time.advance(ms(1)).await;
            let mut interval = time.interval_at(ms(0), ms(300), Missed::Skip);
            ticks!(time, interval,
                0 => [0],
                100 => [],
                200 => [300],
                650 => [600],
                250 => [1200],
                300 => [1500],
                300 => [1800],
            );
        });
    });
}

/// Tokio: `interval_doesnt_panic_max_duration_when_polling`.
#[test]
fn the_longest_period_is_no_panic() {
    scenario!(ours, of_tokio, |it| {
        it::run(async |time| {
            let mut interval =
                time.interval_at(ms(0), Duration::MAX, Missed::Burst);
            assert_eq!(polled(interval.tick()).ready(), ms(0));
            polled(interval.tick()).waits();
        });
    });
}
