//! A blocking call on a thread of its own: it waits for what a task sends.

use std::sync::mpsc::channel;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), tokio::task::JoinError> {
    let (sender, receiver) = channel();
    let blocking = tokio::task::spawn_blocking(move || {
        let word = receiver.recv(); // blocks this thread
        println!("the blocking call ends: {word:?}");
    });
    let other = tokio::spawn(async move {
        println!("another task runs");
        sender.send("hello")
    });
    blocking.await?;
    println!("sent: {:?}", other.await?);
    Ok(())
}
