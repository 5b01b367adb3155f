//! A task spends 100 units and then spawns another. How much has that one?

use std::error::Error;

use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;
use tokio::task::coop::{consume_budget, has_budget_remaining};

// ANCHOR: program
/// How much is left in this poll.
async fn left() -> u32 {
    let mut units = 0;
    while has_budget_remaining() {
        consume_budget().await;
        units += 1;
    }
    units
}

async fn first() -> JoinHandle<u32> {
    for _ in 0..100 {
        consume_budget().await;
    }
    tokio::spawn(left())
}

fn second(runtime: &Runtime) -> Result<u32, Box<dyn Error>> {
    let second = runtime.block_on(runtime.spawn(first()))?;
    Ok(runtime.block_on(second)?)
}

fn main() -> Result<(), Box<dyn Error>> {
    let one_thread = Builder::new_current_thread().build()?;
    println!("current_thread: {}", second(&one_thread)?);
    let workers = Builder::new_multi_thread().worker_threads(1).build()?;
    println!("multi_thread: {}", second(&workers)?);
    Ok(())
}
// ANCHOR_END: program
