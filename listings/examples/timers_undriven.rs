//! A sleep under a runtime whose thread knows nothing of deadlines, and under
//! one that does.

use std::time::Duration;

use listings::proof::watchdog;
use listings::runtimes::timers::{Clock, Timers};
use listings::runtimes::{reactor, timers};

// ANCHOR: program
fn main() {
    const NAP: Duration = Duration::from_millis(10);
    show("the reactor's runtime", || {
        let runtime = reactor::Runtime::new()?;
        let timers = Timers::new(Clock::Real, runtime.reactor().waker());
        runtime.block_on(timers.sleep(NAP));
        Ok(())
    });
    show("a runtime that asks the timers", || {
        let runtime = timers::Runtime::new()?;
        runtime.block_on(runtime.timers().sleep(NAP));
        Ok(())
    });
}
// ANCHOR_END: program

fn show(who: &str, run: impl FnOnce() -> std::io::Result<()> + Send + 'static) {
    match watchdog(Duration::from_millis(500), run) {
        Ok(end) => println!("{who}: {end:?}"),
        Err(hung) => println!("{who}: {hung}"),
    }
}
