//! One future waits at the gate, and its task polls it a thousand times.

use std::pin::Pin;
use std::task::Context;

use listings::wakers::contract::count::Counter;
use listings::wakers::contract::every_waker::Gate;

fn main() {
    let gate = Gate::default();
    let (task, waker) = Counter::new();
    let mut wait = gate.wait();
    for _ in 0..1000 {
        let mut cx = Context::from_waker(&waker);
        assert!(Pin::new(&mut wait).poll(&mut cx).is_pending());
    }
    drop((wait, waker));
    println!("the future is gone, wakers kept: {}", task.wakers());
    gate.open();
    println!("opened, wakes: {}", task.wakes());
}
