//! A task of Tokio that blocks its thread, and the children that it spawned.

use std::sync::mpsc;
use std::time::Duration;

// ANCHOR: program
async fn parent(children: usize) -> Vec<usize> {
    let (sender, runs) = mpsc::channel();
    for child in 1..=children {
        let sender = sender.clone();
        // An error means that the parent listens no more.
        drop(tokio::spawn(async move { sender.send(child) }));
    }
    // This blocks the thread, which async code should never do. It waits for
    // all children but one, and then gives the last one a second.
    let mut ran: Vec<_> = runs.iter().take(children - 1).collect();
    ran.extend(runs.recv_timeout(Duration::from_secs(1)));
    ran.sort();
    ran
}

#[tokio::main(flavor = "multi_thread", worker_threads = 4)]
async fn main() {
    for children in [1, 2, 3] {
        let parent = tokio::spawn(parent(children));
        let ran = parent.await.expect("it does not panic");
        println!("{children} spawned, these ran: {ran:?}");
    }
}
// ANCHOR_END: program
