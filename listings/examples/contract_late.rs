//! A waker that outlives its future, and one that outlives its task.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use listings::futures::poll::manual::manual;
use listings::wakers::contract::count::Counter;

struct Noisy;

impl Drop for Noisy {
    fn drop(&mut self) {
        println!("the task's value is dropped");
    }
}

// ANCHOR: program
#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (mut future, completer) = manual();
    let (task, waker) = Counter::new();
    let mut cx = Context::from_waker(&waker);
    assert!(Pin::new(&mut future).poll(&mut cx).is_pending());
    drop(future);
    completer.complete(7);
    println!("the future is dropped, wakes: {}", task.wakes());

    let value = Noisy;
    let done = tokio::spawn(async move {
        let _value = value;
        poll_fn(|cx| Poll::Ready(cx.waker().clone())).await
    });
    let waker = done.await.expect("the task does not panic");
    println!("the task is done");
    waker.wake_by_ref();
    waker.wake();
    println!("two wakes, and nothing happened");
}
// ANCHOR_END: program
