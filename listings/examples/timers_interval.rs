//! The three behaviors for missed ticks, and a loop that sleeps.

use std::io;
use std::time::Duration;

use listings::runtimes::timers::{MissedTick, Runtime, Timers};

// ANCHOR: program
const MS: Duration = Duration::from_millis(1);

/// The work after each tick takes 300 ms, once 3,500 ms.
async fn work(timers: &Timers, tick: u32) {
    timers.sleep(if tick == 2 { 3500 * MS } else { 300 * MS }).await;
}

fn main() -> io::Result<()> {
    for missed in [MissedTick::Burst, MissedTick::Delay, MissedTick::Skip] {
        let (runtime, mut times) = (Runtime::with_virtual_clock()?, vec![]);
        let timers = runtime.timers();
        let start = timers.now();
        let mut interval = timers.interval(1000 * MS, missed);
        runtime.block_on(async {
            for tick in 1..=7 {
                interval.tick().await;
                times.push((timers.now() - start).as_millis());
                work(timers, tick).await;
            }
        });
        println!("{missed:?}: {times:?}");
    }

    let (runtime, mut times) = (Runtime::with_virtual_clock()?, vec![]);
    let timers = runtime.timers();
    let start = timers.now();
    runtime.block_on(async {
        for tick in 1..=7 {
            times.push((timers.now() - start).as_millis());
            work(timers, tick).await;
            timers.sleep(1000 * MS).await;
        }
    });
    println!("sleep: {times:?}");
    Ok(())
}
// ANCHOR_END: program
