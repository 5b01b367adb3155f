//! Three ends of a Tokio runtime that has a task and a blocking closure.

use std::future;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

struct Says(&'static str);

impl Drop for Says {
    fn drop(&mut self) {
        println!("{}", self.0);
    }
}

// ANCHOR: busy
/// A runtime whose closure blocks until nobody keeps `release`.
struct Busy {
    runtime: Runtime,
    task: JoinHandle<()>,
    release: Arc<Sender<()>>,
    /// Is disconnected when the closure has ended.
    ended: Receiver<()>,
}

fn busy() -> io::Result<Busy> {
    let runtime = Builder::new_current_thread().build()?;
    let (release, released) = channel::<()>();
    let release = Arc::new(release);
    let kept = release.clone();
    let task = runtime.spawn(async move {
        // Dropped from the last to the first.
        let _kept = kept;
        let _says = Says("  the task is dropped");
        future::pending().await
    });
    runtime.block_on(tokio::task::yield_now());
    let (starts, started) = channel();
    let (ends, ended) = channel();
    runtime.spawn_blocking(move || {
        let _ends: Sender<()> = ends;
        starts.send(()).expect("it is received");
        // An error: all senders were dropped.
        let _ = released.recv();
        println!("  the closure ends");
    });
    started.recv().expect("the closure starts");
    Ok(Busy { runtime, task, release, ended })
}
// ANCHOR_END: busy

// ANCHOR: main
fn main() -> io::Result<()> {
    println!("drop:");
    let first = busy()?;
    drop(first.release); // Now the end of the task lets the closure go on.
    drop(first.runtime);
    println!("  it returned");

    println!("shutdown_timeout:");
    let second = busy()?;
    second.runtime.shutdown_timeout(Duration::from_millis(10));
    println!("  it returned, the closure is still blocked");
    println!("  the task has ended: {}", second.task.is_finished());
    drop(second.release);
    let _ = second.ended.recv();

    println!("shutdown_background:");
    let third = busy()?;
    third.runtime.shutdown_background();
    println!("  it returned, the closure is still blocked");
    drop(third.release);
    let _ = third.ended.recv();
    Ok(())
}
// ANCHOR_END: main
