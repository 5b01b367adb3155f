//! What nobody can cancel: a closure that has begun, and a write on its way.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

use futures::FutureExt;
use listings::proof::watchdog;
use tokio::sync::oneshot;
use tokio::task::spawn_blocking;

// ANCHOR: program
async fn two_closures() {
    let (begun, has_begun) = oneshot::channel();
    let task = spawn_blocking(move || {
        begun.send(()).expect("somebody waits");
        thread::sleep(Duration::from_millis(50)); // it works
        "ran to its end"
    });
    has_begun.await.expect("it begins");
    task.abort();
    println!("the closure {}", task.await.expect("it was not stopped"));

    let stop = Arc::new(AtomicBool::new(false));
    let flag = stop.clone();
    let task = spawn_blocking(move || {
        while !flag.load(Relaxed) {
            thread::sleep(Duration::from_millis(5)); // a piece of work
        }
        "was asked to stop"
    });
    stop.store(true, Relaxed);
    println!("the closure {}", task.await.expect("it does not panic"));
}

async fn a_write(path: &'static str) {
    let write = tokio::fs::write(path, "written");
    drop(write.now_or_never()); // polled once, and dropped
    println!("the write is dropped");
    let text = loop {
        match std::fs::read_to_string(path) {
            Ok(text) if !text.is_empty() => break text,
            _ => thread::sleep(Duration::from_millis(1)),
        }
    };
    println!("the file: {text:?}");
}
// ANCHOR_END: program

fn main() -> io::Result<()> {
    let name = format!("drop_cannot-{}", std::process::id());
    let path = std::env::temp_dir().join(name).display().to_string();
    let path: &'static str = path.leak();
    let run = move || {
        let runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = { runtime }.build().expect("it starts");
        runtime.block_on(async {
            two_closures().await;
            a_write(path).await;
        });
    };
    watchdog(Duration::from_secs(30), run).expect("it ends");
    std::fs::remove_file(path)
}
