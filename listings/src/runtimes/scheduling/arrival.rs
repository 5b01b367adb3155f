//! First come, first served.

use std::collections::VecDeque;

use super::line::{Line, Ticket};

// ANCHOR: arrival
/// One line. The task that was woken first is polled first.
#[derive(Debug, Default)]
pub struct Arrival(VecDeque<Ticket>);

impl Line for Arrival {
    fn push(&mut self, ticket: Ticket) {
        self.0.push_back(ticket);
    }

    fn pop(&mut self) -> Option<Ticket> {
        self.0.pop_front()
    }
}
// ANCHOR_END: arrival

#[cfg(test)]
mod tests {
    use super::super::line::{drain, tickets};
    use super::*;

    #[test]
    fn the_first_in_is_the_first_out() {
        let mut line = Arrival::default();
        tickets(&[3, 100, 1]).into_iter().for_each(|t| line.push(t));
        assert_eq!(drain(&mut line), [3, 100, 1]);
    }
}
