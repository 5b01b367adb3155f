//! A heartbeat every second in Tokio, and one beat that takes too long.

use std::time::Duration;

use tokio::time::{Instant, interval, sleep};

// ANCHOR: program
const SECOND: Duration = Duration::from_secs(1);

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let start = Instant::now();
    let mut heartbeat = interval(SECOND);
    for beat in 1..=7 {
        heartbeat.tick().await;
        println!("beat {beat} after {:?}", start.elapsed());
        if beat == 2 {
            sleep(SECOND * 7 / 2).await; // The disk is slow today.
        }
    }
}
// ANCHOR_END: program
