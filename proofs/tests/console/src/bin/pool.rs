//! Six jobs that hang, for tokio-console to look at.

use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use tokio::task::JoinSet;

use leaky::{Pool, QueryFailed, query, worker};

#[expect(dead_code, reason = "the pool says how many are idle to its tests")]
#[path = "../../../../../listings/src/runtimes/hangs/leaky.rs"]
mod leaky;

async fn job(pool: &Pool, number: u32) -> Result<(), QueryFailed> {
    let connection = pool.take().await;
    query(&connection, number).await?;
    pool.give_back(connection);
    Ok(())
}

// ANCHOR: program
#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> std::io::Result<()> {
    console_subscriber::init();
    let (pool, next) = (Arc::new(Pool::of_two()), Arc::new(AtomicU32::new(1)));
    let mut workers = JoinSet::new();
    for name in ["worker 1", "worker 2", "worker 3"] {
        let worker = worker(job, pool.clone(), next.clone());
        workers.build_task().name(name).spawn(worker)?;
    }
    workers.join_all().await;
    Ok(())
}
// ANCHOR_END: program
