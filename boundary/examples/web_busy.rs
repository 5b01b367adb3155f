//! A loop that polls until the future is ready, instead of sleeping.

use std::pin::pin;
use std::task::{Context, Waker};
use std::time::Duration;

use boundary::web::platform::{say, spawn, start, timer};

// ANCHOR: busy
/// Where polling in a loop would never end, it ends here.
const LIMIT: u64 =
    if cfg!(target_arch = "wasm32") { 1_000_000 } else { u64::MAX };

fn main() {
    start();
    spawn(async {
        let mut timer = pin!(timer(Duration::from_millis(1)));
        let mut context = Context::from_waker(Waker::noop());
        for _ in 0..LIMIT {
            if timer.as_mut().poll(&mut context).is_ready() {
                return say("polled in a loop: ready");
            }
        }
        say(format!("polled {LIMIT} times in a loop: pending"));
        timer.await;
        say("awaited: ready");
    });
}
// ANCHOR_END: busy
