//! What a pin is: a pointer in a private field, and few ways to it.

// ANCHOR: pinned
use std::ops::{Deref, DerefMut};

/// A pointer to a value that stays in place, unless its type is `Unpin`.
#[derive(Debug)]
pub struct Pinned<P> {
    pointer: P,
}

impl<T> Pinned<Box<T>> {
    /// Moves `value` into a box. From now on only this pin leads to it.
    pub fn boxed(value: T) -> Pinned<Box<T>> {
        Pinned { pointer: Box::new(value) }
    }
}

impl<P: Deref<Target: Unpin>> Pinned<P> {
    /// Pins a value that may be moved all the same.
    pub fn new(pointer: P) -> Pinned<P> {
        Pinned { pointer }
    }
}
// ANCHOR_END: pinned

// ANCHOR: access
/// Everyone may look.
impl<P: Deref> Deref for Pinned<P> {
    type Target = P::Target;

    fn deref(&self) -> &P::Target {
        &self.pointer
    }
}

/// A `&mut` to the value is given out only if the value may be moved.
impl<P: DerefMut<Target: Unpin>> DerefMut for Pinned<P> {
    fn deref_mut(&mut self) -> &mut P::Target {
        &mut self.pointer
    }
}

impl<P: DerefMut> Pinned<P> {
    /// Returns a pin to the same value, for as long as `self` is borrowed.
    pub fn as_mut(&mut self) -> Pinned<&mut P::Target> {
        Pinned { pointer: &mut self.pointer }
    }

    /// Drops the value in its place, then puts `value` there.
    pub fn set(&mut self, value: P::Target)
    where
        P::Target: Sized,
    {
        *self.pointer = value;
    }
}
// ANCHOR_END: access

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pinning::self_reference::place::place_of;
    use std::cell::Cell;
    use std::marker::PhantomPinned;
    use std::pin::Pin;

    /// Notes its place when it is dropped, and may not be moved.
    struct Last<'a>(&'a Cell<usize>, PhantomPinned);

    impl Drop for Last<'_> {
        fn drop(&mut self) {
            self.0.set(place_of(self));
        }
    }

    #[test]
    fn a_pin_is_as_large_as_the_pointer_in_it() {
        assert_eq!(size_of::<Pinned<Box<u64>>>(), size_of::<Box<u64>>());
        assert_eq!(size_of::<Pin<Box<u64>>>(), size_of::<Box<u64>>());
        assert_eq!(size_of::<Pin<&mut u64>>(), size_of::<&mut u64>());
    }

    #[test]
    fn a_value_that_may_move_is_changed_through_the_pin() {
        let mut number = 1;
        let mut pinned = Pinned::new(&mut number);
        *pinned += 1;
        *pinned.as_mut() += 1;
        assert_eq!(*pinned, 3);
    }

    #[test]
    fn the_value_stays_when_the_pin_moves() {
        let last = Cell::new(0);
        let pinned = Pinned::boxed(Last(&last, PhantomPinned));
        let place = place_of(&*pinned);
        let list = vec![pinned];
        assert_eq!(place_of(&*list[0]), place);
        drop(list);
        assert_eq!(last.get(), place);
    }

    #[test]
    fn set_drops_the_old_value_where_it_was_pinned() {
        let (old, new) = (Cell::new(0), Cell::new(0));
        let mut pinned = Pinned::boxed(Last(&old, PhantomPinned));
        let place = place_of(&*pinned);
        pinned.set(Last(&new, PhantomPinned));
        assert_eq!((old.get(), new.get()), (place, 0));
        assert_eq!(place_of(&*pinned), place);
    }
}
