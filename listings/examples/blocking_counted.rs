//! A task starts a hundred others and then blocks its thread. How many of
//! them run meanwhile?

use std::error::Error;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::thread;
use std::time::Duration;

use tokio::runtime::Builder;

// ANCHOR: program
static RUN: AtomicU32 = AtomicU32::new(0);

async fn blocks() -> u32 {
    for _ in 0..100 {
        drop(tokio::spawn(async { RUN.fetch_add(1, SeqCst) }));
    }
    // Blocks for a second at most.
    for _ in 0..1000 {
        if RUN.load(SeqCst) >= 99 {
            break;
        }
        thread::sleep(Duration::from_millis(1));
    }
    RUN.swap(0, SeqCst)
}

fn main() -> Result<(), Box<dyn Error>> {
    let one = Builder::new_current_thread().build()?;
    println!("one thread: {} of 100", one.block_on(one.spawn(blocks()))?);
    drop(one);
    RUN.store(0, SeqCst);
    let four = Builder::new_multi_thread().worker_threads(4).build()?;
    println!("four threads: {} of 100", four.block_on(four.spawn(blocks()))?);
    Ok(())
}
// ANCHOR_END: program
