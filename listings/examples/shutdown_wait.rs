//! Three ways to wait for tasks before main returns.

use tokio::task::{JoinSet, yield_now};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

// ANCHOR: tasks
async fn work(name: &'static str) -> &'static str {
    yield_now().await;
    name
}

/// Works until it is told to stop, and then tidies up.
async fn until_told(name: &'static str, stop: CancellationToken) {
    let mut turns = 0;
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => break,
            () = yield_now() => turns += 1,
        }
    }
    yield_now().await;
    println!("{name}: told after {turns} turns, tidied up");
}
// ANCHOR_END: tasks

// ANCHOR: program
#[tokio::main(flavor = "current_thread")]
async fn main() {
    // One by one: their handles.
    let handles = ["a", "b"].map(|name| tokio::spawn(work(name)));
    for handle in handles {
        println!("a handle gives {:?}", handle.await.ok());
    }
    // All of one kind, with their values: a JoinSet.
    let set: JoinSet<_> = ["c", "d"].map(work).into_iter().collect();
    let mut names = set.join_all().await;
    names.sort();
    println!("a JoinSet gives {names:?}");
    // Any kind of task, without its value: a tracker, with a token.
    let (tracker, stop) = (TaskTracker::new(), CancellationToken::new());
    tracker.spawn(until_told("e", stop.clone()));
    tracker.spawn(until_told("f", stop.child_token()));
    for _ in 0..3 {
        yield_now().await;
    }
    stop.cancel();
    tracker.close();
    tracker.wait().await;
    println!("all have ended: {}", tracker.is_empty());
}
// ANCHOR_END: program
