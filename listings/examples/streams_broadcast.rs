//! A slow receiver of a broadcast loses values, and hears of it. A watch has
//! the newest value only.

use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};

// ANCHOR: program
async fn slow(mut prices: broadcast::Receiver<u32>) {
    loop {
        match prices.recv().await {
            Ok(price) => println!("broadcast: {price}"),
            Err(RecvError::Lagged(lost)) => println!("broadcast: {lost} lost"),
            Err(RecvError::Closed) => break println!("broadcast: the end"),
        }
    }
}

async fn newest(mut prices: watch::Receiver<u32>) {
    while prices.changed().await.is_ok() {
        println!("watch: {}", *prices.borrow_and_update());
    }
    println!("watch: the end");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (to_all, prices) = broadcast::channel(4);
    let (to_newest, latest) = watch::channel(0);
    for price in 1..=10 {
        to_all.send(price).expect("somebody listens");
        to_newest.send(price).expect("somebody listens");
    }
    drop((to_all, to_newest));
    slow(prices).await;
    newest(latest).await;
}
// ANCHOR_END: program
