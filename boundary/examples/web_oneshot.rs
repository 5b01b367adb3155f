//! Tokio's oneshot channel between two tasks of the browser.

use std::time::Duration;

use boundary::web::platform::{say, spawn, start, timer};
use tokio::sync::oneshot;

fn main() {
    start();
    let (sender, receiver) = oneshot::channel();
    spawn(async move {
        timer(Duration::from_millis(1)).await;
        // The receiver may be gone; then nobody waits for the text.
        let _ = sender.send("the GPU");
    });
    spawn(async move {
        match receiver.await {
            Ok(value) => say(format!("{value} is here")),
            Err(why) => say(why),
        }
    });
    say("main returns");
}
