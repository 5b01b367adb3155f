//! Two priorities: urgent tasks always come first.

use std::collections::VecDeque;

use super::line::{Line, Ticket};

// ANCHOR: two_lines
/// Two lines. The normal one is looked at only when the urgent one is empty.
#[derive(Debug, Default)]
pub struct TwoLines {
    urgent: VecDeque<Ticket>,
    normal: VecDeque<Ticket>,
}

impl Line for TwoLines {
    fn push(&mut self, ticket: Ticket) {
        if ticket.urgent {
            self.urgent.push_back(ticket);
        } else {
            self.normal.push_back(ticket);
        }
    }

    fn pop(&mut self) -> Option<Ticket> {
        self.urgent.pop_front().or_else(|| self.normal.pop_front())
    }
}
// ANCHOR_END: two_lines

#[cfg(test)]
mod tests {
    use super::super::line::{drain, tickets};
    use super::*;

    #[test]
    fn urgent_tickets_come_first_and_each_kind_in_its_order() {
        let mut line = TwoLines::default();
        tickets(&[100, 2, 101, 1]).into_iter().for_each(|t| line.push(t));
        assert_eq!(drain(&mut line), [2, 1, 100, 101]);
    }

    #[test]
    fn a_normal_ticket_waits_as_long_as_urgent_ones_come() {
        let mut line = TwoLines::default();
        let [urgent, normal] = tickets(&[1, 100])[..] else { unreachable!() };
        line.push(normal);
        for _ in 0..1000 {
            line.push(urgent);
            assert_eq!(line.pop(), Some(urgent));
        }
    }
}
