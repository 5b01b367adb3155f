//! Two ways to go on in a loop when its future is finished.

use std::pin::pin;
use std::time::Duration;

use futures::FutureExt;
use tokio::time::{interval, sleep};

async fn download() -> &'static str {
    sleep(Duration::from_millis(1_500)).await;
    "the file"
}

async fn with_a_guard() {
    let mut second = interval(Duration::from_secs(1));
    let mut download = pin!(download());
    let mut done = false;
    for _ in 0..4 {
        tokio::select! {
            _ = second.tick() => println!("tick"),
            file = &mut download, if !done => {
                println!("got {file}");
                done = true;
            }
        }
    }
}

async fn with_fuse() {
    let mut second = interval(Duration::from_secs(1));
    let mut download = pin!(download().fuse());
    for _ in 0..4 {
        tokio::select! {
            _ = second.tick() => println!("tick"),
            file = &mut download => println!("got {file}"),
        }
    }
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    println!("a guard");
    with_a_guard().await;
    println!("fuse");
    with_fuse().await;
}
