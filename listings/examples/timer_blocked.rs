//! Two naps of a tenth of a second in a join, each with `thread::sleep`.

use std::thread;
use std::time::{Duration, Instant};

const NAP: Duration = Duration::from_millis(100);

async fn nap(who: &str) {
    println!("{who} falls asleep");
    thread::sleep(NAP);
    println!("{who} is awake");
}

fn main() {
    let start = Instant::now();
    pollster::block_on(async { futures::join!(nap("Ann"), nap("Bob")) });
    println!("one after the other: {}", start.elapsed() >= 2 * NAP);
}
