//! A value arrives, and the runner that waits for it is not the one woken.

use std::pin::Pin;
use std::task::{Context, Waker};
use std::time::Duration;

use listings::futures::poll::first_waker::manual;
use listings::proof::watchdog;

fn main() {
    let (mut future, completer) = manual();
    let mut cx = Context::from_waker(Waker::noop());
    let answer = Pin::new(&mut future).poll(&mut cx);
    println!("by hand: {answer:?}");

    let limit = Duration::from_millis(500);
    let value = watchdog(limit, || {
        pollster::block_on(async {
            let complete = async { completer.complete("a value") };
            futures::join!(future, complete).0
        })
    });
    match value {
        Ok(value) => println!("block_on: {value}"),
        Err(hung) => println!("block_on: {hung}"),
    }
}
