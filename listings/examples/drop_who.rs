//! Who drops a future, and who does not.

use std::time::Duration;

use tokio::runtime::Builder;
use tokio::task::{JoinSet, yield_now};
use tokio::time::{sleep, timeout};

// ANCHOR: work
/// Says when it is dropped before it is done.
struct Work {
    done: bool,
}

impl Drop for Work {
    fn drop(&mut self) {
        if !self.done {
            println!("  stopped in the middle");
        }
    }
}

async fn work() {
    let mut work = Work { done: false };
    println!("  begins");
    sleep(Duration::from_secs(60)).await;
    work.done = true;
    println!("  done");
}
// ANCHOR_END: work

// ANCHOR: owners
async fn owners() {
    println!("a select! that the other branch wins:");
    tokio::select! {
        biased;
        () = work() => {}
        () = yield_now() => {}
    }

    println!("a timeout:");
    let outcome = timeout(Duration::from_secs(1), work()).await;
    outcome.expect_err("the work takes a minute");
}
// ANCHOR_END: owners

// ANCHOR: main
async fn tasks() {
    println!("abort:");
    let task = tokio::spawn(work());
    yield_now().await;
    task.abort();
    task.await.expect_err("it was aborted");

    println!("a JoinSet that is dropped:");
    let mut set = JoinSet::new();
    set.spawn(work());
    yield_now().await;
    drop(set);
    yield_now().await;

    println!("a JoinHandle that is dropped:");
    drop(tokio::spawn(work()));
    sleep(Duration::from_secs(120)).await;

    println!("a runtime that ends:");
    drop(tokio::spawn(work()));
    yield_now().await;
}

fn main() {
    let mut builder = Builder::new_current_thread();
    let builder = builder.enable_time().start_paused(true);
    let runtime = builder.build().expect("it starts");
    runtime.block_on(async {
        owners().await;
        tasks().await;
    });
    drop(runtime);
}
// ANCHOR_END: main
