//! Six jobs share two connections, and the program hangs.

use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::time::Duration;

use listings::proof::watchdog;
use listings::runtimes::hangs::leaky::{Pool, QueryFailed, query, worker};
use tokio::task::JoinSet;

// ANCHOR: program
async fn job(pool: &Pool, number: u32) -> Result<(), QueryFailed> {
    let connection = pool.take().await;
    query(&connection, number).await?;
    pool.give_back(connection);
    Ok(())
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn jobs() {
    let (pool, next) = (Arc::new(Pool::of_two()), Arc::new(AtomicU32::new(1)));
    let mut workers = JoinSet::new();
    for _ in 0..3 {
        workers.spawn(worker(job, pool.clone(), next.clone()));
    }
    workers.join_all().await;
}

fn main() {
    match watchdog(Duration::from_secs(1), jobs) {
        Ok(()) => println!("all jobs are done"),
        Err(hung) => println!("{hung}"),
    }
}
// ANCHOR_END: program
