//! A task that blocks its thread, on our two pools.

use std::sync::mpsc;
use std::time::Duration;

use listings::runtimes::threads::{pool, shared};

// ANCHOR: program
/// Spawns two children and blocks its thread: until one of them has run, and
/// then until the other has, or `limit` is over.
fn parent(limit: Duration, spawn: impl Fn(u32, mpsc::Sender<u32>)) -> Vec<u32> {
    let (sender, runs) = mpsc::channel();
    for child in [1, 2] {
        spawn(child, sender.clone());
    }
    let mut ran = Vec::from_iter(runs.recv());
    ran.extend(runs.recv_timeout(limit));
    ran.sort();
    ran
}

async fn child(number: u32, sender: mpsc::Sender<u32>) {
    // An error means that the parent listens no more.
    let _ = sender.send(number);
}

fn main() {
    let one_queue = shared::Pool::new(4);
    let (spawner, limit) = (one_queue.spawner(), Duration::from_secs(60));
    let blocks = async move {
        parent(limit, |n, sender| drop(spawner.spawn(child(n, sender))))
    };
    let ran = one_queue.run(one_queue.spawn(blocks));
    println!("one queue:          {ran:?}");

    let a_queue_each = pool::Pool::new(4);
    let (spawner, limit) = (a_queue_each.spawner(), Duration::from_secs(1));
    let blocks = async move {
        parent(limit, |n, sender| drop(spawner.spawn(child(n, sender))))
    };
    let ran = a_queue_each.run(a_queue_each.spawn(blocks));
    println!("a queue and a slot: {ran:?}");
}
// ANCHOR_END: program
