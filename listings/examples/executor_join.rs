//! Every way for a task to end, and what its handle gives.

use std::future::pending;
use std::rc::Rc;

use listings::runtimes::executor::Executor;

struct Pan;

impl Drop for Pan {
    fn drop(&mut self) {
        println!("the pan is put away");
    }
}

fn main() {
    let executor = Executor::default();
    let spawner = executor.spawner();
    let eggs = Rc::new(6);
    let fries = spawner.spawn(async move { *eggs });
    let panics = spawner.spawn(async { panic!("Ann drops the pan") });
    let waits = spawner.spawn(async {
        let _pan = Pan;
        pending::<()>().await
    });
    let forgotten = spawner.spawn(pending::<()>());

    executor.run(async {
        println!("fries: {:?}", fries.await);
        println!("panics: {:?}", panics.await);
        waits.abort();
        println!("waits: {:?}", waits.await);
    });

    println!("tasks left: {}", executor.run_until_stalled());
    drop(executor);
    // Any executor can await a handle.
    println!("forgotten: {:?}", Executor::default().run(forgotten));
    let refused = spawner.spawn(async { println!("this never runs") });
    println!("refused: {:?}", Executor::default().run(refused));
}
