//! Two calls, then two awaits: the awaits run the downloads, one by one.

use tokio::task::yield_now;

async fn download(name: &str) -> String {
    println!("{name}: starts");
    yield_now().await; // gives other tasks a turn
    println!("{name}: ends");
    format!("got {name}")
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let a = download("a");
    let b = download("b");
    println!("main: both are called");
    println!("main: {}", b.await);
    println!("main: {}", a.await);
}
