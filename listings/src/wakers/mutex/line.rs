//! Those who wait, in the order in which they came.

use std::collections::VecDeque;
use std::task::Waker;

// ANCHOR: line
/// Those who wait. Each has the ticket of its place.
#[derive(Default)]
pub struct Line {
    next_ticket: u64,
    /// In the order of their tickets.
    places: VecDeque<Place>,
}

struct Place {
    ticket: u64,
    /// The newest waker; gone when it was woken because it is its turn.
    waker: Option<Waker>,
}

impl Line {
    /// Whether it is the turn of `ticket`. Without one, it is only when
    /// nobody waits.
    pub fn is_turn_of(&self, ticket: Option<u64>) -> bool {
        self.places.front().map(|first| first.ticket) == ticket
    }

    /// Whether nobody waits.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }
}
// ANCHOR_END: line

// ANCHOR: wait
impl Line {
    /// Goes to the end of the line, or stays in its place with the newest
    /// waker. Returns the old one, to be dropped when no lock is held.
    pub fn wait(
        &mut self,
        ticket: &mut Option<u64>,
        waker: &Waker,
    ) -> Option<Waker> {
        if let Some(ticket) = *ticket {
            let place = self.index(ticket);
            return match &mut self.places[place].waker {
                Some(known) if known.will_wake(waker) => None,
                known => known.replace(waker.clone()),
            };
        }
        let place =
            Place { ticket: self.next_ticket, waker: Some(waker.clone()) };
        *ticket = Some(place.ticket);
        self.next_ticket += 1;
        self.places.push_back(place);
        None
    }

    /// Gives up a place, if there is one. Returns its waker, to be dropped
    /// when no lock is held.
    pub fn leave(&mut self, ticket: &mut Option<u64>) -> Option<Waker> {
        let place = self.index(ticket.take()?);
        self.places.remove(place).and_then(|place| place.waker)
    }

    /// The waker of the first, unless it was woken already.
    pub fn first(&mut self) -> Option<Waker> {
        self.places.front_mut().and_then(|first| first.waker.take())
    }

    fn index(&self, ticket: u64) -> usize {
        (self.places.binary_search_by_key(&ticket, |place| place.ticket))
            .expect("who has a ticket has a place")
    }
}
// ANCHOR_END: wait

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wakers::contract::count::Counter;

    fn waiting(count: usize) -> (Line, Vec<Option<u64>>) {
        let mut line = Line::default();
        let tickets = (0..count).map(|_| {
            let mut ticket = None;
            assert!(line.wait(&mut ticket, Waker::noop()).is_none());
            assert!(ticket.is_some());
            ticket
        });
        let tickets = tickets.collect();
        (line, tickets)
    }

    #[test]
    fn it_is_the_turn_of_a_newcomer_only_when_nobody_waits() {
        let (mut line, mut tickets) = waiting(1);
        assert!(!line.is_turn_of(None));
        assert!(line.is_turn_of(tickets[0]));
        line.leave(&mut tickets[0]);
        assert!(line.is_turn_of(None));
    }

    #[test]
    fn whoever_leaves_the_order_of_the_others_stays() {
        for gone in 0..4 {
            let (mut line, mut tickets) = waiting(4);
            line.leave(&mut tickets.remove(gone));
            for mut ticket in tickets {
                assert!(line.is_turn_of(ticket), "{gone} is gone");
                line.leave(&mut ticket);
            }
            assert!(line.is_turn_of(None));
        }
    }

    #[test]
    fn a_place_has_the_newest_waker_and_one_only() {
        let ((a, waker_a), (b, waker_b)) = (Counter::new(), Counter::new());
        let (mut line, mut ticket) = (Line::default(), None);
        assert!(line.wait(&mut ticket, &waker_a).is_none());
        assert!(line.wait(&mut ticket, &waker_a).is_none());
        let old = line.wait(&mut ticket, &waker_b);
        assert!(old.is_some_and(|old| old.will_wake(&waker_a)));
        assert_eq!((a.wakers(), b.wakers()), (1, 2));
        line.first().expect("it has a waker").wake();
        assert_eq!((a.wakes(), b.wakes()), (0, 1));
        assert!(line.first().is_none());
    }
}
