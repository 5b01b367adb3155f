//! One task panics: what a second task and the caller see, on two executors.

use std::panic::{AssertUnwindSafe, catch_unwind};

use listings::runtimes::executor::handles::spawn;
use listings::runtimes::executor::spawner::Executor;

async fn ann() {
    panic!("Ann drops the pan")
}

async fn bob() {
    println!("  Bob serves");
}

fn ours() {
    let executor = Executor::default();
    drop(spawn(&executor.spawner(), ann()));
    drop(spawn(&executor.spawner(), bob()));
    let run = AssertUnwindSafe(|| executor.run_until_stalled());
    println!("  `run_until_stalled` panics: {}", catch_unwind(run).is_err());
    println!("  tasks left: {}", executor.run_until_stalled());
}

#[tokio::main(flavor = "current_thread")]
async fn tokios() {
    let ann = tokio::spawn(ann());
    let bob = tokio::spawn(bob());
    println!("  Bob's handle: {:?}", bob.await);
    let why = ann.await.expect_err("Ann panics");
    println!("  Ann's handle: an error, is_panic = {}", why.is_panic());
}

fn main() {
    println!("the executor of the last page:");
    ours();
    println!("Tokio:");
    tokios();
}
