//! `spawn_blocking` with paused time: the clock stands still while a call
//! runs, and a call that waits for the clock hangs.

use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use listings::proof::watchdog;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep, timeout};

// ANCHOR: program
const SECOND: Duration = Duration::from_secs(1);

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn short_call() {
    let start = Instant::now();
    let call = spawn_blocking(|| thread::sleep(Duration::from_millis(20)));
    let end = timeout(SECOND, call).await;
    println!("in time: {}, after {:?}", end.is_ok(), start.elapsed());
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn waits_for_a_timer() {
    let (sender, receiver) = channel();
    tokio::spawn(async move {
        sleep(SECOND).await;
        sender.send("a second has passed")
    });
    let end = spawn_blocking(move || receiver.recv()).await;
    println!("{end:?}");
}

fn main() {
    short_call();
    let end = watchdog(2 * SECOND, waits_for_a_timer);
    println!("{end:?}");
}
// ANCHOR_END: program
