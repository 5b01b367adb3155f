//! Exercise to wakers/contract.html: predict who is woken, and how often.

use std::future::poll_fn;
use std::task::Poll;

use exercises::{Task, block_on, probe};

// ANCHOR: stub
/// `a.poll(&mut future)` polls `future` once as task `a`, and `a.wakes()` says
/// how often `a` was woken. Read the program without running it.
pub fn program() -> [u32; 5] {
    let (a, b) = (Task::new(), Task::new());
    let (mut future, remote) = probe();
    assert!(a.poll(&mut future).is_pending());
    assert!(b.poll(&mut future).is_pending());
    remote.set("it is ready");
    let (one, two) = (a.wakes(), b.wakes());

    let c = Task::new();
    drop(c.waker());
    let three = c.wakes();
    let waker = c.waker();
    waker.wake_by_ref();
    waker.clone().wake();
    drop(waker);
    let four = c.wakes();

    let mut polls = 0;
    block_on(poll_fn(|cx| {
        polls += 1;
        if polls > 1 {
            return Poll::Ready(());
        }
        for _ in 0..3 {
            cx.waker().wake_by_ref();
        }
        Poll::Pending
    }));
    [one, two, three, four, polls]
}

/// What does it return? Put `Some(…)` with a number in each place.
pub const PREDICTED: [Option<u32>; 5] = [None, None, None, None, None];
// ANCHOR_END: stub
