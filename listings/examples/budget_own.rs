//! A budget that two loops of one task share.

use std::cell::Cell;
use std::rc::Rc;

use futures::join;
use listings::runtimes::budget::{budgeted, cooperative};
use listings::runtimes::executor::Executor;
use listings::runtimes::executor::yield_now::yield_now;
use listings::wakers::channel::unbounded::{Receiver, channel};

fn thousand() -> Receiver<u32> {
    let (sender, receiver) = channel();
    (0..1000).for_each(|n| sender.send(n).expect("it is open"));
    receiver
}

// ANCHOR: program
async fn takes(mut messages: Receiver<u32>, taken: &Cell<u32>) {
    while cooperative(messages.recv()).await.is_some() {
        taken.set(taken.get() + 1);
    }
}

fn main() {
    let executor = Executor::default();
    let taken = Rc::new(Cell::new(0));
    let sees = taken.clone();
    drop(executor.spawner().spawn(budgeted(128, async move {
        join!(takes(thousand(), &taken), takes(thousand(), &taken));
    })));
    let other = executor.spawner().spawn(async move {
        for turn in 1..=3 {
            println!("turn {turn}: {} are taken", sees.get());
            yield_now().await;
        }
    });
    println!("{:?}", executor.run(other));
}
// ANCHOR_END: program
