//! An async `main`, with Tokio's attribute.

use std::thread;

use listings::wakers::block_on::job::ask;

#[tokio::main]
async fn main() {
    let answer = ask(|| 42).await;
    let thread = thread::current();
    println!("{answer} on {}", thread.name().unwrap_or("a thread"));
}
