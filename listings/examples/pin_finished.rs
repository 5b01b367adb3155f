//! A loop that goes on when its future is finished, and polls it again.

use std::pin::pin;
use std::time::Duration;

use tokio::time::{interval, sleep};

async fn download() -> &'static str {
    sleep(Duration::from_millis(1_500)).await;
    "the file"
}

async fn watch() {
    let mut second = interval(Duration::from_secs(1));
    let mut download = pin!(download());
    loop {
        tokio::select! {
            _ = second.tick() => println!("tick"),
            file = &mut download => println!("got {file}"),
        }
    }
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let end = tokio::spawn(watch()).await;
    let panic = end.expect_err("the loop has no other end").into_panic();
    println!("panicked: {:?}", panic.downcast_ref::<&str>());
}
