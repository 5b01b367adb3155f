//! A blocking wait in `block_in_place`, on the thread of the task.

use std::error::Error;
use std::sync::mpsc;
use std::time::Duration;

use tokio::join;
use tokio::runtime::Builder;
use tokio::task::block_in_place;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

// ANCHOR: program
async fn in_place() {
    let (sender, receiver) = mpsc::channel();
    drop(tokio::spawn(async move { sender.send("hello") }));
    let word = block_in_place(|| receiver.recv_timeout(MINUTE));
    println!("a child: {word:?}");
}

async fn in_place_joined() {
    let (sender, receiver) = mpsc::channel();
    let waits = async move { block_in_place(|| receiver.recv_timeout(SECOND)) };
    let (word, _sent) = join!(waits, async { sender.send("hello") });
    println!("the other half of a join!: {word:?}");
}

fn main() -> Result<(), Box<dyn Error>> {
    let one_worker = Builder::new_multi_thread().worker_threads(1).build()?;
    one_worker.block_on(one_worker.spawn(in_place()))?;
    one_worker.block_on(one_worker.spawn(in_place_joined()))?;
    Ok(())
}
// ANCHOR_END: program
