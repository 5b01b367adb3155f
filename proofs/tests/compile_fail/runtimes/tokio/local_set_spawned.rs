//! A `LocalSet` in a spawned task.

use tokio::task::LocalSet;

// ANCHOR: spawned
async fn counts() {
    let set = LocalSet::new();
    drop(set.spawn_local(async { 1 }));
    set.await;
}

pub fn starts() {
    drop(tokio::spawn(counts()));
}
// ANCHOR_END: spawned

fn main() {}
