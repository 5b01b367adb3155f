//! Two tasks, A and B, wait for one event. Who is woken?

use std::pin::Pin;
use std::task::Context;

use listings::wakers::contract::count::Counter;
use listings::wakers::contract::{one_waker, own_slot};

// ANCHOR: program
/// A polls `for_a`, then B polls `for_b`, then `open` opens the gate.
fn woken<F: Future + Unpin>(
    name: &str,
    mut for_a: F,
    mut for_b: F,
    open: impl FnOnce(),
) {
    let ((a, waker_a), (b, waker_b)) = (Counter::new(), Counter::new());
    for (future, waker) in [(&mut for_a, waker_a), (&mut for_b, waker_b)] {
        let mut cx = Context::from_waker(&waker);
        assert!(Pin::new(future).poll(&mut cx).is_pending());
    }
    open();
    println!("{name}: A {}, B {}", a.wakes(), b.wakes());
}

fn main() {
    let gate = one_waker::Gate::default();
    woken("one_waker", gate.wait(), gate.wait(), || gate.open());

    let gate = own_slot::Gate::default();
    woken("own_slot", gate.wait(), gate.wait(), || gate.open());
}
// ANCHOR_END: program
