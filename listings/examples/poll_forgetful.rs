//! A countdown without a wake: polled by hand it ends, under a runner it hangs.

use std::pin::Pin;
use std::task::{Context, Waker};
use std::time::Duration;

use listings::futures::poll::forgetful::countdown;
use listings::proof::watchdog;

fn main() {
    let mut cx = Context::from_waker(Waker::noop());
    let mut future = countdown(2);
    for _ in 0..3 {
        let answer = Pin::new(&mut future).poll(&mut cx);
        println!("by hand: {answer:?}");
    }

    let limit = Duration::from_millis(500);
    match watchdog(limit, || pollster::block_on(countdown(2))) {
        Ok(text) => println!("block_on: {text}"),
        Err(hung) => println!("block_on: {hung}"),
    }
}
