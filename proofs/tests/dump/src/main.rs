//! Six jobs that hang, with Tokio's own dump of the tasks after a minute.

use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::task::JoinSet;
use tokio::time::timeout;

use leaky::{Pool, QueryFailed, query, worker};

#[expect(dead_code, reason = "the pool says how many are idle to its tests")]
#[path = "../../../../listings/src/runtimes/hangs/leaky.rs"]
mod leaky;

// ANCHOR: program
async fn job(pool: &Pool, number: u32) -> Result<(), QueryFailed> {
    let connection = pool.take().await;
    query(&connection, number).await?;
    pool.give_back(connection);
    Ok(())
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let (pool, next) = (Arc::new(Pool::of_two()), Arc::new(AtomicU32::new(1)));
    let mut workers = JoinSet::new();
    for _ in 0..3 {
        workers.spawn(worker(job, pool.clone(), next.clone()));
    }
    let minute = Duration::from_secs(60);
    // `join_all` would own the workers, and the timeout would drop them.
    let all = async { while workers.join_next().await.is_some() {} };
    if timeout(minute, all).await.is_err() {
        let dump = Handle::current().dump().await;
        for task in dump.tasks().iter() {
            println!("a task:");
            print!("{}", functions(&task.trace().to_string()));
        }
    }
}
// ANCHOR_END: program

/// The lines of a trace without the paths, which differ between computers.
fn functions(trace: &str) -> String {
    let lines = trace.lines();
    lines
        .map(|l| format!("{}\n", l.split(" at ").next().unwrap_or(l)))
        .collect()
}
