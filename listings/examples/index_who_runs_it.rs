//! One future, run by five programs that did not write it.

use std::pin::Pin;
use std::task::{Context, Poll};

use listings::wakers::block_on::flag;

// ANCHOR: greeting
async fn greeting() -> &'static str {
    "hello"
}
// ANCHOR_END: greeting

// ANCHOR: signature
struct Greeting;

impl Future for Greeting {
    type Output = &'static str;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready("hello, by hand")
    }
}
// ANCHOR_END: signature

// ANCHOR: runners
fn main() -> std::io::Result<()> {
    let tokio = tokio::runtime::Builder::new_current_thread().build()?;

    println!("tokio:        {}", tokio.block_on(greeting()));
    println!("futures:      {}", futures::executor::block_on(greeting()));
    println!("futures-lite: {}", futures_lite::future::block_on(greeting()));
    println!("pollster:     {}", pollster::block_on(greeting()));
    println!("ours:         {}", flag::block_on(greeting()));
    println!("ours:         {}", flag::block_on(Greeting));
    Ok(())
}
// ANCHOR_END: runners
