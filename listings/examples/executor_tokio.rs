//! Tokio's tasks on one thread.

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
}
