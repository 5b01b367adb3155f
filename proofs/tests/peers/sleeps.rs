//! A sleep on a clock that a test moves: ours and Tokio's. From `time_sleep.rs`
//! and `async_send_sync.rs` of Tokio.

use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use futures::future::{Either, select};
use listings::proof::hostile::Guest;
use listings::wakers::contract::count::Counter;

use crate::clocks::{ms, of_tokio, ours, took, years};
use crate::{poll, polled};

/// Tokio: `immediate_sleep`.
#[test]
fn a_sleep_until_now_takes_no_time() {
    scenario!(ours, of_tokio, |it| {
        it::run(async |time| {
            let before = time.now();
            time.sleep_until(before).await;
            assert!(took(time.now() - before, ms(0)));
        });
    });
}

/// Tokio: `is_elapsed`.
#[test]
fn a_sleep_is_pending_until_its_time_and_ready_then() {
    scenario!(ours, of_tokio, |it| {
        it::run(async |time| {
            let mut sleep = polled(time.sleep(ms(10)));
            sleep.waits();
            time.advance(ms(9)).await;
            sleep.waits();
            assert_eq!(sleep.wakes(), 0);
            time.advance(ms(2)).await;
            assert_eq!(sleep.wakes(), 1);
            sleep.ready();
        });
    });
}

/// Tokio: `delayed_sleep_level_0`.
#[test]
fn a_sleep_takes_as_long_as_it_was_asked_for() {
    scenario!(ours, of_tokio, |it| {
        it::run(async |time| {
            for duration in [1, 10, 60].map(ms) {
                let before = time.now();
                time.sleep_until(before + duration).await;
                assert!(took(time.now() - before, duration));
            }
        });
    });
}

/// Tokio: `sub_ms_delayed_sleep`.
#[test]
fn a_sleep_of_a_nanosecond_more_is_not_shorter() {
    scenario!(ours, of_tokio, |it| {
        it::run(async |time| {
            for _ in 0..5 {
                let before = time.now();
                let deadline = before + ms(1) + Duration::from_nanos(1);
                time.sleep_until(deadline).await;
                assert!(time.now() >= deadline);
                assert!(took(time.now() - before, ms(1)));
            }
        });
    });
}

/// Tokio: `delayed_sleep_wrapping_level_0`.
#[test]
fn a_sleep_after_a_sleep_takes_its_whole_time() {
    scenario!(ours, of_tokio, |it| {
        it::run(async |time| {
            time.sleep(ms(5)).await;
            let before = time.now();
            time.sleep_until(before + ms(60)).await;
            assert!(took(time.now() - before, ms(60)));
        });
    });
}

/// Tokio: `reset_future_sleep_before_fire`.
#[test]
fn a_sleep_can_be_made_longer_while_it_waits() {
    scenario!(ours, of_tokio, |it| {
        it::run(async |time| {
            let mut sleep = time.sleep_until(ms(100));
            assert!(poll(&mut sleep, Waker::noop()).is_pending());
            sleep.reset(ms(200));
            sleep.await;
            assert!(took(time.now(), ms(200)));
        });
    });
}

/// Tokio: `reset_past_sleep_before_turn`.
#[test]
fn a_sleep_can_be_made_shorter_before_any_time_has_passed() {
    scenario!(ours, of_tokio, |it| {
        it::run(async |time| {
            let mut sleep = time.sleep_until(ms(100));
            assert!(poll(&mut sleep, Waker::noop()).is_pending());
            sleep.reset(ms(80));
            sleep.await;
            assert!(took(time.now(), ms(80)));
        });
    });
}

/// Tokio: `reset_past_sleep_before_fire`.
#[test]
fn a_sleep_can_be_made_shorter_while_time_passes() {
    scenario!(ours, of_tokio, |it| {
        it::run(async |time| {
            let mut sleep = time.sleep_until(ms(100));
            assert!(poll(&mut sleep, Waker::noop()).is_pending());
            time.sleep(ms(10)).await;
            sleep.reset(ms(80));
            sleep.await;
            assert!(took(time.now(), ms(80)));
        });
    });
}

/// Tokio: `reset_future_sleep_after_fire`.
#[test]
fn a_sleep_that_is_over_can_be_used_again() {
    scenario!(ours, of_tokio, |it| {
        it::run(async |time| {
            let mut sleep = time.sleep_until(ms(100));
            (&mut sleep).await;
            assert!(took(time.now(), ms(100)));
            sleep.reset(ms(110));
            sleep.await;
            assert!(took(time.now(), ms(110)));
        });
    });
}

/// Tokio: `reset_sleep_to_past`.
#[test]
fn a_sleep_that_is_set_to_the_past_is_ready() {
    scenario!(ours, of_tokio, |it| {
        it::run(async |time| {
            let (counter, waker) = Counter::new();
            let mut sleep = time.sleep_until(ms(100));
            assert!(poll(&mut sleep, &waker).is_pending());
            time.sleep(ms(50)).await;
            assert_eq!(counter.wakes(), 0);
            sleep.reset(ms(40));
            assert!(poll(&mut sleep, &waker).is_ready());
        });
    });
}

/// Tokio: `reset_after_firing`.
#[test]
fn a_sleep_that_is_over_stays_so_until_it_is_reset() {
    scenario!(ours, of_tokio, |it| {
        it::run(async |time| {
            let mut sleep = time.sleep(ms(1));
            let deadline = sleep.deadline();
            (&mut sleep).await;
            assert!(poll(&mut sleep, Waker::noop()).is_ready());
            sleep.reset(time.now() + Duration::from_secs(600));
            assert_ne!(sleep.deadline(), deadline);
            assert!(poll(&mut sleep, Waker::noop()).is_pending());
            assert!(poll(&mut sleep, Waker::noop()).is_pending());
        });
    });
}

/// Tokio: `greater_than_max`, `long_sleeps`.
#[test]
fn a_sleep_of_years_takes_these_years() {
    scenario!(ours, of_tokio, |it| {
        it::run(async |time| {
            for deadline in [5, 15].map(years) {
                time.sleep_until(deadline).await;
                assert!(took(time.now(), deadline));
            }
        });
    });
}

/// Tokio: `multi_long_sleeps`.
#[test]
fn many_long_sleeps_follow_each_other() {
    scenario!(ours, of_tokio, |it| {
        it::run(async |time| {
            for _ in 0..5 {
                time.sleep(years(1)).await;
            }
            let deadline = time.now() + years(10);
            time.sleep_until(deadline).await;
            assert!(time.now() >= deadline && deadline >= years(15));
        });
    });
}

/// Tokio: `short_sleeps`.
#[test]
fn a_thousand_sleeps_of_no_time_end() {
    scenario!(ours, of_tokio, |it| {
        it::run(async |time| {
            for _ in 0..1000 {
                time.sleep(ms(0)).await;
            }
        });
    });
}

/// Tokio: `exactly_max`, `no_out_of_bounds_close_to_max`.
#[test]
fn the_longest_sleeps_are_no_panic_and_last_for_decades() {
    scenario!(ours, of_tokio, |it| {
        for duration in [Duration::MAX, Duration::MAX - ms(1)] {
            it::run(async |time| {
                time.sleep(duration).await;
                assert!(time.now() > years(29));
            });
        }
    });
}

/// Tokio: `issue_5183`.
#[test]
fn a_very_long_sleep_keeps_no_short_one_waiting() {
    scenario!(ours, of_tokio, |it| {
        it::run(async |time| {
            let long = time.sleep(Duration::from_secs(u64::MAX / 10));
            let short = time.sleep(Duration::from_nanos(1));
            let first = select(long, short).await;
            assert!(matches!(first, Either::Right(_)));
        });
    });
}

/// Tokio: `long_wait_sleep_does_not_break_other_timers`.
#[test]
fn a_sleep_of_decades_does_not_disturb_those_after_it() {
    scenario!(ours, of_tokio, |it| {
        it::run(async |time| {
            let mut long = polled(time.sleep(ms(10 << 36)));
            long.waits();
            time.advance(ms((1 << 30) - 1)).await;
            let before = time.now();
            time.sleep(ms(10)).await;
            assert!(took(time.now() - before, ms(10)));
            long.waits();
        });
    });
}

/// Tokio: `long_wait_sleep_does_not_corrupt_wheel`.
#[test]
fn sleeps_that_are_over_can_be_dropped_much_later() {
    scenario!(ours, of_tokio, |it| {
        it::run(async |time| {
            let mut long = polled(time.sleep(ms(10 << 36)));
            long.waits();
            time.advance(ms((1 << 30) - 1)).await;
            let mut first = polled(time.sleep(ms(10)));
            let mut second = polled(time.sleep(ms(20)));
            first.waits();
            second.waits();
            time.advance(ms(30)).await;
            assert_eq!((first.wakes(), second.wakes()), (1, 1));
            drop(first);
            time.advance(ms(1 << 31)).await;
            drop(second);
            assert_eq!(long.wakes(), 0);
        });
    });
}

/// Tokio: `drop_after_reschedule_at_new_scheduled_time`.
#[test]
fn a_sleep_that_was_put_off_can_be_dropped_before_its_time() {
    scenario!(ours, of_tokio, |it| {
        it::run(async |time| {
            let [mut first, mut second, mut third] =
                [5, 5, 10].map(|count| time.sleep(ms(count)));
            let (counter, waker) = Counter::new();
            for sleep in [&mut first, &mut second, &mut third] {
                assert!(poll(sleep, &waker).is_pending());
            }
            second.reset(ms(10));
            first.await;
            drop(second);
            third.await;
            assert!(took(time.now(), ms(10)));
            // The first two moved on to the waker of this task.
            assert_eq!((counter.wakes(), counter.wakers()), (0, 1));
        });
    });
}

/// Tokio: `drop_from_wake`.
#[test]
fn a_waker_may_drop_the_sleeps_that_are_due_with_it() {
    scenario!(ours, of_tokio, |it| {
        type Sleeps = Arc<Mutex<Vec<it::Sleep>>>;

        struct Drops(Sleeps);

        impl Wake for Drops {
            fn wake(self: Arc<Self>) {
                let sleeps = std::mem::take(&mut *self.0.lock().unwrap());
                drop(sleeps);
            }
        }

        it::run(async |time| {
            let sleeps = Sleeps::default();
            let waker = Waker::from(Arc::new(Drops(sleeps.clone())));
            let mut waiting = Vec::new();
            for _ in 0..100 {
                let mut sleep = time.sleep(ms(10));
                assert!(poll(&mut sleep, &waker).is_pending());
                waiting.push(sleep);
            }
            *sleeps.lock().unwrap() = waiting;
            time.sleep(ms(11)).await;
            assert!(sleeps.lock().unwrap().is_empty());
        });
    });
}

/// Tokio: `drop_from_waker_drop`.
#[test]
fn a_sleep_may_drop_a_waker_that_owns_another_sleep() {
    scenario!(ours, of_tokio, |it| {
        it::run(async |time| {
            let mut second = time.sleep(Duration::from_secs(3600));
            assert!(poll(&mut second, Waker::noop()).is_pending());
            let guest = Guest::new();
            let waker = guest.waker_holding(second);
            let mut first = time.sleep(Duration::from_secs(3600));
            assert!(poll(&mut first, &waker).is_pending());
            drop(waker);
            drop(first);
            assert_eq!(guest.handles(), 0);
        });
    });
}

/// Tokio: `async_send_sync.rs`.
#[test]
fn a_sleep_may_go_to_another_thread() {
    fn is_free<T: Send + Sync>(_it: &T) {}

    scenario!(ours, of_tokio, |it| {
        it::run(async |time| {
            let sleep = time.sleep(ms(0));
            is_free(&sleep);
            let mut sleep = pin!(sleep);
            let mut cx = Context::from_waker(Waker::noop());
            let _: Poll<()> = sleep.as_mut().poll(&mut cx);
        });
    });
}
