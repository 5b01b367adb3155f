//! Every way for a task to end, and what its handle gives.

use std::future::pending;

use listings::runtimes::executor::Executor;

fn main() {
    let executor = Executor::default();
    let spawner = executor.spawner();
    let fries = spawner.spawn(async { 6 });
    let panics = spawner.spawn(async { panic!("Ann drops the pan") });
    let waits = spawner.spawn(pending::<()>());
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
