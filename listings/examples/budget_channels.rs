//! A task takes a thousand messages that are there. How many turns has
//! another task meanwhile?

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use futures::StreamExt;
use tokio::task::{JoinError, yield_now};

// ANCHOR: program
async fn turns_beside(
    busy: impl Future<Output = ()> + Send + 'static,
) -> Result<u32, JoinError> {
    let over = Arc::new(AtomicBool::new(false));
    let is_over = over.clone();
    let busy = tokio::spawn(async move {
        busy.await;
        over.store(true, Relaxed);
    });
    let other = tokio::spawn(async move {
        let mut turns = 0;
        while !is_over.load(Relaxed) {
            turns += 1;
            yield_now().await;
        }
        turns
    });
    busy.await?;
    other.await
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), JoinError> {
    let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
    (0..1000).for_each(|n| sender.send(n).expect("it is open"));
    drop(sender);
    let busy = async move { while receiver.recv().await.is_some() {} };
    println!("a channel of tokio: {} turns", turns_beside(busy).await?);

    let (sender, mut receiver) = futures::channel::mpsc::unbounded();
    (0..1000).for_each(|n| sender.unbounded_send(n).expect("it is open"));
    drop(sender);
    let busy = async move { while receiver.next().await.is_some() {} };
    println!("a channel of futures: {} turns", turns_beside(busy).await?);
    Ok(())
}
// ANCHOR_END: program
