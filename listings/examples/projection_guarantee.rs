//! A pinned future that is never dropped: in a box that is forgotten, and in a
//! place that is used again.

use std::cell::RefCell;
use std::mem::{self, ManuallyDrop};
use std::pin::pin;
use std::task::{Context, Waker};

use listings::pinning::projection::broken::Forgetful;
use listings::pinning::projection::listed::Listed;

fn main() {
    let mut cx = Context::from_waker(Waker::noop());

    let list = RefCell::default();
    let mut boxed = Box::pin(Listed::new(&list));
    assert!(boxed.as_mut().poll(&mut cx).is_pending());
    mem::forget(boxed);
    println!("leaked: {} on the list, still in place", list.borrow().len());

    let list = RefCell::default();
    let future = || Forgetful(ManuallyDrop::new(Listed::new(&list)));
    let mut place = pin!(future());
    assert!(place.as_mut().project().poll(&mut cx).is_pending());
    // `set` drops the wrapper, which does not drop the future in it.
    place.set(future());
    println!("used again: {} on the list, none polled", list.borrow().len());
}
