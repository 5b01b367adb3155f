//! A function that pins through a reference, and gives the future back.

use std::cell::Cell;
use std::mem;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use listings::pinning::self_reference::greeting::greeting;
use listings::pinning::self_reference::place::is_inside;

/// Polls the future where it is. Unsound: afterwards the caller may move it.
fn poll_by_reference<F: Future>(
    future: &mut F,
    cx: &mut Context<'_>,
) -> Poll<F::Output> {
    // SAFETY: none. The future does stay until this function returns, but it
    // has to stay until it is dropped, and we do not own it.
    unsafe { Pin::new_unchecked(future) }.poll(cx)
}

fn main() {
    let mut cx = Context::from_waker(Waker::noop());
    let places = Cell::default();
    let mut future = greeting(&places);
    println!("by reference: {:?}", poll_by_reference(&mut future, &mut cx));
    let polled = Box::new(mem::replace(&mut future, greeting(&places)));
    let inside = is_inside(places.get().text, &*polled);
    println!("after a move, its text is inside it: {inside}");
    // One more poll of it would read through the address that is left. We
    // drop it, which reads through none.
    drop(polled);

    let mut pinned = pin!(future);
    println!("pinned: {:?}", pinned.as_mut().poll(&mut cx));
    let inside = is_inside(places.get().text, &*pinned);
    println!("its text is inside it: {inside}");
    pinned.set(greeting(&places));
    println!("replaced: {:?}", pinned.as_mut().poll(&mut cx));
}
