//! `abort` of a task that waits, of a new one, and of one that has ended.

use std::future::pending;

use listings::runtimes::executor::Executor;

struct Pan;

impl Drop for Pan {
    fn drop(&mut self) {
        println!("  the pan is put away");
    }
}

// ANCHOR: program
async fn waits() {
    let _pan = Pan; // says when it is dropped
    println!("  it waits");
    pending().await
}

fn main() {
    let executor = Executor::default();
    let spawner = executor.spawner();

    println!("a task that waits:");
    let task = spawner.spawn(waits());
    executor.run_until_stalled();
    task.abort();
    println!("  `abort` has returned");
    println!("  the handle: {:?}", executor.run(task));

    println!("a task before its first poll:");
    let task = spawner.spawn(waits());
    task.abort();
    println!("  the handle: {:?}", executor.run(task));

    println!("a task that has ended:");
    let task = spawner.spawn(async { 42 });
    executor.run_until_stalled();
    task.abort();
    println!("  the handle: {:?}", executor.run(task));
}
// ANCHOR_END: program
