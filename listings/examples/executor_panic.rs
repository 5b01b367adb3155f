//! One task panics, and the others are never polled again.

use std::panic::{AssertUnwindSafe, catch_unwind};

use listings::runtimes::executor::naive::executor;

fn main() {
    let (executor, spawner) = executor(100);
    spawner.spawn(async { panic!("Ann drops the pan") });
    spawner.spawn(async { println!("Bob serves") });
    drop(spawner);
    let run = catch_unwind(AssertUnwindSafe(|| executor.run()));
    println!("the run panicked: {}", run.is_err());
}
