//! One task panics, and the other is never polled again.

use std::panic::{AssertUnwindSafe, catch_unwind};

use listings::runtimes::executor::handles::spawn;
use listings::runtimes::executor::spawner::Executor;

fn main() {
    let executor = Executor::default();
    let spawner = executor.spawner();
    drop(spawn(&spawner, async { panic!("Ann drops the pan") }));
    drop(spawn(&spawner, async { println!("Bob serves") }));
    let run = AssertUnwindSafe(|| executor.run_until_stalled());
    println!("the run panicked: {}", catch_unwind(run).is_err());
    println!("tasks left: {}", executor.run_until_stalled());
}
