//! A struct with a real reference to its own field.

use std::cell::Cell;

struct Waiting<'a> {
    text: String,
    reference: Cell<Option<&'a String>>,
}

fn main() {
    let text = String::from("hello");
    let waiting = Waiting { text, reference: Cell::new(None) };
    waiting.reference.set(Some(&waiting.text));

    let moved = waiting;
    println!("{:?}", moved.reference.get());
}
