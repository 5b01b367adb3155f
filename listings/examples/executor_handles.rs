//! A task returns a value, and a handle gives it.

use listings::runtimes::executor::handles::spawn;
use listings::runtimes::executor::spawner::Executor;
use listings::runtimes::executor::yield_now::yield_now;

fn main() {
    let executor = Executor::default();
    let spawner = executor.spawner();
    let fries = spawn(&spawner, async {
        yield_now().await;
        6
    });
    println!("fried eggs: {}", executor.run(fries));
}
