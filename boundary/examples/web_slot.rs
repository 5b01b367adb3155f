//! A value that a task leaves in a slot, and a loop of frames that looks there.

use std::time::Duration;

use boundary::web::platform::{say, spawn, start, timer};
use boundary::web::slot::Slot;

// ANCHOR: main
fn main() {
    start();
    let slot = Slot::new();
    let place = slot.clone();
    spawn(async move {
        timer(Duration::from_millis(50)).await;
        place.fill("the GPU");
    });
    spawn(async move {
        let mut is_loading = false;
        let value = loop {
            if let Some(value) = slot.take() {
                break value;
            }
            if !is_loading {
                is_loading = true;
                say("a frame: still loading");
            }
            timer(Duration::from_millis(1)).await;
        };
        say(format!("a frame: {value} is here"));
    });
    say("main returns");
}
// ANCHOR_END: main
