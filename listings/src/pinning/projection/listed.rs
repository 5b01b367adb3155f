//! A future that others know by its address, so it must not move.

// ANCHOR: listed
use std::cell::{Cell, RefCell};
use std::marker::PhantomPinned;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::pinning::self_reference::place::place_of;

/// A future that enters its address into a list at its first poll.
///
/// At the second it is ready, and says whether the list leads to it.
#[derive(Debug)]
pub struct Listed<'a> {
    list: &'a RefCell<Vec<usize>>,
    entered: Cell<bool>,
    _stays: PhantomPinned,
}

impl Future for Listed<'_> {
    type Output = bool;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<bool> {
        let place = place_of(&*self);
        if self.entered.replace(true) {
            return Poll::Ready(self.list.borrow().contains(&place));
        }
        self.list.borrow_mut().push(place);
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

/// Takes its address off the list.
impl Drop for Listed<'_> {
    fn drop(&mut self) {
        let place = place_of(self);
        self.list.borrow_mut().retain(|&entry| entry != place);
    }
}
// ANCHOR_END: listed

impl Listed<'_> {
    /// Returns a future that is not on the `list` yet.
    pub fn new(list: &RefCell<Vec<usize>>) -> Listed<'_> {
        Listed { list, entered: Cell::new(false), _stays: PhantomPinned }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::pin;
    use std::task::Waker;

    #[test]
    fn while_it_stays_the_list_leads_to_it() {
        let list = RefCell::default();
        let mut cx = Context::from_waker(Waker::noop());
        {
            let mut future = pin!(Listed::new(&list));
            assert!(future.as_mut().poll(&mut cx).is_pending());
            assert_eq!(*list.borrow(), [place_of(&*future)]);
            assert_eq!(future.as_mut().poll(&mut cx), Poll::Ready(true));
        }
        assert!(list.borrow().is_empty());
    }

    #[test]
    fn before_its_first_poll_it_may_move() {
        let list = RefCell::default();
        let mut boxed = Box::pin(Listed::new(&list));
        let mut cx = Context::from_waker(Waker::noop());
        assert!(boxed.as_mut().poll(&mut cx).is_pending());
        assert_eq!(boxed.as_mut().poll(&mut cx), Poll::Ready(true));
    }
}
