//! Two futures wait for another thread. One wakes at each poll, and one when
//! the value is there. How often is each polled?

use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::SeqCst};
use std::task::Poll;
use std::thread;

use listings::futures::poll::manual::manual;

static POLLS: AtomicU32 = AtomicU32::new(0);
static FLAG: AtomicBool = AtomicBool::new(false);

/// Runs `future` and counts its polls. When there are `many`, another thread
/// calls `finish`.
fn run<T>(
    future: impl Future<Output = T>,
    many: u32,
    finish: impl FnOnce() + Send + 'static,
) {
    POLLS.store(0, SeqCst);
    let other = thread::spawn(move || {
        while POLLS.load(SeqCst) < many {
            thread::yield_now();
        }
        finish();
    });
    let mut future = pin!(future);
    pollster::block_on(poll_fn(|cx| {
        let answer = future.as_mut().poll(cx);
        POLLS.fetch_add(1, SeqCst);
        answer
    }));
    other.join().expect("finishing does not panic");
}

// ANCHOR: main
fn main() {
    let busy = poll_fn(|cx| {
        if FLAG.load(SeqCst) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    });
    run(busy, 1000, || FLAG.store(true, SeqCst));
    let many = POLLS.load(SeqCst) > 1000;
    println!("wakes at each poll: more than 1000 polls: {many}");

    let (future, completer) = manual();
    run(future, 1, || completer.complete(()));
    let polls = POLLS.load(SeqCst);
    println!("is woken when the value is there: {polls} polls");
}
// ANCHOR_END: main
