//! Who polls a spawned task while nobody is in `block_on`?

use std::io;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

// ANCHOR: program
/// Spawns a task from a plain function, and waits for a word from it.
fn word(runtime: &Runtime) -> Result<&'static str, RecvTimeoutError> {
    let (sender, receiver) = channel();
    runtime.spawn(async move { sender.send("it ran") });
    receiver.recv_timeout(Duration::from_millis(500))
}

fn main() -> io::Result<()> {
    let one_worker = Builder::new_multi_thread().worker_threads(1).build()?;
    println!("multi_thread with one worker: {:?}", word(&one_worker));

    let current = Builder::new_current_thread().build()?;
    println!("current_thread: {:?}", word(&current));

    let task = current.spawn(async { "it ran" });
    println!("current_thread, in block_on: {:?}", current.block_on(task));

    // A thread of its own drives the runtime, until it is told to stop.
    let handle = current.handle().clone();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let thread = std::thread::spawn(move || drop(current.block_on(stopped)));
    let (sender, receiver) = channel();
    handle.spawn(async move { sender.send("it ran") });
    println!("current_thread, driven by a thread: {:?}", receiver.recv());
    drop(stop);
    thread.join().expect("it does not panic");
    Ok(())
}
// ANCHOR_END: program
