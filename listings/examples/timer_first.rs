//! The first of three timers, and what is left of the other two.

use std::time::Duration;

use futures::future::select_all;
use listings::proof::watchdog;
use listings::wakers::block_on::flag::block_on;
use listings::wakers::timer::first::first;
use listings::wakers::timer::sleeper::{Sleep, sleep};
use listings::wakers::timer::threads::waiting;

const SOON: Duration = Duration::from_millis(20);
const HOUR: Duration = Duration::from_secs(60 * 60);
const LIMIT: Duration = Duration::from_secs(30);

// ANCHOR: program
fn three() -> Vec<Sleep> {
    // The short one is polled last, when the other two have their threads.
    [HOUR, HOUR, SOON].map(sleep).into()
}

fn main() {
    let run = || block_on(first(three()));
    let (number, ()) = watchdog(LIMIT, run).expect("it is ready soon");
    println!("number {number} was the first, and the rest are dropped");
    println!("threads that sleep on: {}", waiting());

    let run = || block_on(select_all(three()));
    let ((), number, rest) = watchdog(LIMIT, run).expect("it is ready soon");
    println!("select_all: number {number}, {} given back", rest.len());
    println!("threads that sleep on: {}", waiting());
}
// ANCHOR_END: program
