//! To drop a future, to abort its task, and to set a flag.

use std::future::pending;

use futures::FutureExt;
use tokio::sync::watch;
use tokio::task::yield_now;

/// Says when it is dropped.
struct Local;

impl Drop for Local {
    fn drop(&mut self) {
        println!("  the local is dropped");
    }
}

// ANCHOR: program
async fn waits() {
    let _local = Local; // says when it is dropped
    pending().await
}

async fn drop_and_abort() {
    println!("drop:");
    let mut future = waits().boxed();
    assert!((&mut future).now_or_never().is_none()); // polled once
    drop(future);
    println!("  `drop` has returned");

    println!("abort:");
    let task = tokio::spawn(waits());
    let abort = task.abort_handle(); // can be cloned and sent away
    yield_now().await;
    abort.abort();
    println!("  `abort` has returned");
    let error = task.await.expect_err("it was aborted");
    println!("  the handle: cancelled = {}", error.is_cancelled());
}
// ANCHOR_END: program

// ANCHOR: flag
async fn waits_for(mut stop: watch::Receiver<bool>) -> &'static str {
    let _local = Local;
    // An error would mean that nobody can set the flag any more.
    drop(stop.wait_for(|stop| *stop).await);
    yield_now().await; // it may await here
    "has cleaned up"
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    drop_and_abort().await;

    println!("a flag:");
    let (flag, stop) = watch::channel(false);
    let task = tokio::spawn(waits_for(stop));
    yield_now().await;
    flag.send_replace(true);
    println!("  the flag is set");
    println!("  the handle: {:?}", task.await);
}
// ANCHOR_END: flag
