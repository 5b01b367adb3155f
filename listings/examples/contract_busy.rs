//! Two futures wait a tenth of a second for a thread. One wakes itself in each
//! poll, the other keeps its waker. How often is each polled?

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::thread;
use std::time::Duration;

use listings::futures::poll::manual::manual;

// ANCHOR: program
fn later(event: impl FnOnce() + Send + 'static) {
    thread::spawn(|| {
        thread::sleep(Duration::from_millis(100));
        event();
    });
}

fn main() {
    let done = Arc::new(AtomicBool::new(false));
    let to_set = done.clone();
    later(move || to_set.store(true, Ordering::Release));
    let mut polls = 0;
    pollster::block_on(poll_fn(|cx| {
        polls += 1;
        if done.load(Ordering::Acquire) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }));
    println!("wakes itself: {}", times(polls));

    let (mut future, completer) = manual();
    later(move || completer.complete(()));
    let mut polls = 0;
    pollster::block_on(poll_fn(|cx| {
        polls += 1;
        Pin::new(&mut future).poll(cx)
    }));
    println!("keeps its waker: {}", times(polls));
}
// ANCHOR_END: program

fn times(polls: u64) -> String {
    match polls {
        1001.. => "more than 1000 polls".to_string(),
        few => format!("{few} polls"),
    }
}
