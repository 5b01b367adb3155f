//! A branch that is always ready and holds no operation of Tokio. When is the
//! other branch seen?

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use tokio::sync::oneshot;
use tokio::task::coop::consume_budget;
use tokio::task::yield_now;

static COUNTED: AtomicU32 = AtomicU32::new(0);

/// Receives a value that is there, and returns how far the other branch had
/// counted.
async fn other() -> u32 {
    let (sender, receiver) = oneshot::channel();
    sender.send(()).expect("it is open");
    receiver.await.expect("it was sent");
    COUNTED.load(Relaxed)
}

/// The next line begins with a new budget.
async fn say(what: &str, after: u32) {
    println!("{what}: after {after} of 10000");
    yield_now().await;
    COUNTED.store(0, Relaxed);
}

// ANCHOR: program
/// Counts to 10,000, and does a `step` before each number.
async fn counts(step: impl AsyncFn()) {
    for _ in 0..10_000 {
        step().await;
        COUNTED.fetch_add(1, Relaxed);
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let numbers = counts(async || ());
    say("tokio::join!", tokio::join!(numbers, other()).1).await;
    let numbers = counts(consume_budget);
    let (_, after) = tokio::join!(numbers, other());
    say("tokio::join!, consume_budget", after).await;
    let numbers = counts(yield_now);
    let (_, after) = futures::join!(numbers, other());
    say("futures::join!, yield_now", after).await;
}
// ANCHOR_END: program
