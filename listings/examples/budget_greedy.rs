//! On the executor of the book: a loop that never yields, one that
//! always does, and two that count.

use std::cell::Cell;
use std::rc::Rc;

use listings::runtimes::budget::own::Turns;
use listings::runtimes::executor::Executor;
use listings::runtimes::executor::yield_now::yield_now;
use listings::wakers::channel::unbounded::{Receiver, channel};

fn thousand() -> Receiver<u32> {
    let (sender, receiver) = channel();
    (0..1000).for_each(|n| sender.send(n).expect("it is open"));
    receiver
}

fn turns_beside(busy: impl Future<Output = ()> + 'static) -> u32 {
    let executor = Executor::default();
    let over = Rc::new(Cell::new(false));
    let is_over = over.clone();
    drop(executor.spawner().spawn(async move {
        busy.await;
        over.set(true);
    }));
    let other = executor.spawner().spawn(async move {
        let mut turns = 0;
        while !is_over.get() {
            turns += 1;
            yield_now().await;
        }
        turns
    });
    executor.run(other).expect("it does not panic")
}

// ANCHOR: program
async fn never(mut messages: Receiver<u32>) {
    while messages.recv().await.is_some() {}
}

async fn always(mut messages: Receiver<u32>) {
    while messages.recv().await.is_some() {
        yield_now().await;
    }
}

async fn sometimes(mut messages: Receiver<u32>) {
    let mut turns = Turns::new(128);
    while messages.recv().await.is_some() {
        turns.step().await;
    }
}

fn main() {
    println!("never: {} turns", turns_beside(never(thousand())));
    println!("always: {} turns", turns_beside(always(thousand())));
    println!("after 128: {} turns", turns_beside(sometimes(thousand())));
}
// ANCHOR_END: program
