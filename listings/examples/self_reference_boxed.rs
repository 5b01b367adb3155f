//! Moves a pinned box around: the future inside stays where it is.

use std::cell::Cell;
use std::task::{Context, Waker};

use listings::pinning::self_reference::greeting::greeting;
use listings::pinning::self_reference::place::{is_inside, place_of};

fn main() {
    let places = Cell::default();
    let future = greeting(&places);
    let moved = [future]; // not polled yet: it may move
    let mut boxed = Box::pin(moved.into_iter().next().expect("one"));

    let mut cx = Context::from_waker(Waker::noop());
    println!("first poll: {:?}", boxed.as_mut().poll(&mut cx));
    let (box_was, future_was) = (place_of(&boxed), place_of(&*boxed));

    let mut list = vec![boxed];
    println!("the box moved: {}", place_of(&list[0]) != box_was);
    println!("the future moved: {}", place_of(&*list[0]) != future_was);
    let text = places.get().text;
    println!("its text is still inside: {}", is_inside(text, &*list[0]));

    println!("second poll: {:?}", list[0].as_mut().poll(&mut cx));
}
