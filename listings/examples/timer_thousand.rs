//! A thousand timers of an hour, each polled once.

use std::pin::Pin;
use std::task::{Context, Waker};
use std::time::Duration;

use listings::wakers::timer::stopped;
use listings::wakers::timer::threads::waiting;

const HOUR: Duration = Duration::from_secs(60 * 60);

// ANCHOR: program
fn main() {
    let mut cx = Context::from_waker(Waker::noop());
    let mut sleeps = Vec::new();
    for _ in 0..1000 {
        let mut sleep = stopped::sleep(HOUR);
        assert!(Pin::new(&mut sleep).poll(&mut cx).is_pending());
        sleeps.push(sleep);
    }
    println!("timers: {}, threads: {}", sleeps.len(), waiting());
}
// ANCHOR_END: program
