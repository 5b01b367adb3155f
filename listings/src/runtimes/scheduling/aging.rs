//! Two priorities, and a limit to how often the first normal task is passed.

use std::collections::VecDeque;

use super::line::{Line, Ticket};

// ANCHOR: aging
/// So many urgent tickets may pass the first normal one.
pub const LIMIT: u32 = 4;

/// Two lines. The first normal ticket ages with each urgent one that passes
/// it, and comes first when it is old enough.
#[derive(Debug, Default)]
pub struct Aging {
    urgent: VecDeque<Ticket>,
    normal: VecDeque<Ticket>,
    /// How many urgent tickets have passed the first normal one.
    passed: u32,
}

impl Line for Aging {
    fn push(&mut self, ticket: Ticket) {
        if ticket.urgent {
            self.urgent.push_back(ticket);
        } else {
            self.normal.push_back(ticket);
        }
    }

    fn pop(&mut self) -> Option<Ticket> {
        if self.normal.is_empty() {
            return self.urgent.pop_front();
        }
        if self.passed < LIMIT
            && let Some(ticket) = self.urgent.pop_front()
        {
            self.passed += 1;
            return Some(ticket);
        }
        self.passed = 0;
        self.normal.pop_front()
    }
}
// ANCHOR_END: aging

#[cfg(test)]
mod tests {
    use super::super::line::{drain, tickets};
    use super::*;

    #[test]
    fn the_first_normal_ticket_is_passed_four_times_at_most() {
        let mut line = Aging::default();
        tickets(&[100, 101, 1, 2, 3, 4, 5, 6, 7, 8, 9])
            .into_iter()
            .for_each(|ticket| line.push(ticket));
        let order = [1, 2, 3, 4, 100, 5, 6, 7, 8, 101, 9];
        assert_eq!(drain(&mut line), order);
    }

    #[test]
    fn urgent_tickets_that_pass_nobody_are_not_counted() {
        let mut line = Aging::default();
        let [urgent, normal] = tickets(&[1, 100])[..] else { unreachable!() };
        for _ in 0..100 {
            line.push(urgent);
            assert_eq!(line.pop(), Some(urgent));
        }
        line.push(normal);
        line.push(urgent);
        assert_eq!((line.pop(), line.pop()), (Some(urgent), Some(normal)));
    }

    #[test]
    fn without_urgent_tickets_it_is_first_come_first_served() {
        let mut line = Aging::default();
        let normal = tickets(&[100, 101, 102]);
        normal.iter().for_each(|ticket| line.push(*ticket));
        assert_eq!(drain(&mut line), [100, 101, 102]);
    }
}
