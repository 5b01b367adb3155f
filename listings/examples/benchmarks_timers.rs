//! A thousand timers in ten milliseconds: at how many moments our timers
//! wake up a thread, and at how many Tokio's do. No time passes.

use std::collections::BTreeSet;
use std::task::Waker;
use std::time::{Duration, Instant};

use listings::runtimes::timers::pages::Queue;

// ANCHOR: ours
const TIMERS: u32 = 1000;
const APART: Duration = Duration::from_micros(10);

fn ours() -> usize {
    let start = Instant::now();
    let mut queue = Queue::new(start);
    for n in 1..=TIMERS {
        queue.insert(start + n * APART, Waker::noop().clone());
    }
    let mut wakes = 0;
    // The thread sleeps until the earliest deadline, then wakes what is due.
    while let Some(deadline) = queue.first() {
        let now = deadline;
        for waker in queue.take_due(now) {
            waker.wake();
        }
        wakes += 1;
    }
    wakes
}
// ANCHOR_END: ours

// ANCHOR: program
async fn tokio() -> usize {
    let sleeps = (1..=TIMERS).map(|n| {
        tokio::spawn(async move {
            tokio::time::sleep(n * APART).await;
            tokio::time::Instant::now()
        })
    });
    let sleeps: Vec<_> = sleeps.collect();
    let mut moments = BTreeSet::new();
    for sleep in sleeps {
        moments.extend(sleep.await);
    }
    moments.len()
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    println!("ours:  {TIMERS} timers, {} wakes of the thread", ours());
    println!("Tokio: {TIMERS} timers, {} wakes of the thread", tokio().await);
}
// ANCHOR_END: program
