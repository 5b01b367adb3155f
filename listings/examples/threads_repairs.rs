//! Ways out for a task of Tokio that would block its thread.

use std::sync::mpsc;
use std::time::Duration;

use tokio::task::{block_in_place, spawn_blocking, yield_now};
use tokio::time::sleep;

// ANCHOR: helpers
/// What the child sends when it runs.
type FromChild = mpsc::Receiver<&'static str>;

/// Spawns a child, and then runs `parent`.
async fn with_child<F: Future>(
    parent: impl FnOnce(FromChild) -> F,
) -> F::Output {
    let (sender, child) = mpsc::channel();
    drop(tokio::spawn(async move { sender.send("the child ran") }));
    parent(child).await
}

/// Blocks its thread until the child has run, or `seconds` are over.
fn block(child: FromChild, seconds: u64) -> &'static str {
    let answer = child.recv_timeout(Duration::from_secs(seconds));
    answer.unwrap_or("the child did not run")
}
// ANCHOR_END: helpers

// ANCHOR: program
async fn report() {
    let blocks = with_child(async |child| block(child, 1));
    println!("blocks:         {}", blocks.await);

    let pool = with_child(async |child| {
        let blocks = spawn_blocking(|| block(child, 60));
        blocks.await.expect("it does not panic")
    });
    println!("spawn_blocking: {}", pool.await);

    let in_place =
        with_child(async |child| block_in_place(|| block(child, 60)));
    println!("block_in_place: {}", in_place.await);

    let yields = with_child(async |child| {
        yield_now().await;
        block(child, 60)
    });
    println!("yields first:   {}", yields.await);

    let sleeps = with_child(async |child| {
        while child.try_recv().is_err() {
            sleep(Duration::from_millis(1)).await;
        }
        "the child ran"
    });
    println!("sleeps:         {}", sleeps.await);
}

#[tokio::main(flavor = "multi_thread", worker_threads = 4)]
async fn main() {
    // As a task of its own, so that a worker polls it.
    tokio::spawn(report()).await.expect("it does not panic");
}
// ANCHOR_END: program
