//! What the handle of a task gives: its value, its panic, or `Cancelled`.

use std::future::pending;
use std::rc::Rc;

use listings::runtimes::fast_executor::slots::Executor;

fn main() {
    let executor = Executor::new();
    let eggs = Rc::new(6);
    let fries = executor.spawn(async move { *eggs });
    let panics = executor.spawn(async { panic!("Ann drops the pan") });
    let waits = executor.spawn(pending::<()>());
    let forgotten = executor.spawn(pending::<()>());

    executor.run(async {
        println!("fries: {:?}", fries.await);
        println!("panics: {}", panics.await.unwrap_err());
        waits.abort();
        println!("waits: {}", waits.await.unwrap_err());
    });

    println!("tasks left: {}", executor.run_until_stalled());
    drop(executor);
    println!("forgotten: {}", Executor::new().run(forgotten).unwrap_err());
}
