//! Six jobs that hang, with a dump of the tasks after a minute.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::time::Duration;

use listings::runtimes::hangs::dump::{Watch, wait_for};
use listings::runtimes::hangs::leaky::{Pool, QueryFailed, query, worker};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

// ANCHOR: program
async fn job(pool: &Pool, number: u32) -> Result<(), QueryFailed> {
    let connection = wait_for("a connection", pool.take()).await;
    wait_for("the database", query(&connection, number)).await?;
    pool.give_back(connection);
    Ok(())
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let watch = Watch::new(|| Instant::now().into_std());
    let (pool, next) = (Arc::new(Pool::of_two()), Arc::new(AtomicU32::new(1)));
    let mut workers = JoinSet::new();
    for name in ["worker 1", "worker 2", "worker 3"] {
        let worker = worker(job, pool.clone(), next.clone());
        workers.spawn(watch.task(name, worker));
    }
    let all = wait_for("the workers", workers.join_all());
    let mut all = pin!(watch.task("main", all));
    if timeout(Duration::from_secs(60), &mut all).await.is_err() {
        println!("after a minute:");
        print!("{watch}");
    }
}
// ANCHOR_END: program
