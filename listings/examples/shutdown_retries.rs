//! Attempts that are abandoned, and attempts that are cancelled.

use std::future::pending;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::time::Duration;

use listings::cancellation::shutdown::retry::{Policy, retry};
use tokio::time::{sleep, timeout};

// ANCHOR: count
/// How many attempts run now, and how many ran at the same time at most.
static RUNNING: AtomicU32 = AtomicU32::new(0);
static MOST: AtomicU32 = AtomicU32::new(0);

struct Running;

impl Drop for Running {
    fn drop(&mut self) {
        RUNNING.fetch_sub(1, SeqCst);
    }
}

/// A call of a server that does not answer.
async fn call() -> Result<(), &'static str> {
    let now = RUNNING.fetch_add(1, SeqCst) + 1;
    MOST.fetch_max(now, SeqCst);
    let _running = Running;
    pending().await
}
// ANCHOR_END: count

// ANCHOR: program
const LIMIT: Duration = Duration::from_millis(100);

/// Gives up waiting for a task. The task does not know.
async fn piles_up() {
    for _attempt in 1..=5 {
        let task = tokio::spawn(call());
        if timeout(LIMIT, task).await.is_ok() {
            return;
        }
    }
}

/// The same with a call that ends when nobody waits for it.
async fn does_not_pile_up() {
    let policy = Policy {
        attempts: 5,
        limit: LIMIT,
        pause: Duration::from_millis(50),
        longest_pause: Duration::from_secs(1),
    };
    let end = retry(policy, async |_number| call().await).await;
    println!("  {end:?}");
}

async fn count(name: &str, calls: impl Future<Output = ()>) {
    println!("{name}:");
    MOST.store(0, SeqCst);
    calls.await;
    sleep(Duration::from_secs(3600)).await;
    let (most, running) = (MOST.load(SeqCst), RUNNING.load(SeqCst));
    println!("  at the same time: {most}; an hour later: {running}");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    tokio::time::pause();
    count("retried by hand", piles_up()).await;
    RUNNING.store(0, SeqCst);
    count("with `retry`", does_not_pile_up()).await;
}
// ANCHOR_END: program
