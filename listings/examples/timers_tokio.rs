//! In Tokio: when an interval ticks, and which clock stands still.

use std::time::{self, Duration};

use tokio::time::{
    Instant, MissedTickBehavior, advance, interval, interval_at, sleep, timeout,
};

// ANCHOR: program
const SECOND: Duration = Duration::from_secs(1);

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let (start, real) = (Instant::now(), time::Instant::now());

    let mut at_once = interval(SECOND);
    at_once.tick().await;
    println!("interval: first tick after {:?}", start.elapsed());
    let mut later = interval_at(start + SECOND, SECOND);
    later.set_missed_tick_behavior(MissedTickBehavior::Skip);
    later.tick().await;
    println!("interval_at: first tick after {:?}", start.elapsed());
    sleep(SECOND * 7 / 2).await;
    later.tick().await;
    println!("Skip: a late tick after {:?}", start.elapsed());
    later.tick().await;
    println!("Skip: the next tick after {:?}", start.elapsed());

    let before = Instant::now();
    sleep(Duration::from_micros(1500)).await;
    println!("a sleep of 1.5 ms took {:?}", before.elapsed());

    let end = timeout(3600 * SECOND, sleep(Duration::MAX)).await;
    println!("an hour later: {}", end.is_err());
    println!("the clock of std saw it: {}", real.elapsed() > 1800 * SECOND);

    let (one, two) = (sleep(SECOND), sleep(2 * SECOND));
    let before = Instant::now();
    advance(10 * SECOND).await;
    one.await;
    println!("after `advance`, one second is {:?}", before.elapsed());
    two.await;
    println!("and two seconds are {:?}", before.elapsed());
}
// ANCHOR_END: program
