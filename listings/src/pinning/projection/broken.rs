//! Four wrappers that pin a field, and each breaks one duty of those who do.
//!
//! They hold a [`Listed`] and nothing else. It only compares addresses, so all
//! that comes of it is a wrong entry in a list.

use std::mem::ManuallyDrop;
use std::pin::Pin;

use super::listed::Listed;

// ANCHOR: unpin
/// Breaks the first duty: it says that it may move.
#[derive(Debug)]
pub struct Movable<'a>(pub Listed<'a>);

impl Unpin for Movable<'_> {}

impl<'a> Movable<'a> {
    /// Returns a pin to the future.
    pub fn project(self: Pin<&mut Self>) -> Pin<&mut Listed<'a>> {
        // SAFETY: a broken promise, since `self` may move. No harm is done:
        // nobody reads through an address on the list.
        unsafe { self.map_unchecked_mut(|this| &mut this.0) }
    }
}
// ANCHOR_END: unpin

// ANCHOR: drop
/// Breaks the second duty: its destructor moves the future.
#[derive(Debug)]
pub struct Hasty<'a>(pub Option<Listed<'a>>);

impl<'a> Hasty<'a> {
    /// Returns a pin to the future.
    pub fn project(self: Pin<&mut Self>) -> Option<Pin<&mut Listed<'a>>> {
        // SAFETY: a broken promise, since the destructor moves what is pinned
        // here. Nobody reads through an address on the list.
        unsafe { self.map_unchecked_mut(|this| &mut this.0) }.as_pin_mut()
    }
}

impl Drop for Hasty<'_> {
    fn drop(&mut self) {
        let moved = Box::new(self.0.take());
        drop(moved);
    }
}
// ANCHOR_END: drop

// ANCHOR: take
/// Breaks the third duty: the future can be taken out after it was pinned.
#[derive(Debug)]
pub struct Open<'a>(pub Option<Listed<'a>>);

impl<'a> Open<'a> {
    /// Returns a pin to the future, unless it was taken.
    pub fn project(self: Pin<&mut Self>) -> Option<Pin<&mut Listed<'a>>> {
        // SAFETY: a broken promise, since `take` moves what is pinned here.
        // Nobody reads through an address on the list.
        unsafe { self.map_unchecked_mut(|this| &mut this.0) }.as_pin_mut()
    }

    /// Moves the future out.
    pub fn take(self: Pin<&mut Self>) -> Option<Listed<'a>> {
        // SAFETY: a broken promise, since this moves what `project` has
        // pinned. Nobody reads through an address on the list.
        unsafe { self.get_unchecked_mut().0.take() }
    }
}
// ANCHOR_END: take

// ANCHOR: forget
/// Breaks the fourth duty: the future is never dropped.
#[derive(Debug)]
pub struct Forgetful<'a>(pub ManuallyDrop<Listed<'a>>);

impl<'a> Forgetful<'a> {
    /// Returns a pin to the future.
    pub fn project(self: Pin<&mut Self>) -> Pin<&mut Listed<'a>> {
        // SAFETY: a broken promise, since its place goes without a drop.
        // Nobody reads through an address on the list.
        unsafe { self.map_unchecked_mut(|this| &mut *this.0) }
    }
}
// ANCHOR_END: forget

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use std::pin::pin;
    use std::task::{Context, Waker};

    fn poll(future: Pin<&mut Listed<'_>>) {
        let mut cx = Context::from_waker(Waker::noop());
        assert!(future.poll(&mut cx).is_pending());
    }

    #[test]
    fn a_wrapper_that_may_move_takes_the_future_with_it() {
        let list = RefCell::default();
        let mut movable = Movable(Listed::new(&list));
        poll(Pin::new(&mut movable).project());
        drop(Box::new(movable));
        assert_eq!(list.borrow().len(), 1);
    }

    #[test]
    fn a_destructor_that_moves_the_future_drops_it_elsewhere() {
        let list = RefCell::default();
        {
            let mut hasty = pin!(Hasty(Some(Listed::new(&list))));
            poll(hasty.as_mut().project().expect("it is there"));
        }
        assert_eq!(list.borrow().len(), 1);
    }

    #[test]
    fn a_future_that_is_taken_out_is_dropped_elsewhere() {
        let list = RefCell::default();
        let mut open = pin!(Open(Some(Listed::new(&list))));
        poll(open.as_mut().project().expect("it is there"));
        drop(open.as_mut().take().map(Box::new));
        assert_eq!(list.borrow().len(), 1);
    }

    #[test]
    fn a_future_that_is_not_dropped_stays_on_the_list() {
        let list = RefCell::default();
        {
            let future = ManuallyDrop::new(Listed::new(&list));
            let mut forgetful = pin!(Forgetful(future));
            poll(forgetful.as_mut().project());
        }
        assert_eq!(list.borrow().len(), 1);
    }
}
