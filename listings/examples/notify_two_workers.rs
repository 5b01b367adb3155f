//! Two workers look for a job and find none. Then two jobs come.

use std::cell::RefCell;
use std::collections::VecDeque;

use listings::futures::combinators::once::poll_now;
use tokio::sync::Notify;

// ANCHOR: program
fn main() {
    let list = RefCell::new(VecDeque::new());
    let more = Notify::new();
    let add = |job| {
        list.borrow_mut().push_back(job);
        more.notify_one();
    };

    // Ann looks, and finds nothing. Bob looks, and finds nothing.
    assert!(list.borrow().is_empty());
    // Before either waits, two jobs come, with a notice each.
    add("wash up");
    add("dry up");
    // Now each begins to wait.
    let ann = poll_now(more.notified());
    let bob = poll_now(more.notified());
    println!("Ann is told: {}, Bob is told: {}", ann.is_some(), bob.is_some());
    println!("jobs in the list: {}", list.borrow().len());
}
// ANCHOR_END: program
