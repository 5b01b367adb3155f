use std::mem;
use std::pin::pin;
use std::task::{Context, Waker};

use listings::futures::poll::countdown::countdown;

async fn greeting() {
    let text = String::from("hello");
    let reference = &text;
    countdown(1).await;
    println!("{reference} again");
}

fn main() {
    let mut cx = Context::from_waker(Waker::noop());
    let mut waiting = pin!(greeting());
    let _ = waiting.as_mut().poll(&mut cx);
    mem::swap(&mut *waiting, &mut greeting());
}
