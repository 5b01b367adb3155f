//! Looks once a second whether one and the same download is done.

use std::pin::pin;
use std::time::Duration;

use tokio::time::{sleep, timeout};

async fn download() -> &'static str {
    println!("the download starts");
    sleep(Duration::from_millis(2_500)).await;
    "the file"
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let second = Duration::from_secs(1);
    let mut download = pin!(download());
    for seconds in 1..=4 {
        match timeout(second, download.as_mut()).await {
            Ok(file) => return println!("got {file}"),
            Err(_) => println!("nothing after {seconds} s"),
        }
    }
    println!("we give up");
}
