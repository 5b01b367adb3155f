//! What decides which task is next.

use crate::runtimes::executor::ready::Key;

// ANCHOR: line
/// What stands in a line for a task that was woken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ticket {
    pub key: Key,
    pub urgent: bool,
}

/// Where woken tasks wait. Its methods are called while a lock is held, so
/// they must not wake anybody.
pub trait Line: Default + Send + 'static {
    /// Puts a ticket into the line. Its task is not in the line yet.
    fn push(&mut self, ticket: Ticket);

    /// Takes out the ticket of the task that is next.
    fn pop(&mut self) -> Option<Ticket>;
}
// ANCHOR_END: line

/// Tickets for the tests of the lines: a key below 100 is urgent.
#[cfg(test)]
pub fn tickets(keys: &[Key]) -> Vec<Ticket> {
    keys.iter().map(|&key| Ticket { key, urgent: key < 100 }).collect()
}

/// The keys in the order in which the line gives them.
#[cfg(test)]
pub fn drain(line: &mut impl Line) -> Vec<Key> {
    std::iter::from_fn(|| line.pop()).map(|ticket| ticket.key).collect()
}

#[cfg(test)]
mod tests {
    use super::super::arrival::Arrival;
    use super::*;

    #[test]
    fn a_line_gives_what_was_put_in() {
        let mut line = Arrival::default();
        tickets(&[1, 200]).into_iter().for_each(|t| line.push(t));
        assert_eq!(drain(&mut line), [1, 200]);
    }
}
