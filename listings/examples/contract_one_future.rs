//! One future, polled by task A and then by task B. Who is woken?

use std::pin::Pin;
use std::task::Context;

use futures::FutureExt;

use listings::futures::poll::manual::manual;
use listings::wakers::contract::count::Counter;

// ANCHOR: program
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

    let (future, completer) = manual();
    let mut for_a = future.shared();
    let mut for_b = for_a.clone();
    let ((a, waker_a), (b, waker_b)) = (Counter::new(), Counter::new());
    for (future, waker) in [(&mut for_a, waker_a), (&mut for_b, waker_b)] {
        let mut cx = Context::from_waker(&waker);
        assert!(Pin::new(future).poll(&mut cx).is_pending());
    }
    completer.complete(7);
    println!("woken, with shared: A {}, B {}", a.wakes(), b.wakes());
}
// ANCHOR_END: program
