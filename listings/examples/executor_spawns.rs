//! A task adds a task, with a handle that it owns.

use listings::runtimes::executor::spawner::Executor;
use listings::runtimes::executor::yield_now::yield_now;

fn main() {
    let executor = Executor::default();
    let spawner = executor.spawner();
    executor.spawner().add(async move {
        for order in 1..=2 {
            println!("order {order} comes in");
            spawner.add(async move { println!("order {order} is served") });
            yield_now().await;
        }
    });
    println!("tasks left: {}", executor.run_until_stalled());
}
