//! A task that beats every second, beside `advance` and beside `sleep`.

use std::time::Duration;

use tokio::task::yield_now;
use tokio::time::{Instant, advance, interval, sleep};

// ANCHOR: program
async fn beats(start: Instant) {
    println!("  first poll at {:?}", start.elapsed());
    let mut interval = interval(Duration::from_secs(1));
    for beat in 0.. {
        interval.tick().await;
        println!("  beat {beat} at {:?}", start.elapsed());
    }
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let start = Instant::now();
    println!("spawn, and advance 3 s at once");
    tokio::spawn(beats(start));
    advance(Duration::from_secs(3)).await;
    println!("it is {:?}; yield", start.elapsed());
    yield_now().await;
    println!("advance 3 s");
    advance(Duration::from_secs(3)).await;
    println!("it is {:?}; yield", start.elapsed());
    yield_now().await;
    println!("sleep 3 s");
    sleep(Duration::from_secs(3)).await;
    println!("it is {:?}", start.elapsed());
}
// ANCHOR_END: program
