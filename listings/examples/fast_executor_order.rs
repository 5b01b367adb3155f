//! Three tasks are woken, one of them twice: the order in which the queue of
//! the simple executor gives their numbers, and that of the fast executor.

use std::sync::Arc;
use std::task::Waker;

use listings::runtimes::executor::ready::{Ready, Signal};
use listings::runtimes::fast_executor::queue::Queue;

fn wake(wakers: &[Waker]) {
    for task in [3, 1, 4, 3] {
        wakers[task].wake_by_ref();
    }
}

fn main() {
    let ready = Arc::new(Ready::default());
    let signal = |key| Arc::new(Signal { key, ready: ready.clone() });
    wake(&Vec::from_iter((0..5).map(|key| Waker::from(signal(key)))));
    println!("simple: {:?}", ready.take(Waker::noop()));

    let queue = Queue::new();
    // As on a thread that runs its executor.
    let _running = queue.enter();
    wake(&Vec::from_iter((0..5).map(|key| queue.waker(key))));
    let keys = std::iter::from_fn(|| queue.pop());
    println!("fast: {:?}", Vec::from_iter(keys));
}
