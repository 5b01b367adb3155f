//! Three loops over a stream of requests in which no request stands still.

use std::collections::{BTreeSet, VecDeque};
use std::pin::pin;
use std::sync::Mutex;
use std::time::Duration;

use futures::{StreamExt, stream};
use tokio::runtime::Builder;
use tokio::task::Id;
use tokio::time::{Instant, sleep, timeout};

/// The tasks that polled a `fetch`.
static TASKS: Mutex<BTreeSet<Option<Id>>> = Mutex::new(BTreeSet::new());

async fn fetch(start: Instant, number: u32) -> u32 {
    TASKS.lock().expect("nobody panics").insert(tokio::task::try_id());
    let fetch = async {
        sleep(Duration::from_millis(100) * number).await;
        sleep(Duration::from_millis(100) * number).await;
    };
    let end = timeout(Duration::from_secs(1), fetch).await;
    let word = if end.is_ok() { "answered" } else { "timed out" };
    println!("{:6} ms: {number} {word}", start.elapsed().as_millis());
    number
}

async fn process(_number: u32) {
    sleep(Duration::from_secs(2)).await;
}

// ANCHOR: spawn
async fn spawn(start: Instant) {
    let numbers = stream::iter(1..=3);
    let tasks = numbers.map(|n| tokio::spawn(fetch(start, n)));
    let mut answers = pin!(tasks.buffered(3));
    while let Some(answer) = answers.next().await {
        process(answer.expect("it does not panic")).await;
    }
}
// ANCHOR_END: spawn

// ANCHOR: inside
async fn inside(start: Instant) {
    let each = stream::iter(1..=3).for_each_concurrent(3, async |n| {
        let answer = fetch(start, n).await;
        process(answer).await;
    });
    each.await;
}
// ANCHOR_END: inside

// ANCHOR: both
async fn both(start: Instant) {
    let fetches = stream::iter(1..=3).map(|n| fetch(start, n));
    let mut answers = pin!(fetches.buffered(3).fuse());
    let mut here = VecDeque::new();
    loop {
        if here.is_empty() {
            here.extend(answers.next().await);
        }
        let Some(answer) = here.pop_front() else { break };
        let mut process = pin!(process(answer));
        loop {
            tokio::select! {
                () = &mut process => break,
                Some(answer) = answers.next(), if here.len() < 8 => {
                    here.push_back(answer);
                }
            }
        }
    }
}
// ANCHOR_END: both

// ANCHOR: main
async fn run<F: Future>(name: &str, client: impl FnOnce(Instant) -> F) {
    println!("{name}");
    let start = Instant::now();
    client(start).await;
    let tasks = std::mem::take(&mut *TASKS.lock().expect("nobody panics"));
    let (end, count) = (start.elapsed().as_millis(), tasks.len());
    println!("{end:6} ms: all processed, tasks that fetched: {count}");
}

async fn all() {
    run("a task for each request:", spawn).await;
    run("processing inside:", inside).await;
    run("both polled:", both).await;
}
// ANCHOR_END: main

fn main() {
    let mut builder = Builder::new_current_thread();
    let runtime = builder.enable_time().start_paused(true).build();
    runtime.expect("a runtime").block_on(all());
}
