include!(concat!(env!("OUT_DIR"), "/retry.rs"));

use std::future::poll_fn;
use std::task::Poll;

use exercises::{block_on, differs, watched};
use retry::retry;

const PAGE: &str =
    "pinning/async-closures.html#asyncfn-the-future-belongs-to-the-call";
const HANGS: &str = "It calls for ever, or waits for something that nobody \
                     wakes. How many calls may there be?";

/// A future that is pending once.
async fn pause() {
    let mut waited = false;
    poll_fn(|cx| {
        if waited {
            return Poll::Ready(());
        }
        waited = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}

/// The answer, and the numbers of the calls.
fn run(times: u32, good: u32) -> (Result<u32, u32>, Vec<u32>) {
    let mut calls = Vec::new();
    let answer = block_on(retry(times, async |number| {
        pause().await;
        calls.push(number);
        if number == good { Ok(number) } else { Err(number) }
    }));
    (answer, calls)
}

#[test]
fn the_first_ok_ends_it() {
    watched(PAGE, HANGS, || {
        let rule = "The second call is `Ok`, so there is no third.";
        assert_eq!(run(5, 2), (Ok(2), vec![1, 2]), "{}", differs(PAGE, rule));
        let rule = "The first call is `Ok` already.";
        assert_eq!(run(5, 1), (Ok(1), vec![1]), "{}", differs(PAGE, rule));
    });
}

#[test]
fn after_so_many_times_the_last_error_is_returned() {
    watched(PAGE, HANGS, || {
        let rule = "Three calls, each an error. The last one is the answer.";
        let expected = (Err(3), vec![1, 2, 3]);
        assert_eq!(run(3, 9), expected, "{}", differs(PAGE, rule));
    });
}

#[test]
fn at_least_one_call_is_made() {
    watched(PAGE, HANGS, || {
        let rule = "Without a call there is no answer to return.";
        assert_eq!(run(0, 9), (Err(1), vec![1]), "{}", differs(PAGE, rule));
    });
}
