//! A wait that misses its notice in a few orders of the polls, and the repair.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Instant;

use tokio::sync::Notify;

use crate::runtimes::executor::yield_now::yield_now;
use crate::runtimes::hangs::dump::{Watch, wait_for};
use crate::runtimes::scheduling::executor::Executor;
use crate::runtimes::scheduling::line::Line;

// ANCHOR: race
#[derive(Debug, Default)]
pub struct Settings {
    loaded: Cell<bool>,
    changed: Notify,
}

/// Loads the settings in some parts, and tells the tasks that wait.
pub async fn loader(settings: Rc<Settings>, parts: u32) {
    for _ in 0..parts {
        yield_now().await; // reads a part of the file
    }
    settings.loaded.set(true);
    settings.changed.notify_waiters();
}

/// Waits until the settings are there.
pub async fn waiter(settings: Rc<Settings>) {
    if !settings.loaded.get() {
        yield_now().await; // writes a line to the log
        wait_for("the settings", settings.changed.notified()).await;
    }
}
// ANCHOR_END: race

// ANCHOR: repaired
/// The same. It hears of each change from before its look.
pub async fn repaired(settings: Rc<Settings>) {
    let changed = settings.changed.notified();
    if !settings.loaded.get() {
        yield_now().await;
        wait_for("the settings", changed).await;
    }
}
// ANCHOR_END: repaired

// ANCHOR: left
/// Runs a waiter beside the loader, and returns a dump of what is left.
pub fn left<L: Line, F: Future<Output = ()> + 'static>(
    executor: &Executor<L>,
    waiter: fn(Rc<Settings>) -> F,
) -> String {
    let watch = Watch::new(Instant::now);
    let (spawner, settings) = (executor.spawner(), Rc::<Settings>::default());
    let waiter = watch.task("waiter", waiter(settings.clone()));
    drop(spawner.spawn(waiter));
    drop(spawner.spawn(watch.task("loader", loader(settings, 8))));
    executor.run_until_stalled();
    watch.to_string()
}
// ANCHOR_END: left

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use super::super::seeded::{executor, failing};
    use super::*;
    use crate::futures::combinators::once::poll_now;
    use crate::runtimes::scheduling::arrival::Arrival;

    #[test]
    fn first_come_first_served_never_misses_the_notice() {
        assert_eq!(left(&Executor::<Arrival>::default(), waiter), "");
    }

    #[test]
    fn some_seeds_find_the_wait_that_misses_its_notice() {
        let seeds = failing(0..1000, |run| left(run, waiter).is_empty());
        assert!((1..50).contains(&seeds.len()), "{seeds:?}");
        for seed in seeds {
            assert!(!left(&executor(seed), waiter).is_empty());
        }
    }

    #[test]
    fn a_wait_that_begins_before_the_look_misses_nothing() {
        let seeds = failing(0..1000, |run| left(run, repaired).is_empty());
        assert_eq!(seeds, []);
    }

    #[test]
    fn each_of_them_waits_until_the_settings_are_there() {
        fn waits<F: Future<Output = ()>>(wait: fn(Rc<Settings>) -> F) {
            let settings = Rc::<Settings>::default();
            let mut wait_for_it = pin!(wait(settings.clone()));
            for _ in 0..10 {
                assert_eq!(poll_now(wait_for_it.as_mut()), None);
            }
            assert_eq!(poll_now(loader(settings.clone(), 0)), Some(()));
            assert_eq!(poll_now(wait_for_it), Some(()));
            assert_eq!(poll_now(wait(settings)), Some(()));
        }
        waits(waiter);
        waits(repaired);
    }
}
