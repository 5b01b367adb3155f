//! A helper that spawns: as an `async fn` it does nothing when it is called.

use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

async fn spawn_async(runtime: &Runtime, name: &'static str) {
    let task = runtime.spawn(async move { println!("  {name} runs") });
    task.await.expect("the task does not panic");
}

fn spawn_now(runtime: &Runtime, name: &'static str) -> JoinHandle<()> {
    runtime.spawn(async move { println!("  {name} runs") })
}

fn main() -> std::io::Result<()> {
    let runtime = Builder::new_current_thread().build()?;

    println!("an async helper, called:");
    drop(spawn_async(&runtime, "the first"));
    println!("an async helper, polled by a runner:");
    runtime.block_on(spawn_async(&runtime, "the second"));

    println!("a plain helper, called:");
    let task = spawn_now(&runtime, "the third");
    runtime.block_on(task)?;
    Ok(())
}
