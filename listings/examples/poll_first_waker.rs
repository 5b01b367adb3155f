//! A value arrives, and the runner that waits for it is not the one woken.

use std::pin::Pin;
use std::task::{Context, Waker};
use std::time::Duration;

use listings::futures::poll::first_waker::manual;
use listings::proof::{Hung, watchdog};

/// Polls `future` once by hand. Then a runner polls it beside `complete`.
pub fn by_hand_then_by_runner(
    mut future: impl Future<Output = u32> + Unpin + Send + 'static,
    complete: impl Future + Send + 'static,
) -> Result<u32, Hung> {
    let mut cx = Context::from_waker(Waker::noop());
    let answer = Pin::new(&mut future).poll(&mut cx);
    println!("by hand: {answer:?}");

    watchdog(Duration::from_millis(500), || {
        pollster::block_on(async { futures::join!(future, complete).0 })
    })
}

fn main() {
    let (future, completer) = manual();
    let complete = async { completer.complete(7) };
    match by_hand_then_by_runner(future, complete) {
        Ok(value) => println!("block_on: {value}"),
        Err(hung) => println!("block_on: {hung}"),
    }
}
