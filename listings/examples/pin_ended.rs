//! Three ways to end a pinned future before the function ends.

use std::pin::pin;
use std::task::{Context, Waker};

use listings::pinning::pin::permit::{Permit, keep};

fn main() {
    let mut cx = Context::from_waker(Waker::noop());

    println!("a block of its own");
    {
        let future = pin!(keep(Permit("the first permit")));
        assert!(future.poll(&mut cx).is_pending());
    }

    println!("a box");
    let mut boxed = Box::pin(keep(Permit("the second permit")));
    assert!(boxed.as_mut().poll(&mut cx).is_pending());
    drop(boxed);

    println!("a place that can be empty");
    let mut place = pin!(Some(keep(Permit("the third permit"))));
    if let Some(future) = place.as_mut().as_pin_mut() {
        assert!(future.poll(&mut cx).is_pending());
    }
    place.set(None);

    println!("the end of main");
}
