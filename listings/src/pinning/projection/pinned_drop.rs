//! A destructor for a struct with a pinned field, by the macro and by hand.

use std::pin::Pin;

use pin_project_lite::pin_project;

// ANCHOR: by_macro
pin_project! {
    /// Keeps a future in place, and says when it ends.
    #[derive(Debug)]
    pub struct Named<F> {
        #[pin]
        pub future: F,
        pub name: &'static str,
    }

    impl<F> PinnedDrop for Named<F> {
        fn drop(this: Pin<&mut Self>) {
            println!("{} ends", this.project().name);
        }
    }
}
// ANCHOR_END: by_macro

// ANCHOR: by_hand
/// The same by hand.
#[derive(Debug)]
pub struct NamedByHand<F> {
    /// Pinned whenever the struct is.
    pub future: F,
    /// Never pinned.
    pub name: &'static str,
}

impl<F> Drop for NamedByHand<F> {
    fn drop(&mut self) {
        /// All that the destructor does, with a `self` that has to stay.
        fn end<F>(this: Pin<&mut NamedByHand<F>>) {
            println!("{} ends", this.name);
        }
        // SAFETY: `self` may be pinned, is not used after this, and is not
        // moved before its fields are dropped.
        end(unsafe { Pin::new_unchecked(self) });
    }
}
// ANCHOR_END: by_hand

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pinning::projection::listed::Listed;
    use std::cell::RefCell;
    use std::pin::pin;
    use std::task::{Context, Waker};

    #[test]
    fn the_future_in_it_is_dropped_in_its_place() {
        let list = RefCell::default();
        let mut cx = Context::from_waker(Waker::noop());
        {
            let future = Listed::new(&list);
            let mut named = pin!(Named { future, name: "a test" });
            let future = named.as_mut().project().future;
            assert!(future.poll(&mut cx).is_pending());
            assert_eq!(list.borrow().len(), 1);
        }
        assert!(list.borrow().is_empty());
    }
}
