//! What runs when a runtime is dropped.

use std::future::pending;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::task::{spawn_blocking, yield_now};

// ANCHOR: task
struct Loud(&'static str);

impl Drop for Loud {
    fn drop(&mut self) {
        println!("  {}: dropped", self.0);
    }
}

async fn waits() {
    let _loud = Loud("a task at an await");
    pending::<()>().await;
    println!("  never printed");
}

/// Spawns a task in its destructor.
struct Spawns;

impl Drop for Spawns {
    fn drop(&mut self) {
        let loud = Loud("a task spawned by a destructor");
        drop(tokio::spawn(async move {
            let _loud = loud;
            println!("  never printed");
        }));
    }
}

async fn spawns() {
    let _spawns = Spawns;
    pending::<()>().await;
}

fn drop_with_tasks() {
    println!("drop, with tasks:");
    let runtime = new_runtime();
    runtime.block_on(async {
        drop(tokio::spawn(waits()));
        drop(tokio::spawn(spawns()));
        yield_now().await;
    });
    drop(runtime);
}
// ANCHOR_END: task

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
    drop_with_tasks();
    println!("drop, with blocking calls:");
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
