//! One async function under the three flavors of `#[tokio::main]`.

use std::future::ready;
use std::panic::{catch_unwind, set_hook};
use std::thread;

use tokio::task::spawn_local;

// ANCHOR: program
async fn tries(flavor: &str) {
    let task = tokio::spawn(async { this_thread() }).await;
    let local = match catch_unwind(|| spawn_local(ready(()))) {
        Ok(_) => "works",
        Err(_) => "panics",
    };
    println!("flavor {flavor}:");
    println!("  the body runs on {}", this_thread());
    println!("  a spawned task runs on {}", task.expect("it only looks"));
    println!("  spawn_local {local}");
}

#[tokio::main(flavor = "multi_thread")]
async fn multi_thread() {
    tries("multi_thread").await;
}

#[tokio::main(flavor = "current_thread")]
async fn current_thread() {
    tries("current_thread").await;
}

#[tokio::main(flavor = "local")]
async fn local() {
    tries("local").await;
}

fn main() {
    set_hook(Box::new(|_| {})); // Here only whether it panics counts.
    multi_thread();
    current_thread();
    local();
}
// ANCHOR_END: program

fn this_thread() -> String {
    thread::current().name().unwrap_or("a thread").to_owned()
}
