//! A function that pins through a reference, and gives the future back.

use std::cell::Cell;
use std::marker::PhantomPinned;
use std::mem;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use listings::pinning::self_reference::place::place_of;

/// Notes its place at the first poll, and looks at the second.
#[derive(Default)]
struct Noted {
    place: Cell<Option<usize>>,
    _stays: PhantomPinned,
}

impl Future for Noted {
    type Output = &'static str;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<&'static str> {
        let place = place_of(&*self);
        match self.place.replace(Some(place)) {
            None => Poll::Pending,
            Some(noted) if noted == place => Poll::Ready("in its place"),
            Some(_) => Poll::Ready("somewhere else"),
        }
    }
}

/// Polls the future where it is. Unsound: afterwards the caller may move it.
fn poll_by_reference<F: Future>(
    future: &mut F,
    cx: &mut Context<'_>,
) -> Poll<F::Output> {
    // SAFETY: none. The future does stay until this function returns, but it
    // has to stay until it is dropped, and we do not own it. `Noted` only
    // compares its places, so no harm is done here.
    unsafe { Pin::new_unchecked(future) }.poll(cx)
}

fn main() {
    let mut cx = Context::from_waker(Waker::noop());
    let mut future = Noted::default();
    println!("by reference: {:?}", poll_by_reference(&mut future, &mut cx));
    let mut moved = Box::new(mem::take(&mut future));
    println!("moved: {:?}", poll_by_reference(&mut *moved, &mut cx));

    let mut pinned = pin!(future);
    println!("pinned: {:?}", pinned.as_mut().poll(&mut cx));
    pinned.set(Noted::default());
    println!("replaced: {:?}", pinned.as_mut().poll(&mut cx));
    println!("again: {:?}", pinned.as_mut().poll(&mut cx));
}
