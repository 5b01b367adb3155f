//! Tokio's tasks on one thread.

use std::future::pending;

use tokio::task::yield_now;

async fn cook(name: &str) {
    for step in ["chops", "serves"] {
        println!("{name} {step}");
        yield_now().await;
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let ann = tokio::spawn(cook("Ann"));
    let bob = tokio::spawn(cook("Bob"));
    println!("spawned");
    println!("joined: {:?}", tokio::join!(ann, bob));

    let drops = tokio::spawn(async { panic!("Ann drops the pan") });
    let error = drops.await.unwrap_err();
    println!("is_panic: {}", error.is_panic());

    let waits = tokio::spawn(pending::<()>());
    waits.abort();
    println!("is_cancelled: {}", waits.await.unwrap_err().is_cancelled());
}
