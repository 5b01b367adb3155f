//! A struct with an offset in place of an address into itself may move.

use std::mem::offset_of;

use super::place::place_of;

// ANCHOR: waiting
/// What a greeting keeps between two polls, written by hand.
#[derive(Debug)]
pub struct Waiting {
    text: [u8; 5],
    /// How far the text is from the start; `None` before the start.
    reference: Option<usize>,
}

impl Waiting {
    /// Returns a state that has not started, so it has no reference yet.
    pub fn new(text: [u8; 5]) -> Waiting {
        Waiting { text, reference: None }
    }

    /// Does what the first poll does: takes a reference to the text.
    pub fn start(&mut self) {
        self.reference = Some(offset_of!(Waiting, text));
    }

    /// Says whether the reference of `self` leads to the text of `other`.
    pub fn leads_into(&self, other: &Waiting) -> bool {
        let place = self.reference.map(|offset| place_of(self) + offset);
        place == Some(place_of(&other.text))
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

    /// The text is not the first thing in the struct, so that a start without
    /// an offset is seen.
    #[test]
    fn the_offset_leads_to_the_text_and_not_to_the_start() {
        let mut waiting = Waiting::new(*b"hello");
        waiting.start();
        assert!(place_of(&waiting.text) > place_of(&waiting));
        assert!(waiting.leads_into(&waiting));
    }

    #[test]
    fn a_struct_that_has_not_started_leads_nowhere() {
        let waiting = Waiting::new(*b"hello");
        assert!(!waiting.leads_into(&waiting));
    }
}
