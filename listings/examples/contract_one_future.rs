//! One future, polled by task A and then by task B. Who is woken?

use std::pin::Pin;
use std::task::Context;

use listings::futures::poll::manual::manual;
use listings::wakers::contract::count::Counter;

fn main() {
    let (mut future, completer) = manual();
    let ((a, waker_a), (b, waker_b)) = (Counter::new(), Counter::new());
    for waker in [waker_a, waker_b] {
        let mut cx = Context::from_waker(&waker);
        assert!(Pin::new(&mut future).poll(&mut cx).is_pending());
    }
    println!("wakers kept: A {}, B {}", a.wakers(), b.wakers());
    completer.complete(7);
    println!("woken: A {}, B {}", a.wakes(), b.wakes());
}
