//! The same blocking wait, moved out of the way.

use std::error::Error;
use std::sync::mpsc;
use std::time::Duration;

use tokio::join;
use tokio::runtime::Builder;
use tokio::task::{block_in_place, spawn_blocking};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

// ANCHOR: program
async fn on_the_pool() {
    let (sender, receiver) = mpsc::channel();
    drop(tokio::spawn(async move { sender.send("hello") }));
    let wait = spawn_blocking(move || receiver.recv_timeout(MINUTE));
    println!("spawn_blocking: {:?}", wait.await);
}

async fn in_place() {
    let (sender, receiver) = mpsc::channel();
    drop(tokio::spawn(async move { sender.send("hello") }));
    let word = block_in_place(|| receiver.recv_timeout(MINUTE));
    println!("block_in_place: {word:?}");
}

async fn in_place_joined() {
    let (sender, receiver) = mpsc::channel();
    let waits = async move { block_in_place(|| receiver.recv_timeout(SECOND)) };
    let (word, _sent) = join!(waits, async { sender.send("hello") });
    println!("block_in_place in a join!: {word:?}");
}
// ANCHOR_END: program

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = Builder::new_multi_thread().worker_threads(4).build()?;
    runtime.block_on(runtime.spawn(on_the_pool()))?;
    runtime.block_on(runtime.spawn(in_place()))?;
    runtime.block_on(runtime.spawn(in_place_joined()))?;
    Ok(())
}
