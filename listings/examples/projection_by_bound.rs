//! Times an async function, whose future has to be in a box for that.

use std::thread;
use std::time::Duration;

use listings::futures::poll::countdown::countdown;
use listings::pinning::projection::by_bound::timed;

const WORK: Duration = Duration::from_millis(30);

async fn import() -> &'static str {
    countdown(1).await;
    // It keeps the thread to itself. In Tokio, use `spawn_blocking` here.
    thread::sleep(WORK);
    countdown(1).await;
    "imported"
}

fn main() {
    let future = timed(Box::pin(import()));
    let (value, report) = pollster::block_on(future);
    println!("{value} in {} polls", report.polls);
    println!("one took 30 ms or more: {}", report.longest >= WORK);
}
