use std::task::Context;
use std::thread;

use exercises::counter::Counter;

use crate::support::{differs, probe};

const HANDLE: &str = "wakers/contract.html#a-handle-to-a-task";

#[test]
fn both_ways_to_wake_count() {
    let (counter, waker) = Counter::new();
    assert_eq!(
        counter.wakes(),
        0,
        "{}",
        differs(HANDLE, "Nobody has woken it yet.")
    );
    waker.wake_by_ref();
    let rule = "`wake_by_ref` borrows the waker. It counts like `wake`, \
                which it calls if you do not write it.";
    assert_eq!(counter.wakes(), 1, "{}", differs(HANDLE, rule));
    waker.wake();
    let rule = "`wake` takes the waker by value, and each call is one wake. \
                If one calls the other, only one of them counts.";
    assert_eq!(counter.wakes(), 2, "{}", differs(HANDLE, rule));
}

#[test]
fn a_clone_is_one_more_handle_to_the_same_counter() {
    let (counter, waker) = Counter::new();
    let clone = waker.clone();
    let rule = "Every waker of the counter is one `Arc` of it. The handle \
                that you hold yourself is no waker.";
    assert_eq!(counter.wakers(), 2, "{}", differs(HANDLE, rule));
    clone.wake_by_ref();
    waker.wake_by_ref();
    let rule = "A clone leads to the same task, so its wakes count there.";
    assert_eq!(counter.wakes(), 2, "{}", differs(HANDLE, rule));
}

#[test]
fn a_wake_by_value_uses_its_handle_up() {
    let (counter, waker) = Counter::new();
    let clone = waker.clone();
    clone.wake();
    let rule = "`wake` gets the `Arc` itself. When it returns, the `Arc` is \
                dropped, unless you have kept it.";
    assert_eq!(counter.wakers(), 1, "{}", differs(HANDLE, rule));
    waker.wake_by_ref();
    let rule = "`wake_by_ref` only borrows. The handle is still there.";
    assert_eq!(counter.wakers(), 1, "{}", differs(HANDLE, rule));
}

#[test]
fn a_dropped_waker_wakes_nobody() {
    let (counter, waker) = Counter::new();
    drop(waker);
    let rule = "To drop a waker is not a wake.";
    assert_eq!(counter.wakes(), 0, "{}", differs(HANDLE, rule));
    assert_eq!(
        counter.wakers(),
        0,
        "{}",
        differs(HANDLE, "The last waker is gone, and nobody can wake it.")
    );
}

#[test]
fn it_sees_what_a_future_keeps() {
    let (counter, waker) = Counter::new();
    let (mut future, remote) = probe();
    let poll =
        std::pin::Pin::new(&mut future).poll(&mut Context::from_waker(&waker));
    assert!(poll.is_pending());
    drop(waker);
    let rule = "The future kept a clone, and your own waker is dropped. One \
                is left.";
    assert_eq!(counter.wakers(), 1, "{}", differs(HANDLE, rule));
    remote.set(());
    let rule = "It was woken by value, so nobody keeps a waker now.";
    assert_eq!(
        (counter.wakes(), counter.wakers()),
        (1, 0),
        "{}",
        differs(HANDLE, rule)
    );
}

#[test]
fn no_wake_is_lost_between_threads() {
    let (counter, waker) = Counter::new();
    let threads = [(); 4].map(|()| {
        let waker = waker.clone();
        thread::spawn(move || {
            for _ in 0..1000 {
                waker.wake_by_ref();
            }
        })
    });
    for thread in threads {
        thread.join().expect("waking does not panic");
    }
    let rule = "A wake may come from any thread. To load a number and to \
                store one more are two steps, and `fetch_add` is one.";
    assert_eq!(counter.wakes(), 4000, "{}", differs(HANDLE, rule));
}
