//! A token asks the tasks to stop, and a tracker waits until they have.

use tokio::sync::mpsc;
use tokio::task::yield_now;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

// ANCHOR: program
async fn worker(token: CancellationToken, mut jobs: mpsc::Receiver<u32>) {
    loop {
        tokio::select! {
            biased;
            () = token.cancelled() => break,
            Some(job) = jobs.recv() => println!("does job {job}"),
        }
    }
    println!("is asked to stop");
    yield_now().await; // it may await here
    println!("has cleaned up");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (token, tracker) = (CancellationToken::new(), TaskTracker::new());
    let (sender, jobs) = mpsc::channel(4);
    tracker.spawn(worker(token.clone(), jobs));
    sender.send(1).await.expect("the worker listens");
    yield_now().await;

    token.cancel();
    println!("the token is cancelled");
    tracker.close();
    tracker.wait().await;
    println!("no task is left");
}
// ANCHOR_END: program
