//! Two workers who stand in the line before they look for a job.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::pin::pin;

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

    // First into the line, then look, then await: for both.
    let (mut ann, mut bob) = (pin!(more.notified()), pin!(more.notified()));
    ann.as_mut().enable();
    bob.as_mut().enable();
    assert!(list.borrow().is_empty());
    add("wash up");
    add("dry up");
    let (ann, bob) = (poll_now(ann), poll_now(bob));
    println!("Ann is told: {}, Bob is told: {}", ann.is_some(), bob.is_some());
}
// ANCHOR_END: program
