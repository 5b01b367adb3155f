//! A thousand timers in ten milliseconds: at how many moments our runtime
//! wakes up for them, and at how many Tokio does. Both clocks are virtual.

use std::collections::BTreeSet;
use std::io;
use std::time::Duration;

use listings::runtimes::timers::Runtime;

// ANCHOR: ours
const TIMERS: u32 = 1000;
const APART: Duration = Duration::from_micros(10);

fn ours() -> io::Result<usize> {
    let runtime = Runtime::with_virtual_clock()?;
    let timers = runtime.timers().clone();
    let sleeps = (1..=TIMERS).map(|n| {
        let timers = timers.clone();
        runtime.spawn(async move {
            timers.sleep(n * APART).await;
            timers.now()
        })
    });
    let sleeps: Vec<_> = sleeps.collect();
    Ok(runtime.block_on(async {
        let mut moments = BTreeSet::new();
        for sleep in sleeps {
            moments.extend(sleep.await);
        }
        moments.len()
    }))
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
async fn main() -> io::Result<()> {
    println!("ours:  {TIMERS} timers, {} wakes of the thread", ours()?);
    println!("Tokio: {TIMERS} timers, {} wakes of the thread", tokio().await);
    Ok(())
}
// ANCHOR_END: program
