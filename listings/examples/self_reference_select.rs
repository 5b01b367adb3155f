//! Polls one future in many rounds of a loop, so it has to stay in place.

use std::time::Duration;

use tokio::time::{interval, sleep};

async fn download() -> &'static str {
    sleep(Duration::from_millis(2_500)).await;
    "the file"
}

// With `start_paused` Tokio's clock jumps ahead when all tasks wait.
#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let mut second = interval(Duration::from_secs(1));
    let download = download();
    tokio::pin!(download);
    loop {
        tokio::select! {
            _ = second.tick() => println!("still waiting"),
            file = &mut download => {
                println!("got {file}");
                break;
            }
        }
    }
}
