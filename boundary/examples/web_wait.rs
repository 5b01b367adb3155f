//! A wait of a millisecond on the main thread: a browser refuses it.

use std::time::Duration;

use boundary::web::platform::{say, start, wait};

fn main() {
    start();
    say(wait(Duration::from_millis(1)));
}
