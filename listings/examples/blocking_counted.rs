//! A task starts a hundred others and then blocks its thread. How many of
//! them run meanwhile?

use std::error::Error;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::thread;
use std::time::{Duration, Instant};

use tokio::runtime::Builder;

// ANCHOR: program
const SECOND: Duration = Duration::from_secs(1);
static RUN: AtomicU32 = AtomicU32::new(0);

/// Spawns 100 tasks. Then it blocks until 99 of them have run, but no longer
/// than `limit`.
async fn blocks(limit: Duration) -> u32 {
    for _ in 0..100 {
        drop(tokio::spawn(async { RUN.fetch_add(1, SeqCst) }));
    }
    let start = Instant::now();
    while RUN.load(SeqCst) < 99 && start.elapsed() < limit {
        thread::sleep(Duration::from_millis(1));
    }
    RUN.load(SeqCst)
}

fn main() -> Result<(), Box<dyn Error>> {
    let one = Builder::new_current_thread().build()?;
    let ran = one.block_on(one.spawn(blocks(SECOND)))?;
    println!("one thread: {ran} of 100");
    drop(one);
    RUN.store(0, SeqCst);
    let four = Builder::new_multi_thread().worker_threads(4).build()?;
    let ran = four.block_on(four.spawn(blocks(60 * SECOND)))?;
    println!("four threads: {ran} of 100");
    Ok(())
}
// ANCHOR_END: program
