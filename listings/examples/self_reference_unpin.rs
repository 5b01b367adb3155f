//! What may move: a type that is `Unpin` always, a future before its first
//! poll.

use std::cell::Cell;
use std::mem;
use std::pin::{Pin, pin};
use std::task::{Context, Waker};

use listings::futures::poll::countdown::{Countdown, countdown};
use listings::pinning::self_reference::greeting::greeting;

/// Compiles for a type that is `Unpin`, and for no other.
fn may_move<T: Unpin>(name: &str, _: &T) {
    println!("{name} is Unpin");
}

fn main() {
    let places = [Cell::default(), Cell::default()];
    may_move("String", &String::from("hello"));
    may_move("Countdown", &countdown(1));
    may_move("the pinned box of a greeting", &Box::pin(greeting(&places[0])));

    // Pinned and polled, and still it gives out a plain `&mut`.
    let mut cx = Context::from_waker(Waker::noop());
    let mut pinned: Pin<&mut Countdown> = pin!(countdown(1));
    println!("a countdown: {:?}", pinned.as_mut().poll(&mut cx));
    let moved = mem::replace(pinned.as_mut().get_mut(), countdown(9));
    println!("moved out: {:?}", Box::pin(moved).as_mut().poll(&mut cx));

    // Not `Unpin`, and not polled yet: it may move as often as you like.
    let mut list = vec![greeting(&places[0]), greeting(&places[1])];
    list.swap(0, 1);
    let mut boxed = Box::pin(list.remove(0));
    println!("a greeting: {:?}", boxed.as_mut().poll(&mut cx));
    println!("polled again: {:?}", boxed.as_mut().poll(&mut cx));
}
