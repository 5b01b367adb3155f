//! A `LocalSet` in a spawned task.

use tokio::task::{LocalSet, spawn_local};

// ANCHOR: spawned
async fn counts() -> u32 {
    let set = LocalSet::new();
    set.run_until(async {
        let task = spawn_local(async { 1 });
        task.await.unwrap_or(0)
    })
    .await
}

pub fn starts() {
    drop(tokio::spawn(counts()));
}
// ANCHOR_END: spawned

fn main() {}
