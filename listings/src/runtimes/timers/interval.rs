//! Ticks at regular times, and what to do when some were missed.

use std::time::{Duration, Instant};

use super::clock::after;
use super::sleep::{Sleep, Timers};

// ANCHOR: missed
/// What an interval does when a tick comes late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissedTick {
    /// All missed ticks come at once, until it has caught up.
    Burst,
    /// The next tick comes a period after the late one.
    Delay,
    /// The missed ticks are left out, and the times stay the same.
    Skip,
}

/// Later than this is late. A timer is always late by a little.
const LATE: Duration = Duration::from_millis(5);

impl MissedTick {
    /// The tick after the one that was due at `due` and comes `now`.
    pub fn next(self, due: Instant, now: Instant, period: Duration) -> Instant {
        let late = now.saturating_duration_since(due);
        match self {
            _ if late <= LATE => after(due, period),
            MissedTick::Burst => after(due, period),
            MissedTick::Delay => after(now, period),
            MissedTick::Skip => {
                let past = late.as_nanos() % period.as_nanos();
                let past = u64::try_from(past).expect("a tick in 500 years");
                after(now, period - Duration::from_nanos(past))
            }
        }
    }
}
// ANCHOR_END: missed

// ANCHOR: interval
/// Gives a tick every period; see [`Timers::interval`].
#[derive(Debug)]
pub struct Interval {
    sleep: Sleep,
    period: Duration,
    missed: MissedTick,
}

impl Interval {
    /// Waits for the next tick, and returns when it was due.
    ///
    /// Cancel safety: dropped, it has taken no tick.
    pub async fn tick(&mut self) -> Instant {
        (&mut self.sleep).await;
        let (due, now) = (self.sleep.deadline(), self.sleep.timers().now());
        self.sleep.reset(self.missed.next(due, now, self.period));
        due
    }
}
// ANCHOR_END: interval

// ANCHOR: start
impl Timers {
    /// Ticks now, and then every `period`.
    ///
    /// # Panics
    /// When `period` is zero.
    pub fn interval(&self, period: Duration, missed: MissedTick) -> Interval {
        self.interval_at(self.now(), period, missed)
    }

    /// Ticks at `start`, and then every `period`.
    ///
    /// # Panics
    /// When `period` is zero.
    pub fn interval_at(
        &self,
        start: Instant,
        period: Duration,
        missed: MissedTick,
    ) -> Interval {
        assert!(!period.is_zero(), "an interval needs a period");
        Interval { sleep: self.sleep_until(start), period, missed }
    }
}
// ANCHOR_END: start

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Waker};

    use super::super::runtime::Runtime;
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// When the ticks come, in milliseconds, when the work after the second
    /// takes 3.5 seconds.
    fn ticks(missed: MissedTick) -> Vec<u128> {
        let runtime = Runtime::with_virtual_clock().unwrap();
        let timers = runtime.timers();
        let start = timers.now();
        let mut interval = timers.interval(SECOND, missed);
        let mut times = Vec::new();
        runtime.block_on(async {
            for number in 1..=7 {
                interval.tick().await;
                times.push((timers.now() - start).as_millis());
                if number == 2 {
                    timers.sleep(SECOND * 7 / 2).await;
                }
            }
        });
        times
    }

    #[test]
    fn the_first_tick_comes_at_once_and_burst_catches_up() {
        let burst = [0, 1000, 4500, 4500, 4500, 5000, 6000];
        assert_eq!(ticks(MissedTick::Burst), burst);
    }

    #[test]
    fn delay_moves_all_later_ticks() {
        let delay = [0, 1000, 4500, 5500, 6500, 7500, 8500];
        assert_eq!(ticks(MissedTick::Delay), delay);
    }

    #[test]
    fn skip_leaves_out_and_keeps_the_times() {
        let skip = [0, 1000, 4500, 5000, 6000, 7000, 8000];
        assert_eq!(ticks(MissedTick::Skip), skip);
    }

    #[test]
    fn a_little_late_is_not_missed() {
        let due = Instant::now();
        let now = due + Duration::from_millis(5);
        for missed in [MissedTick::Burst, MissedTick::Delay, MissedTick::Skip] {
            assert_eq!(missed.next(due, now, SECOND), due + SECOND);
        }
    }

    #[test]
    fn a_tick_that_is_dropped_is_not_lost() {
        let runtime = Runtime::with_virtual_clock().unwrap();
        let timers = runtime.timers();
        let start = timers.now();
        let mut interval = timers.interval(SECOND, MissedTick::Burst);
        runtime.block_on(interval.tick());
        {
            let mut tick = pin!(interval.tick());
            let mut cx = Context::from_waker(Waker::noop());
            assert!(tick.as_mut().poll(&mut cx).is_pending());
        }
        assert_eq!(runtime.block_on(interval.tick()), start + SECOND);
    }

    #[test]
    fn the_longest_period_is_one_tick_and_no_panic() {
        for missed in [MissedTick::Burst, MissedTick::Delay, MissedTick::Skip] {
            for late in [Duration::ZERO, SECOND] {
                let runtime = Runtime::with_virtual_clock().unwrap();
                let timers = runtime.timers();
                let mut interval = timers.interval(Duration::MAX, missed);
                runtime.block_on(async {
                    timers.sleep(late).await;
                    interval.tick().await;
                });
                let next = interval.sleep.deadline() - timers.now();
                assert!(next > SECOND * 1_000_000, "{next:?}");
            }
        }
    }

    #[test]
    #[should_panic(expected = "an interval needs a period")]
    fn a_period_of_zero_is_refused() {
        let runtime = Runtime::with_virtual_clock().unwrap();
        runtime.timers().interval(Duration::ZERO, MissedTick::Skip);
    }
}
