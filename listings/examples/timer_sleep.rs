//! Two naps with a timer, and a nap that begins before it is awaited.

use std::time::{Duration, Instant};

use listings::wakers::block_on::flag::block_on;
use listings::wakers::block_on::job::count_polls;
use listings::wakers::timer::sleeper::sleep;
use listings::wakers::timer::threads::waiting;

const NAP: Duration = Duration::from_millis(100);

// ANCHOR: program
async fn nap(who: &str) {
    println!("{who} falls asleep");
    sleep(NAP).await;
}

fn main() {
    let start = Instant::now();
    block_on(async { futures::join!(nap("Ann"), nap("Bob")) });
    println!("both are awake");
    println!("a tenth of a second later: {}", start.elapsed() >= NAP);

    let (short, long) = (sleep(NAP), sleep(2 * NAP));
    println!("threads before the first poll: {}", waiting());
    let ((), polls) = block_on(count_polls(long));
    println!("long: {polls} polls");
    let ((), polls) = block_on(count_polls(short));
    println!("short: {polls} poll");
}
// ANCHOR_END: program
