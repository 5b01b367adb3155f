//! Two tasks on one thread take turns.

use listings::runtimes::executor::naive::executor;
use listings::runtimes::executor::yield_now::yield_now;

async fn cook(name: &str) {
    for step in ["chops", "fries", "serves"] {
        println!("{name} {step}");
        yield_now().await;
    }
}

// ANCHOR: main
fn main() {
    let (executor, spawner) = executor(100);
    spawner.spawn(cook("Ann"));
    spawner.spawn(cook("Bob"));
    drop(spawner);
    executor.run();
}
// ANCHOR_END: main
