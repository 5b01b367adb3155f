//! The same task that blocks its thread, on our two pools.

use std::sync::mpsc;
use std::time::Duration;

use listings::runtimes::threads::{pool, shared};

// ANCHOR: program
/// Spawns children, and blocks its thread.
fn parent(children: u32, spawn: impl Fn(u32, mpsc::Sender<u32>)) -> Vec<u32> {
    let (sender, runs) = mpsc::channel();
    (1..=children).for_each(|child| spawn(child, sender.clone()));
    let mut ran = Vec::new();
    while let Ok(child) = runs.recv_timeout(Duration::from_secs(1)) {
        ran.push(child);
    }
    ran.sort();
    ran
}

async fn child(number: u32, sender: mpsc::Sender<u32>) {
    // An error means that the parent listens no more.
    let _ = sender.send(number);
}

fn main() {
    let one_queue = shared::Pool::new(4);
    let spawner = one_queue.spawner();
    let blocks = async move {
        parent(2, |n, sender| drop(spawner.spawn(child(n, sender))))
    };
    let ran = one_queue.run(one_queue.spawn(blocks));
    println!("one queue:          {ran:?}");

    let a_queue_each = pool::Pool::new(4);
    let spawner = a_queue_each.spawner();
    let blocks = async move {
        parent(2, |n, sender| drop(spawner.spawn(child(n, sender))))
    };
    let ran = a_queue_each.run(a_queue_each.spawn(blocks));
    println!("a queue and a slot: {ran:?}");
}
// ANCHOR_END: program
