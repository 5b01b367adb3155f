//! Gives a download an end, with Tokio's timer and with no timer at all.

use std::time::Duration;

use listings::futures::poll::countdown::countdown;
use listings::pinning::projection::until::until;
use tokio::time::sleep;

async fn download() -> &'static str {
    sleep(Duration::from_millis(2_500)).await;
    "the file"
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    for seconds in [2, 3] {
        let stop = sleep(Duration::from_secs(seconds));
        println!("{seconds} s: {:?}", until(download(), stop).await);
    }
    println!("3 polls: {:?}", until(download(), countdown(2)).await);

    let second = Duration::from_secs(1);
    let file = tokio::time::timeout(second, download()).await;
    println!("Tokio: {file:?}");
}
