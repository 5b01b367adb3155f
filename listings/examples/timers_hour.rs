//! Sleeps of hours on a clock that jumps, and what a drop and a reset leave.

use std::io;
use std::time::Duration;

use listings::runtimes::timers::{Runtime, timeout};

// ANCHOR: program
const HOUR: Duration = Duration::from_secs(60 * 60);

fn main() -> io::Result<()> {
    let runtime = Runtime::with_virtual_clock()?;
    let timers = runtime.timers().clone();
    let start = timers.now();
    for hours in [3, 1, 2] {
        let timers = timers.clone();
        drop(runtime.spawn(async move {
            timers.sleep(hours * HOUR).await;
            println!("awake after {:?}", timers.now() - start);
        }));
    }
    runtime.block_on(async {
        let endless = timers.sleep(Duration::MAX);
        let end = timeout(&timers, 4 * HOUR, endless).await;
        println!("given up after {:?}: {end:?}", timers.now() - start);
        println!("timers that are left: {}", timers.waiting());

        let mut alarm = timers.sleep(HOUR);
        alarm.reset(timers.now() + 2 * HOUR);
        alarm.await;
        println!("the alarm after {:?}", timers.now() - start);
    });
    Ok(())
}
// ANCHOR_END: program
