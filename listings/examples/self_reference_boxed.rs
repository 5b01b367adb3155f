//! Moves a pinned box around: the future inside stays where it is.

use std::cell::Cell;
use std::collections::VecDeque;
use std::task::{Context, Waker};

use listings::pinning::self_reference::greeting::greeting;
use listings::pinning::self_reference::place::{is_inside, place_of};

fn main() {
    let places = Cell::default();
    // Not polled yet: it may move, here into the box.
    let mut boxed = Box::pin(greeting(&places));

    let mut cx = Context::from_waker(Waker::noop());
    println!("first poll: {:?}", boxed.as_mut().poll(&mut cx));
    let (box_was, future_was) = (place_of(&boxed), place_of(&*boxed));

    let mut queue = VecDeque::from([boxed]);
    println!("the box moved: {}", place_of(&queue[0]) != box_was);
    println!("the future moved: {}", place_of(&*queue[0]) != future_was);
    let text = places.get().text;
    println!("its text is still inside: {}", is_inside(text, &*queue[0]));

    println!("second poll: {:?}", queue[0].as_mut().poll(&mut cx));
}
