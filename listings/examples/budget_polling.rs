//! A loop that polls a handle until its task is done: why it never ends.

use std::error::Error;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

use futures::FutureExt;
use tokio::runtime::Builder;
use tokio::task::coop::{consume_budget, has_budget_remaining};
use tokio::task::{JoinError, JoinHandle, yield_now};

// ANCHOR: loop
static STARTED: AtomicBool = AtomicBool::new(false);

async fn child() -> &'static str {
    STARTED.store(true, SeqCst);
    "done"
}

/// Polls 100,000 times, and gives up where a real loop would go on.
fn poll_in_a_loop(
    task: &mut JoinHandle<&'static str>,
) -> Option<Result<&'static str, JoinError>> {
    (0..100_000).find_map(|_| (&mut *task).now_or_never())
}

async fn loops() {
    let mut task = tokio::spawn(child());
    let end = poll_in_a_loop(&mut task);
    println!("a loop: {end:?}, child started: {}", STARTED.load(SeqCst));
}

async fn loops_later() {
    let mut task = tokio::spawn(child());
    while !task.is_finished() {
        yield_now().await;
    }
    while has_budget_remaining() {
        consume_budget().await;
    }
    let end = poll_in_a_loop(&mut task);
    println!("budget spent: {end:?}, child done: {}", task.is_finished());
}
// ANCHOR_END: loop

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = Builder::new_multi_thread().worker_threads(4).build()?;
    runtime.block_on(runtime.spawn(loops()))?;
    runtime.block_on(runtime.spawn(loops_later()))?;
    Ok(())
}
