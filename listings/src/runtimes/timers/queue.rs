//! Deadlines in order, and who waits for each.

use std::collections::BTreeMap;
use std::task::Waker;
use std::time::Instant;

// ANCHOR: queue
/// A deadline, and a number that no other timer has.
pub type Key = (Instant, u64);

/// Whom to wake when. The earliest deadline stands first.
#[derive(Debug, Default)]
pub struct Queue {
    timers: BTreeMap<Key, Waker>,
    /// How many timers were put in so far.
    count: u64,
}

impl Queue {
    /// Puts a timer in.
    pub fn insert(&mut self, deadline: Instant, waker: Waker) -> Key {
        self.count += 1;
        let key = (deadline, self.count);
        self.timers.insert(key, waker);
        key
    }

    /// Takes a timer out, unless it was due and has gone.
    pub fn remove(&mut self, key: Key) -> Option<Waker> {
        self.timers.remove(&key)
    }

    /// The earliest deadline.
    pub fn first(&self) -> Option<Instant> {
        self.timers.first_key_value().map(|(key, _)| key.0)
    }

    /// Takes out every timer that is due, in the order of their deadlines.
    pub fn take_due(&mut self, now: Instant) -> Vec<Waker> {
        let mut due = Vec::new();
        while self.first().is_some_and(|deadline| deadline <= now) {
            let first = self.timers.pop_first();
            due.extend(first.map(|(_, waker)| waker));
        }
        due
    }
}
// ANCHOR_END: queue

impl Queue {
    /// How many timers are in it.
    pub fn len(&self) -> usize {
        self.timers.len()
    }

    /// Whether it has no timer.
    pub fn is_empty(&self) -> bool {
        self.timers.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::proof::hostile::Guest;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn what_is_due_comes_in_the_order_of_the_deadlines() {
        let (mut queue, start) = (Queue::default(), Instant::now());
        let guests = [3, 1, 2, 1].map(|seconds| {
            let guest = Guest::new();
            let waker = guest.waker();
            queue.insert(start + seconds * SECOND, waker.clone());
            (guest, waker)
        });
        assert_eq!(queue.first(), Some(start + SECOND));
        assert_eq!(queue.len(), 4);
        assert!(queue.take_due(start).is_empty());
        let due = queue.take_due(start + 2 * SECOND);
        let order = [1, 3, 2].map(|place| &guests[place].1);
        assert_eq!(due.len(), 3);
        assert!(due.iter().zip(order).all(|(a, b)| a.will_wake(b)));
        assert_eq!(queue.len(), 1);
    }

    #[test]
    fn a_timer_is_taken_out_once() {
        let mut queue = Queue::default();
        let key = queue.insert(Instant::now(), Waker::noop().clone());
        assert!(!queue.is_empty());
        assert!(queue.remove(key).is_some());
        assert!(queue.remove(key).is_none());
        assert!(queue.is_empty());
    }
}
