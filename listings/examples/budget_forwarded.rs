//! A task of Tokio receives, and forwards to a channel that no budget counts.

use futures::StreamExt;
use futures::channel::mpsc;
use listings::runtimes::executor::Executor;
use tokio::sync::mpsc::unbounded_channel;

// ANCHOR: program
#[tokio::main]
async fn main() {
    let (sender, mut receiver) = unbounded_channel();
    (0..1024).for_each(|n| sender.send(n).expect("it is open"));
    drop(sender);
    let (forward, messages) = mpsc::unbounded();
    tokio::spawn(async move {
        while let Some(message) = receiver.recv().await {
            if forward.unbounded_send(message).is_err() {
                break;
            }
        }
    });
    let executor = Executor::default();
    println!("forwarded: {}", executor.run(messages.count()));
}
// ANCHOR_END: program
