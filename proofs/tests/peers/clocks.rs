//! Time that a scenario moves: that of our timers and that of Tokio, under the
//! same names. A moment is written as the time since the scenario began.

use std::time::Duration;

pub fn ms(count: u64) -> Duration {
    Duration::from_millis(count)
}

pub fn years(count: u64) -> Duration {
    Duration::from_secs(count * 365 * 24 * 60 * 60)
}

/// Whether it took that long, or up to a millisecond longer: a clock may have
/// no finer hand.
pub fn took(time: Duration, expected: Duration) -> bool {
    (expected..=expected + ms(1)).contains(&time)
}

/// Which ticks an interval gives after some were missed.
#[derive(Debug, Clone, Copy)]
pub enum Missed {
    Burst,
    Delay,
    Skip,
}

pub mod ours {
    use std::pin::Pin;
    use std::task::{Context, Poll};
    use std::time::{Duration, Instant};

    use listings::runtimes::timers::{self, MissedTick, Runtime, Timers};

    use super::Missed;

    #[derive(Clone)]
    pub struct Time {
        timers: Timers,
        start: Instant,
    }

    /// Runs a program. The clock stands still while there is something to do.
    pub fn run<F: Future<Output = ()>>(program: impl FnOnce(Time) -> F) {
        let runtime = Runtime::with_virtual_clock().unwrap();
        let timers = runtime.timers().clone();
        let start = timers.now();
        runtime.block_on(program(Time { timers, start }));
    }

    impl Time {
        pub fn now(&self) -> Duration {
            self.timers.now() - self.start
        }

        pub fn sleep(&self, duration: Duration) -> Sleep {
            Sleep(self.timers.sleep(duration), self.start)
        }

        pub fn sleep_until(&self, moment: Duration) -> Sleep {
            Sleep(self.timers.sleep_until(self.start + moment), self.start)
        }

        pub async fn advance(&self, duration: Duration) {
            self.timers.clock().jump(self.timers.now() + duration);
            self.timers.fire();
        }

        pub fn timeout<F: Future>(
            &self,
            duration: Duration,
            future: F,
        ) -> impl Future<Output = Result<F::Output, timers::Elapsed>> {
            timers::timeout(&self.timers, duration, future)
        }

        pub fn interval_at(
            &self,
            moment: Duration,
            period: Duration,
            missed: Missed,
        ) -> Interval {
            let missed = match missed {
                Missed::Burst => MissedTick::Burst,
                Missed::Delay => MissedTick::Delay,
                Missed::Skip => MissedTick::Skip,
            };
            let first = self.start + moment;
            let interval = self.timers.interval_at(first, period, missed);
            Interval(interval, self.start)
        }
    }

    pub struct Sleep(timers::Sleep, Instant);

    impl Sleep {
        pub fn reset(&mut self, moment: Duration) {
            self.0.reset(self.1 + moment);
        }

        pub fn deadline(&self) -> Duration {
            self.0.deadline() - self.1
        }
    }

    impl Future for Sleep {
        type Output = ();

        fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
            Pin::new(&mut self.0).poll(cx)
        }
    }

    pub struct Interval(timers::Interval, Instant);

    impl Interval {
        pub async fn tick(&mut self) -> Duration {
            self.0.tick().await - self.1
        }
    }
}

pub mod of_tokio {
    use std::pin::Pin;
    use std::task::{Context, Poll};
    use std::time::Duration;

    use tokio::runtime::Builder;
    use tokio::time::{self, Instant, MissedTickBehavior};

    use super::Missed;

    #[derive(Clone)]
    pub struct Time {
        start: Instant,
    }

    /// Runs a program. The clock stands still while there is something to do.
    pub fn run<F: Future<Output = ()>>(program: impl FnOnce(Time) -> F) {
        let mut builder = Builder::new_current_thread();
        let runtime = builder.enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            program(Time { start: Instant::now() }).await;
        });
    }

    impl Time {
        pub fn now(&self) -> Duration {
            self.start.elapsed()
        }

        pub fn sleep(&self, duration: Duration) -> Sleep {
            Sleep(Box::pin(time::sleep(duration)), self.start)
        }

        pub fn sleep_until(&self, moment: Duration) -> Sleep {
            let sleep = time::sleep_until(self.start + moment);
            Sleep(Box::pin(sleep), self.start)
        }

        pub async fn advance(&self, duration: Duration) {
            time::advance(duration).await;
        }

        pub fn timeout<F: Future>(
            &self,
            duration: Duration,
            future: F,
        ) -> impl Future<Output = Result<F::Output, time::error::Elapsed>>
        {
            time::timeout(duration, future)
        }

        pub fn interval_at(
            &self,
            moment: Duration,
            period: Duration,
            missed: Missed,
        ) -> Interval {
            let mut interval = time::interval_at(self.start + moment, period);
            interval.set_missed_tick_behavior(match missed {
                Missed::Burst => MissedTickBehavior::Burst,
                Missed::Delay => MissedTickBehavior::Delay,
                Missed::Skip => MissedTickBehavior::Skip,
            });
            Interval(interval, self.start)
        }
    }

    pub struct Sleep(Pin<Box<time::Sleep>>, Instant);

    impl Sleep {
        pub fn reset(&mut self, moment: Duration) {
            self.0.as_mut().reset(self.1 + moment);
        }

        pub fn deadline(&self) -> Duration {
            self.0.deadline() - self.1
        }
    }

    impl Future for Sleep {
        type Output = ();

        fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
            self.0.as_mut().poll(cx)
        }
    }

    pub struct Interval(time::Interval, Instant);

    impl Interval {
        pub async fn tick(&mut self) -> Duration {
            self.0.tick().await - self.1
        }
    }
}
