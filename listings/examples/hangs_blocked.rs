//! A task blocks the thread, and another thread prints the dump.

use std::sync::mpsc::channel;
use std::time::Duration;

use listings::proof::watchdog;
use listings::runtimes::executor::Executor;
use listings::runtimes::executor::yield_now::yield_now;
use listings::runtimes::hangs::dump::Watch;
use listings::runtimes::timers::Clock;

// ANCHOR: program
fn tasks(watch: Watch) {
    let executor = Executor::default();
    let (sender, receiver) = channel();
    let spawner = executor.spawner();
    drop(spawner.spawn(watch.task("parser", async move {
        yield_now().await;
        sender.send("a line")
    })));
    drop(spawner.spawn(watch.task("report", async move {
        receiver.recv() // of the standard library: it blocks
    })));
    drop(spawner.spawn(watch.task("log", yield_now())));
    executor.run_until_stalled();
}

fn main() {
    let clock = Clock::stopped();
    let reads = clock.clone();
    let watch = Watch::new(move || reads.now());
    let watched = watch.clone();
    let end = watchdog(Duration::from_secs(1), move || tasks(watched));
    // This clock moves only here, so that each run prints the same.
    clock.jump(clock.now() + Duration::from_secs(5));
    println!("{end:?}");
    print!("{watch}");
}
// ANCHOR_END: program
