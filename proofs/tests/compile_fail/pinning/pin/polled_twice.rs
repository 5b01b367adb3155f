use std::pin::pin;
use std::task::{Context, Waker};

use listings::futures::poll::countdown::countdown;

fn main() {
    let mut cx = Context::from_waker(Waker::noop());
    let future = pin!(countdown(1));
    let _ = future.poll(&mut cx);
    let _ = future.poll(&mut cx);
}
