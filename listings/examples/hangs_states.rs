//! A task that always wakes itself, and a future that nobody polls: two dumps.

use std::future::poll_fn;
use std::task::{Context, Poll, Waker};

use listings::runtimes::executor::Executor;
use listings::runtimes::hangs::dump::Watch;
use listings::runtimes::timers::Clock;

// ANCHOR: program
fn main() {
    let (executor, clock) = (Executor::default(), Clock::stopped());
    let watch = Watch::new(move || clock.now());
    let spins = poll_fn(|cx| {
        cx.waker().wake_by_ref();
        Poll::<()>::Pending
    });
    drop(executor.spawner().spawn(watch.task("spins", spins)));
    let _audit = watch.task("audit", async { println!("never printed") });
    for turn in 1..=2000 {
        executor.run_once(&mut Context::from_waker(Waker::noop()));
        if turn % 1000 == 0 {
            print!("{watch}");
        }
    }
}
// ANCHOR_END: program
