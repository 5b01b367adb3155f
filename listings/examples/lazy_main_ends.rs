//! What becomes of a spawned task when `main` returns.

use std::time::Duration;

use tokio::task::yield_now;
use tokio::time::sleep;

/// Says when it is dropped.
struct File;

impl Drop for File {
    fn drop(&mut self) {
        println!("backup: the file is dropped");
    }
}

async fn backup() {
    let _file = File;
    println!("backup: starts");
    sleep(Duration::from_secs(5)).await;
    println!("backup: ends");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let _task = tokio::spawn(backup());
    yield_now().await; // the task gets its first poll
    println!("main: returns");
}
