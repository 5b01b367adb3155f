//! Requests time out although each is answered in time.

use std::pin::pin;
use std::time::Duration;

use futures::{StreamExt, stream};
use tokio::runtime::Builder;
use tokio::time::{Instant, sleep, timeout};

// ANCHOR: program
/// Connects, and then reads. Each takes `number` times 100 ms.
async fn fetch(start: Instant, number: u32) -> u32 {
    let fetch = async {
        sleep(Duration::from_millis(100) * number).await;
        sleep(Duration::from_millis(100) * number).await;
    };
    let end = timeout(Duration::from_secs(1), fetch).await;
    let word = if end.is_ok() { "answered" } else { "timed out" };
    println!("{:4} ms: {number} {word}", start.elapsed().as_millis());
    number
}

async fn process(start: Instant, number: u32) {
    sleep(Duration::from_secs(2)).await;
    println!("{:4} ms: {number} processed", start.elapsed().as_millis());
}

async fn client() {
    let start = Instant::now();
    let fetches = stream::iter(1..=3).map(|n| fetch(start, n));
    let mut answers = pin!(fetches.buffered(3));
    while let Some(number) = answers.next().await {
        process(start, number).await;
    }
}
// ANCHOR_END: program

fn main() {
    // The clock is Tokio's and paused: it jumps to the next deadline.
    let mut builder = Builder::new_current_thread();
    let runtime = builder.enable_time().start_paused(true).build();
    runtime.expect("a runtime").block_on(client());
}
