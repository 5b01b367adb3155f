//! A long sum that gives its turn away after every hundred numbers.

use std::future::poll_fn;
use std::mem;
use std::task::Poll;

/// The sum of `numbers`. In one poll it takes at most 100 of them.
pub async fn sum(numbers: impl Iterator<Item = u64>) -> u64 {
    let mut sum = 0;
    let mut left = 100;
    for number in numbers {
        sum += number;
        left -= 1;
        if left == 0 {
            left = 100;
            yield_now().await;
        }
    }
    sum
}

/// Pending once: asks to be polled again, after the others.
async fn yield_now() {
    let mut yielded = false;
    poll_fn(|cx| {
        if mem::replace(&mut yielded, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}
