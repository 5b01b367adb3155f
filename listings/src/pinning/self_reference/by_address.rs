//! A struct that remembers where its own field is: moving it makes that wrong.

use super::place::place_of;

// ANCHOR: waiting
/// What a greeting keeps between two polls, written by hand.
#[derive(Debug)]
pub struct Waiting {
    text: [u8; 5],
    /// The address of the text; `None` before the start.
    reference: Option<usize>,
}

impl Waiting {
    /// Returns a state that has not started, so it has no reference yet.
    pub fn new(text: [u8; 5]) -> Waiting {
        Waiting { text, reference: None }
    }

    /// Does what the first poll does: takes a reference to the text.
    pub fn start(&mut self) {
        self.reference = Some(place_of(&self.text));
    }

    /// Says whether the reference of `self` leads to the text of `other`.
    pub fn leads_into(&self, other: &Waiting) -> bool {
        self.reference == Some(place_of(&other.text))
    }
}
// ANCHOR_END: waiting

impl Waiting {
    /// Returns the text that moves along with the struct.
    pub fn text(&self) -> &str {
        str::from_utf8(&self.text).unwrap_or("not a text")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::mem;

    #[test]
    fn the_reference_leads_into_the_struct_that_started() {
        let (mut a, mut b) = (Waiting::new(*b"hello"), Waiting::new(*b"world"));
        a.start();
        b.start();
        assert!(a.leads_into(&a) && b.leads_into(&b));
        assert!(!a.leads_into(&b) && !b.leads_into(&a));
    }

    #[test]
    fn after_a_swap_each_reference_leads_into_the_other() {
        let (mut a, mut b) = (Waiting::new(*b"hello"), Waiting::new(*b"world"));
        a.start();
        b.start();
        mem::swap(&mut a, &mut b);
        assert_eq!((a.text(), b.text()), ("world", "hello"));
        assert!(a.leads_into(&b) && b.leads_into(&a));
        assert!(!a.leads_into(&a) && !b.leads_into(&b));
    }

    #[test]
    fn in_a_box_the_reference_leads_to_the_place_that_was_left() {
        let mut a = Waiting::new(*b"hello");
        a.start();
        let left = place_of(&a.text);
        let boxed = Box::new(a);
        assert_eq!(boxed.reference, Some(left));
        assert!(!boxed.leads_into(&boxed));
    }

    #[test]
    fn a_struct_that_has_not_started_leads_nowhere() {
        let waiting = Waiting::new(*b"hello");
        assert!(!waiting.leads_into(&waiting));
    }
}
