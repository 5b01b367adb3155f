//! A future that several owners may await, like a Promise, and still lazy.

use futures::FutureExt;
use futures::executor::block_on;

async fn download(name: &str) -> String {
    println!("{name}: runs");
    format!("got {name}")
}

fn main() {
    let a = download("a").shared();
    println!("main: it is called and shared");
    println!("main: {}", block_on(a.clone()));
    println!("main: {} again", block_on(a));
}
