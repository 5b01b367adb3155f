//! `block_on` of a future that is ready, and of one that is not.

use std::future::ready;
use std::time::Duration;

use boundary::web::platform::{say, start, timer};

fn main() {
    start();
    pollster::block_on(ready(()));
    say("block_on(ready): done");
    pollster::block_on(timer(Duration::from_millis(1)));
    say("block_on(timer): done");
}
