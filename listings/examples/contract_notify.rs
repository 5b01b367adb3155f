//! Tokio's `Notify` keeps a waker for each future that waits.

use std::pin::pin;
use std::task::Context;

use tokio::sync::Notify;

use listings::wakers::contract::count::Counter;

fn main() {
    let notify = Notify::new();
    let ((a, waker_a), (b, waker_b)) = (Counter::new(), Counter::new());
    let mut for_a = pin!(notify.notified());
    let mut for_b = pin!(notify.notified());
    let mut cx_a = Context::from_waker(&waker_a);
    let mut cx_b = Context::from_waker(&waker_b);
    assert!(for_a.as_mut().poll(&mut cx_a).is_pending());
    assert!(for_b.as_mut().poll(&mut cx_b).is_pending());
    // For each task: our waker, and the clone that its future keeps.
    println!("wakers: A {}, B {}", a.wakers(), b.wakers());

    notify.notify_one();
    println!("notify_one: A {}, B {}", a.wakes(), b.wakes());
    notify.notify_waiters();
    println!("notify_waiters: A {}, B {}", a.wakes(), b.wakes());
}
