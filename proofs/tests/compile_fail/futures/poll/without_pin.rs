//! `poll` is not a method of `&mut Countdown`.

use std::task::{Context, Waker};

use listings::futures::poll::countdown::countdown;

fn main() {
    let mut cx = Context::from_waker(Waker::noop());
    let mut future = countdown(2);
    let _ = future.poll(&mut cx);
}
