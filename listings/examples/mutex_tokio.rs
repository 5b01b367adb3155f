//! Tokio's mutex: what ours does, and what ours does not.

use std::panic::set_hook;
use std::sync::Arc;
use std::thread;

use listings::wakers::block_on::job::ask;
use listings::wakers::mutex::trial::{gives_up, turns};
use tokio::sync::Mutex;

// ANCHOR: program
fn main() {
    set_hook(Box::new(|_| println!("a holder panics")));

    let mutex = Mutex::new(());
    println!("turns: {}", turns(|| mutex.lock()));
    println!("B gives up: {}", gives_up(|| Box::pin(mutex.lock())));

    let runtime = tokio::runtime::Runtime::new().expect("it starts");
    runtime.block_on(deposits());
}

async fn deposits() {
    let balance = Arc::new(Mutex::new(0));

    // A guard that owns its mutex may go into a task.
    let mut owned = balance.clone().lock_owned().await;
    let task = tokio::spawn(async move { *owned += ask(|| 5).await });
    task.await.expect("it does not panic");

    // A thread that is in no runtime may block.
    let blocks = balance.clone();
    let thread = thread::spawn(move || *blocks.blocking_lock() += 5);
    thread.join().expect("it does not panic");

    // A panic does not poison.
    let panics = balance.clone();
    let task = tokio::spawn(async move {
        let mut balance = panics.lock().await;
        *balance += 5;
        panic!("half done");
    });
    task.await.expect_err("it panicked");

    let guard = balance.lock().await;
    println!("balance: {guard}");
    println!("meanwhile: {:?}", balance.try_lock().err());
}
// ANCHOR_END: program
