//! Futures that are not `Send`, in a program with many threads.

use std::cell::Cell;
use std::error::Error;
use std::rc::Rc;
use std::thread;

use listings::runtimes::tokio::local_thread::LocalThread;
use tokio::task::{spawn_local, yield_now};

// ANCHOR: program
/// A future that is not `Send`: two tasks share an `Rc`.
async fn fries(eggs: u32) -> (u32, Option<String>) {
    let fried = Rc::new(Cell::new(0));
    let counts = fried.clone();
    let cook = spawn_local(async move {
        for _ in 0..eggs {
            counts.set(counts.get() + 1);
            yield_now().await;
        }
    });
    let _ = cook.await;
    (fried.get(), thread::current().name().map(Into::into))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let kitchen = LocalThread::start()?;
    let orders = [2, 3].map(|eggs| {
        let kitchen = kitchen.clone();
        // This task may run on any worker. It sends the closure, and the
        // closure makes the future on the other thread.
        tokio::spawn(async move { kitchen.run(move || fries(eggs)).await })
    });
    for order in orders {
        println!("{:?}", order.await??);
    }
    Ok(())
}
// ANCHOR_END: program
