//! Six jobs that hang, each in a span of `tracing`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use listings::proof::watchdog;
use listings::runtimes::hangs::leaky::{Pool, QueryFailed, query};
use tokio::task::JoinSet;
use tracing::{info, instrument};
use tracing_subscriber::fmt::format::FmtSpan;

// ANCHOR: program
#[instrument(skip(pool), err)]
async fn job(pool: &Pool, number: u32) -> Result<(), QueryFailed> {
    info!("asks for a connection");
    let connection = pool.take().await;
    info!("has a connection");
    query(&connection, number).await?;
    pool.give_back(connection);
    info!("gave the connection back");
    Ok(())
}

fn main() {
    tracing_subscriber::fmt()
        .with_span_events(FmtSpan::CLOSE)
        .with_writer(std::io::stdout)
        .with_ansi(false)
        .with_target(false)
        .without_time() // so that each run prints the same
        .init();
    if let Err(hung) = watchdog(Duration::from_secs(1), jobs) {
        println!("{hung}");
    }
}
// ANCHOR_END: program

async fn worker(pool: Arc<Pool>, next: Arc<AtomicU32>) {
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number > 6 {
            return;
        }
        // `err` has told of the error.
        let _ = job(&pool, number).await;
    }
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn jobs() {
    let (pool, next) = (Arc::new(Pool::of_two()), Arc::new(AtomicU32::new(1)));
    let mut workers = JoinSet::new();
    for _ in 0..3 {
        workers.spawn(worker(pool.clone(), next.clone()));
    }
    workers.join_all().await;
}
