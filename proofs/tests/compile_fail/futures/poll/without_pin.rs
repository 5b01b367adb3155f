//! `poll` is not a method of `&mut Ready`.

use std::task::{Context, Waker};

use listings::futures::poll::ready::ready;

fn main() {
    let mut cx = Context::from_waker(Waker::noop());
    let mut future = ready(7);
    let _ = future.poll(&mut cx);
}
