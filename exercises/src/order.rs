//! Exercise to futures/lazy.html: predict what runs, and in which order.

use std::cell::RefCell;
use std::future::pending;

use exercises::{block_on, is_ready};

// ANCHOR: stub
type Log = RefCell<Vec<&'static str>>;

async fn work(log: &Log, what: &'static str) {
    log.borrow_mut().push(what);
}

/// `is_ready` polls a future once. Read the program without running it.
pub fn program() -> Vec<&'static str> {
    let log = Log::default();
    let a = work(&log, "a");
    let b = work(&log, "b");
    let mut c = Box::pin(async {
        work(&log, "c, first line").await;
        b.await;
        pending::<()>().await; // never ready
        work(&log, "c, last line").await;
    });
    log.borrow_mut().push("program");
    assert!(!is_ready(&mut c));
    block_on(a);
    drop(c);
    log.take()
}

/// What is in the log at the end? Put `Some("…")` in each place.
pub const PREDICTED: [Option<&str>; 4] = [None, None, None, None];
// ANCHOR_END: stub
