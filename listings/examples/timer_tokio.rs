//! Tokio's timers, with a clock that nobody has to wait for.

use std::future::pending;
use std::time::Duration;

use futures::future::join_all;
use tokio::time::{Instant, sleep, timeout};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let start = Instant::now();
    let (short, long) = (sleep(HOUR), sleep(2 * HOUR));
    long.await;
    short.await;
    println!("one after the other: {:?}", start.elapsed());

    let start = Instant::now();
    tokio::select! {
        () = sleep(HOUR) => println!("an hour"),
        () = sleep(MINUTE) => println!("a minute: {:?}", start.elapsed()),
    }
    println!("{:?}", timeout(HOUR, pending::<()>()).await);

    let start = Instant::now();
    join_all((1..=1000).map(|hours| sleep(hours * HOUR))).await;
    println!("1000 timers: {} hours", start.elapsed().as_secs() / 3600);
}
