//! Polls our first future by hand.

use std::pin::Pin;
use std::task::{Context, Waker};

use listings::futures::poll::ready::ready;

fn main() {
    let mut cx = Context::from_waker(Waker::noop());
    let mut future = ready(7);
    println!("{:?}", Pin::new(&mut future).poll(&mut cx));
}
