#![allow(
    clippy::await_holding_lock,
    reason = "the stub does it, and the exercise is to mend it"
)]

include!(concat!(env!("OUT_DIR"), "/deposit.rs"));

use std::future::poll_fn;
use std::mem;
use std::pin::pin;
use std::sync::Mutex;
use std::task::{Context, Poll};

use deposit::deposit;
use exercises::{Task, differs, is_send, watched, why};

const PAGE: &str = "wakers/mutex.html";
const HANGS: &str = "It blocks its thread in `lock`. The lock is held by a \
                     future that waits, and this thread should poll it.";

/// A bank that answers at the second poll.
async fn bank() -> u32 {
    let mut asked = false;
    poll_fn(move |cx| {
        if mem::replace(&mut asked, true) {
            return Poll::Ready(5);
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}

#[test]
fn it_is_send() {
    watched(PAGE, HANGS, || {
        let balance = Mutex::new(0);
        let future = deposit(&balance, async || 5);
        let rule = "The future is not `Send`: at its `.await` it holds \
                    something that must stay on its thread. The last lines of \
                    the exercise let the compiler say what.";
        assert!(is_send!(future), "{}", why(PAGE, rule));
    });
}

#[test]
fn two_deposits_that_wait_at_the_same_time_both_count() {
    watched(PAGE, HANGS, || {
        let balance = Mutex::new(0);
        let is_send = is_send!(deposit(&balance, bank));
        assert!(is_send, "{}", why(PAGE, "It is not `Send` yet."));
        let task = Task::new();
        let waker = task.waker();
        let mut cx = Context::from_waker(&waker);
        let mut first = pin!(deposit(&balance, bank));
        let mut second = pin!(deposit(&balance, bank));
        assert!(first.as_mut().poll(&mut cx).is_pending());
        assert!(second.as_mut().poll(&mut cx).is_pending());
        let both =
            (second.as_mut().poll(&mut cx), first.as_mut().poll(&mut cx));
        let rule = "The second deposit is done first, and the balance that \
                    it returns is what it left. No deposit may be lost: add \
                    to what is there now, not to what was there before the \
                    `.await`.";
        let expected = (Poll::Ready(5), Poll::Ready(10));
        assert_eq!(both, expected, "{}", differs(PAGE, rule));
    });
}
