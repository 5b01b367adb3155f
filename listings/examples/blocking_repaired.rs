//! A blocking wait on a thread that may block.

use std::error::Error;
use std::sync::mpsc;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::task::{JoinError, spawn_blocking};

// ANCHOR: program
const MINUTE: Duration = Duration::from_secs(60);

async fn on_the_pool() -> Result<(), JoinError> {
    let (sender, receiver) = mpsc::channel();
    drop(tokio::spawn(async move { sender.send("hello") }));
    let wait = spawn_blocking(move || receiver.recv_timeout(MINUTE));
    println!("{:?}", wait.await?);
    Ok(())
}
// ANCHOR_END: program

fn main() -> Result<(), Box<dyn Error>> {
    let one = Builder::new_current_thread().build()?;
    one.block_on(one.spawn(on_the_pool()))??;
    let four = Builder::new_multi_thread().worker_threads(4).build()?;
    four.block_on(four.spawn(on_the_pool()))??;
    Ok(())
}
