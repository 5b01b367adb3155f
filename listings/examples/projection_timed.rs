//! Times an async function's future where it is, without a box.

use std::thread;
use std::time::Duration;

use listings::futures::poll::countdown::countdown;
use listings::pinning::projection::timed::timed;

const WORK: Duration = Duration::from_millis(30);

async fn import() -> &'static str {
    countdown(1).await;
    thread::sleep(WORK);
    countdown(1).await;
    "imported"
}

fn main() {
    let (value, report) = pollster::block_on(timed(import()));
    println!("{value} in {} polls", report.polls);
    println!("one took 30 ms or more: {}", report.longest >= WORK);
}
