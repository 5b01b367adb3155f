//! What a runtime does with blocking calls when it ends, in three ways.

use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::task::spawn_blocking;

// ANCHOR: blocking
/// Starts a call that blocks until it hears from the sender, and another one,
/// which waits in the queue: the pool has one thread.
fn blocks(runtime: &Runtime, go_on: Receiver<()>) {
    let (begun, has_begun) = channel();
    let running = move || {
        begun.send(()).expect("somebody waits");
        // It hears, or the sender is gone.
        let _ = go_on.recv();
        println!("  a blocking call: ended");
    };
    let queued = || println!("  a call in the queue: ended");
    runtime.block_on(async {
        drop(spawn_blocking(running));
        drop(spawn_blocking(queued));
    });
    has_begun.recv().expect("it begins");
}

fn new_runtime() -> Runtime {
    let mut builder = Builder::new_current_thread();
    builder.max_blocking_threads(1).build().expect("a runtime")
}
// ANCHOR_END: blocking

// ANCHOR: program
fn main() {
    println!("drop:");
    let runtime = new_runtime();
    let (go_on, goes_on) = channel();
    blocks(&runtime, goes_on);
    let later = thread::spawn(move || {
        thread::sleep(Duration::from_millis(20));
        println!("  the drop waits");
        go_on.send(()).expect("it is still there");
    });
    drop(runtime);
    println!("  dropped");
    later.join().expect("it does not panic");

    println!("shutdown_timeout:");
    let runtime = new_runtime();
    let (_never, goes_on) = channel();
    blocks(&runtime, goes_on);
    runtime.shutdown_timeout(Duration::from_millis(20));
    println!("  the call is left behind");

    println!("shutdown_background:");
    let runtime = new_runtime();
    let (_never, goes_on) = channel();
    blocks(&runtime, goes_on);
    runtime.shutdown_background();
    println!("  the call is left behind, at once");
    // The process ends, and nobody waits for the two threads.
    std::process::exit(0);
}
// ANCHOR_END: program
