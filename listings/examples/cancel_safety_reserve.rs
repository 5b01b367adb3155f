//! A `send` that is cancelled loses its value, and a `reserve` has none.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::timeout;

// ANCHOR: program
#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let (sender, mut receiver) = mpsc::channel(1);
    sender.try_send("first").expect("there is a place");
    let mut jobs = VecDeque::from(["second", "third"]);
    let limit = Duration::from_secs(1);

    // The value is moved into the future before the wait.
    let send = sender.send(jobs.pop_front().expect("two are there"));
    timeout(limit, send).await.expect_err("the channel is full");
    println!("after send: {jobs:?}");

    // The value is taken when there is a place for it.
    let reserve = timeout(limit, sender.reserve()).await;
    reserve.expect_err("the channel is full");
    println!("after reserve: {jobs:?}");

    println!("received: {:?}", receiver.recv().await);
    let permit = sender.reserve().await.expect("somebody receives");
    permit.send(jobs.pop_front().expect("one is there"));
    println!("received: {:?}", receiver.recv().await);
}
// ANCHOR_END: program
