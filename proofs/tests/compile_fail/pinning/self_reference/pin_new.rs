use std::pin::Pin;
use std::task::{Context, Waker};

use listings::futures::poll::countdown::countdown;

async fn greet() {
    let text = String::from("hello");
    let reference = &text;
    countdown(1).await;
    println!("{reference} again");
}

fn main() {
    let mut cx = Context::from_waker(Waker::noop());
    let mut future = greet();
    let _ = Pin::new(&mut future).poll(&mut cx);
}
