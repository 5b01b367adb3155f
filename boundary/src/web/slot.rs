//! A place for one value, shared by tasks of one thread.

use std::cell::RefCell;
use std::rc::Rc;

// ANCHOR: slot
/// A place for a value that comes later. Its clones share the place.
#[derive(Debug)]
pub struct Slot<T>(Rc<RefCell<Option<T>>>);

impl<T> Slot<T> {
    /// An empty place.
    pub fn new() -> Self {
        Slot(Rc::default())
    }

    /// Puts `value` into the place. An older value is dropped.
    pub fn fill(&self, value: T) {
        // `replace` gives the older value back, so the value is dropped
        // after the borrow has ended.
        drop(self.0.replace(Some(value)));
    }

    /// Takes the value, if it has come.
    pub fn take(&self) -> Option<T> {
        self.0.take()
    }
}
// ANCHOR_END: slot

impl<T> Clone for Slot<T> {
    fn clone(&self) -> Self {
        Slot(self.0.clone())
    }
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Slot::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_empty_until_it_is_filled_and_after_it_is_taken() {
        let slot = Slot::new();
        let writer = slot.clone();
        assert_eq!(slot.take(), None);
        writer.fill(7);
        assert_eq!(slot.take(), Some(7));
        assert_eq!(slot.take(), None);
    }

    /// A value that looks into its own place when it is dropped.
    struct Nosy(Slot<Nosy>);

    impl Drop for Nosy {
        fn drop(&mut self) {
            drop(self.0.take());
        }
    }

    #[test]
    fn an_older_value_is_dropped_outside_the_borrow() {
        let slot = Slot::new();
        slot.fill(Nosy(Slot::new()));
        let first = slot.take().expect("it was filled");
        slot.fill(first);
        slot.fill(Nosy(slot.clone()));
        slot.fill(Nosy(slot.clone()));
        assert!(slot.take().is_none(), "the older value took the new one");
    }
}
