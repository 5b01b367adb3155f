//! Four ends of a Tokio runtime that has a task and a blocking closure.

use std::sync::mpsc::{Sender, channel};
use std::time::Duration;
use std::{future, io};

use listings::proof::watchdog;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

struct Says(&'static str);

impl Drop for Says {
    fn drop(&mut self) {
        println!("{}", self.0);
    }
}

/// A runtime with a task that waits and a closure that blocks until the
/// sender is dropped.
fn runtime() -> io::Result<(Runtime, JoinHandle<()>, Sender<()>)> {
    let runtime = Builder::new_current_thread().build()?;
    let task = runtime.spawn(async {
        let _local = Says("  the task is dropped");
        future::pending().await
    });
    let (release, released) = channel::<()>();
    let (starts, started) = channel();
    runtime.spawn_blocking(move || {
        starts.send(()).expect("it is received");
        // An error: the sender was dropped.
        let _ = released.recv();
    });
    started.recv().expect("the closure starts");
    runtime.block_on(tokio::task::yield_now());
    Ok((runtime, task, release))
}

fn main() -> io::Result<()> {
    let limit = Duration::from_millis(500);

    println!("drop:");
    let (first, _, release) = runtime()?;
    let hung = watchdog(limit, move || drop(first)).is_err();
    println!("  it waits for the closure: {hung}");
    drop(release);

    println!("shutdown_timeout:");
    let (second, task, release) = runtime()?;
    second.shutdown_timeout(Duration::from_millis(10));
    println!("  it returned, the closure is still blocked");
    println!("  the task has ended: {}", task.is_finished());
    drop(release);

    println!("shutdown_background:");
    let (third, _, release) = runtime()?;
    third.shutdown_background();
    println!("  it returned at once");
    drop(release);
    Ok(())
}
