//! A request that times out because nobody polls it, and two repairs.

use std::time::Duration;

use futures::StreamExt;
use futures::stream::{self, FuturesUnordered};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

// ANCHOR: program
const STEP: Duration = Duration::from_millis(100);

/// Page 1 takes three steps, page 2 takes six. It may take ten.
async fn fetch(page: u32) -> String {
    let request = async {
        for _ in 0..3 * page {
            sleep(STEP).await;
        }
    };
    match timeout(10 * STEP, request).await {
        Ok(()) => format!("page {page}"),
        Err(_elapsed) => format!("page {page} timed out"),
    }
}

async fn process(page: String) {
    println!("  {page}");
    sleep(20 * STEP).await;
}

async fn in_the_loop() {
    let mut pages: FuturesUnordered<_> = (1..=2).map(fetch).collect();
    while let Some(page) = pages.next().await {
        process(page).await;
    }
}

/// Repair 1: the runtime polls the requests.
async fn in_tasks() {
    let mut pages: JoinSet<_> = (1..=2).map(fetch).collect();
    while let Some(page) = pages.join_next().await {
        process(page.expect("it does not panic")).await;
    }
}

/// Repair 2: the loop has no body that awaits.
async fn in_the_stream() {
    let pages = stream::iter(1..=2).for_each_concurrent(2, async |page| {
        process(fetch(page).await).await;
    });
    pages.await;
}
// ANCHOR_END: program

#[tokio::main(flavor = "current_thread")]
async fn main() {
    tokio::time::pause();
    println!("in the body of the loop:");
    in_the_loop().await;
    println!("in tasks:");
    in_tasks().await;
    println!("in the stream:");
    in_the_stream().await;
}
