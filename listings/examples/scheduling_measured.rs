//! Which of three tasks makes the others wait?

use listings::runtimes::executor::yield_now::yield_now;
use listings::runtimes::scheduling::arrival::Arrival;
use listings::runtimes::scheduling::clock::Clock;
use listings::runtimes::scheduling::executor::Executor;
use listings::runtimes::scheduling::measured::measured;

async fn chops(clock: Clock, turns: u32, millis: u64) {
    for _ in 0..turns {
        clock.work(millis);
        yield_now().await;
    }
}

fn main() {
    let (executor, clock) = (Executor::<Arrival>::default(), Clock::default());
    let mut meters = Vec::new();
    for (name, turns, millis) in [("Ann", 4, 1), ("Bob", 2, 50), ("Eve", 4, 2)]
    {
        // Outside a test the clock is `move || start.elapsed()`, with an
        // `Instant`.
        let now = clock.clone();
        let task = chops(clock.clone(), turns, millis);
        let (task, meter) = measured(task, move || now.now());
        drop(executor.spawner().spawn(task));
        meters.push((name, meter));
    }
    executor.run_until_stalled();
    for (name, meter) in meters {
        let report = meter.report();
        print!("{name}: {} polls, the longest ", report.polls);
        print!("{:?}, waited at most ", report.longest_poll);
        println!("{:?}", report.longest_wait);
    }
}
