//! A panic ends its own task, and the handle of this task has the message.

use listings::runtimes::executor::panics::{Panic, spawn};
use listings::runtimes::executor::spawner::Executor;

fn main() {
    let executor = Executor::default();
    let spawner = executor.spawner();
    let ann = spawn(&spawner, async { panic!("Ann drops the pan") });
    let bob = spawn(&spawner, async { println!("Bob serves") });
    println!("tasks left: {}", executor.run_until_stalled());
    let end: Result<(), Panic> = executor.run(ann);
    println!("Ann's handle: {end:?}");
    println!("Bob's handle: {:?}", executor.run(bob));
}
