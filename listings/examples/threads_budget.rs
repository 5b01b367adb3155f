//! What a task of Tokio sees of handles that it polls in one go.

use std::thread;

use futures::FutureExt;

// ANCHOR: program
async fn asks(children: usize) -> usize {
    let mut handles: Vec<_> =
        (0..children).map(|_| tokio::spawn(async {})).collect();
    // The last one is in the slot. The others run on the other workers.
    handles.pop();
    while !handles.iter().all(|handle| handle.is_finished()) {
        thread::yield_now();
    }
    // All have ended. How many can one poll of this task see?
    handles.into_iter().filter_map(|handle| handle.now_or_never()).count()
}

#[tokio::main(flavor = "multi_thread", worker_threads = 4)]
async fn main() {
    let seen = tokio::spawn(asks(201)).await.expect("it does not panic");
    println!("of 200 children that have ended, {seen} were seen");
}
// ANCHOR_END: program
