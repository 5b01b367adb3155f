//! A task that waits for its child in two ways, on four worker threads.

use std::error::Error;
use std::sync::mpsc;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::sync::oneshot;

// ANCHOR: program
async fn blocks() {
    let (sender, receiver) = mpsc::channel();
    drop(tokio::spawn(async move { sender.send("hello") }));
    println!("blocks: {:?}", receiver.recv_timeout(Duration::from_secs(1)));
}

async fn awaits() {
    let (sender, receiver) = oneshot::channel();
    drop(tokio::spawn(async move { sender.send("hello") }));
    println!("awaits: {:?}", receiver.await);
}

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = Builder::new_multi_thread().worker_threads(4).build()?;
    runtime.block_on(runtime.spawn(blocks()))?;
    runtime.block_on(runtime.spawn(awaits()))?;
    Ok(())
}
// ANCHOR_END: program
