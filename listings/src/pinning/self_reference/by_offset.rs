//! The same struct with an offset in place of an address: it may move.

use std::mem::offset_of;

use super::place::{is_inside, place_of};

// ANCHOR: waiting
/// What a greeting keeps between two polls, written by hand.
pub struct Waiting {
    text: [u8; 5],
    reference: usize,
}

impl Waiting {
    /// Returns a state that has not started: its reference leads nowhere yet.
    pub fn new(text: [u8; 5]) -> Waiting {
        Waiting { text, reference: usize::MAX }
    }

    /// Does what the first poll does: takes a reference to the text.
    pub fn start(&mut self) {
        self.reference = offset_of!(Waiting, text);
    }

    /// Says whether the reference of `self` leads into `other`.
    pub fn leads_into(&self, other: &Waiting) -> bool {
        let place = place_of(self).wrapping_add(self.reference);
        is_inside(place, other)
    }
}
// ANCHOR_END: waiting

#[cfg(test)]
mod tests {
    use super::*;
    use std::mem;

    #[test]
    fn an_offset_survives_a_swap_and_a_box() {
        let (mut a, mut b) = (Waiting::new(*b"hello"), Waiting::new(*b"world"));
        a.start();
        b.start();
        mem::swap(&mut a, &mut b);
        assert!(a.leads_into(&a) && b.leads_into(&b));
        assert!(!a.leads_into(&b) && !b.leads_into(&a));
        let boxed = Box::new(a);
        assert!(boxed.leads_into(&boxed));
        assert_eq!(boxed.text, *b"world");
    }

    #[test]
    fn a_struct_that_has_not_started_leads_nowhere() {
        let waiting = Waiting::new(*b"hello");
        assert!(!waiting.leads_into(&waiting));
    }
}
