//! Two tasks on one thread, with an `Rc` between them, and one that nobody
//! will wake.

use std::cell::Cell;
use std::future::pending;
use std::rc::Rc;

use listings::runtimes::executor::keys::Executor;
use listings::runtimes::executor::yield_now::yield_now;

async fn cook(name: &str, eggs: Rc<Cell<u32>>) {
    while eggs.get() > 0 {
        eggs.set(eggs.get() - 1);
        println!("{name} fries an egg, {} left", eggs.get());
        yield_now().await;
    }
}

fn main() {
    let executor = Executor::default();
    let eggs = Rc::new(Cell::new(4));
    executor.add(cook("Ann", eggs.clone()));
    executor.add(cook("Bob", eggs));
    executor.add(pending());
    println!("tasks left: {}", executor.run_until_stalled());
}
