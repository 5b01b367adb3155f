//! Ways out for a task of Tokio that would block its thread.

use std::sync::mpsc;
use std::time::Duration;

use tokio::task::{block_in_place, spawn_blocking, yield_now};
use tokio::time::sleep;

// ANCHOR: program
/// Spawns a child, and gives it what `rest` gives.
async fn with_child<F: Future>(rest: impl FnOnce(Blocks) -> F) -> F::Output {
    let (sender, child) = mpsc::channel();
    drop(tokio::spawn(async move { sender.send("the child ran") }));
    rest(Blocks(child)).await
}

/// Blocks its thread until the child has run.
struct Blocks(mpsc::Receiver<&'static str>);

impl Blocks {
    fn blocks(self) -> &'static str {
        let answer = self.0.recv_timeout(Duration::from_secs(1));
        answer.unwrap_or("the child did not run")
    }
}

async fn report() {
    let blocks = with_child(async |child| child.blocks());
    println!("blocks:         {}", blocks.await);

    let pool = with_child(async |child| {
        let blocks = spawn_blocking(|| child.blocks());
        blocks.await.expect("it does not panic")
    });
    println!("spawn_blocking: {}", pool.await);

    let in_place = with_child(async |child| block_in_place(|| child.blocks()));
    println!("block_in_place: {}", in_place.await);

    let yields = with_child(async |child| {
        yield_now().await;
        child.blocks()
    });
    println!("yields first:   {}", yields.await);

    let sleeps = with_child(async |child| {
        while child.0.try_recv().is_err() {
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
