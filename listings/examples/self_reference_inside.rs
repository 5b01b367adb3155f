//! Looks where a waiting future keeps a local and the reference to it.

use std::cell::Cell;
use std::pin::pin;
use std::task::{Context, Waker};

use listings::pinning::self_reference::greeting::greeting;
use listings::pinning::self_reference::place::is_inside;

fn main() {
    let places = Cell::default();
    let mut future = pin!(greeting(&places));
    let mut cx = Context::from_waker(Waker::noop());
    println!("first poll: {:?}", future.as_mut().poll(&mut cx));

    let inside = |place| is_inside(place, &*future);
    println!("text inside the future: {}", inside(places.get().text));
    println!("reference inside it: {}", inside(places.get().reference));

    println!("second poll: {:?}", future.as_mut().poll(&mut cx));
}
