//! A kitchen with an alarm. Ten cooks work in turns, and the alarm rings when
//! one of them ends a second turn.

use std::time::Duration;

use super::clock::Clock;
use super::executor::Spawner;
use super::line::Line;
use crate::runtimes::executor::JoinHandle;
use crate::runtimes::executor::yield_now::yield_now;
use crate::wakers::oneshot::closed::{Receiver, Sender, channel};

// ANCHOR: cook
/// Works three turns of 10 ms. At the end of the second turn, tells the time
/// to the one that waits for `bell`.
pub async fn cook(clock: Clock, mut bell: Option<Sender<Duration>>) {
    for turn in 1..=3 {
        clock.work(10);
        if turn == 2
            && let Some(bell) = bell.take()
        {
            // An error means that nobody listens.
            let _ = bell.send(clock.now());
        }
        yield_now().await;
    }
}

/// Waits for the bell. Returns how long ago it rang.
pub async fn alarm(clock: Clock, bell: Receiver<Duration>) -> Duration {
    let rang = bell.await.unwrap_or_default();
    clock.now() - rang
}
// ANCHOR_END: cook

// ANCHOR: kitchen
/// Spawns ten cooks, and the alarm as an urgent task. A line without
/// priorities ignores that.
pub fn kitchen<L: Line>(spawner: &Spawner<L>) -> JoinHandle<Duration> {
    let clock = Clock::default();
    let (sender, receiver) = channel();
    let mut bell = Some(sender);
    for _ in 0..10 {
        drop(spawner.spawn(cook(clock.clone(), bell.take())));
    }
    spawner.spawn_urgent(alarm(clock, receiver))
}
// ANCHOR_END: kitchen

#[cfg(test)]
mod tests {
    use super::super::aging::Aging;
    use super::super::arrival::Arrival;
    use super::super::executor::Executor;
    use super::super::two_lines::TwoLines;
    use super::*;
    use crate::runtimes::executor;

    fn heard<L: Line>() -> Duration {
        let executor = Executor::<L>::default();
        let alarm = kitchen(&executor.spawner());
        executor.run(alarm).unwrap()
    }

    #[test]
    fn by_age_the_alarm_waits_for_all_cooks_and_for_all_once_more() {
        let (executor, clock) =
            (executor::Executor::default(), Clock::default());
        let (sender, receiver) = channel();
        let mut bell = Some(sender);
        for _ in 0..10 {
            drop(executor.spawner().spawn(cook(clock.clone(), bell.take())));
        }
        let alarm = executor.spawner().spawn(alarm(clock, receiver));
        assert_eq!(executor.run(alarm), Ok(Duration::from_millis(190)));
    }

    #[test]
    fn first_come_first_served_the_alarm_waits_for_those_who_stand_there() {
        assert_eq!(heard::<Arrival>(), Duration::from_millis(90));
    }

    #[test]
    fn an_urgent_alarm_waits_for_nobody() {
        assert_eq!(heard::<TwoLines>(), Duration::ZERO);
        assert_eq!(heard::<Aging>(), Duration::ZERO);
    }
}
