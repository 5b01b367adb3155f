//! An order that is dropped after each number of polls.

use std::cell::RefCell;

use listings::cancellation::drop::order::order;
use listings::cancellation::drop::walk::{drop_after, walk};

fn main() {
    walk(|polls| {
        let log = RefCell::default();
        let ready = drop_after(polls, order(&log));
        let end = if ready { "ready" } else { "dropped" };
        println!("{end} after {polls} polls: {:?}", log.take());
        (ready, ())
    });
}
