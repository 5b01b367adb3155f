//! A thousand timers in ten milliseconds: at how many moments our timers
//! wake up a thread, and at how many Tokio's do. Both clocks are virtual.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::task::{Context, Waker};
use std::time::Duration;

use listings::runtimes::timers::{Clock, Timers};

// ANCHOR: ours
const TIMERS: u32 = 1000;
const APART: Duration = Duration::from_micros(10);

fn ours() -> usize {
    let timers = Timers::new(Clock::stopped(), Waker::noop().clone());
    let sleeps = (1..=TIMERS).map(|n| timers.sleep(n * APART));
    let mut sleeps: Vec<_> = sleeps.collect();
    // The first poll of a sleep leaves its waker in the queue.
    let mut cx = Context::from_waker(Waker::noop());
    for sleep in &mut sleeps {
        assert!(Pin::new(sleep).poll(&mut cx).is_pending());
    }
    let mut wakes = 0;
    // The thread sleeps until the earliest deadline, then wakes what is due.
    while let Some(deadline) = timers.first() {
        timers.clock().jump(deadline);
        timers.fire();
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
