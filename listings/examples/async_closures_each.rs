//! An async closure that collects, and an async function.

use listings::futures::poll::countdown::countdown;
use listings::pinning::async_closures::each::for_each;

async fn greet(name: &str) {
    countdown(1).await;
    println!("hello, {name}");
}

async fn all() {
    let mut names = Vec::new();
    for_each("Ada\nGrace", async |name| {
        countdown(1).await;
        names.push(name.to_uppercase());
    })
    .await;
    println!("{}", names.join(", "));

    for_each("Ada\nGrace", greet).await;
}

fn main() {
    pollster::block_on(all());
}
