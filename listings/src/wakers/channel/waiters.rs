//! Futures that wait for a turn, in the order in which they came.

use std::collections::VecDeque;
use std::mem;
use std::task::Waker;

// ANCHOR: waiters
/// A line of wakers. Each has a number, and a later one has a larger number.
#[derive(Debug, Default)]
pub struct Waiters {
    next: u64,
    line: VecDeque<(u64, Waker)>,
}

impl Waiters {
    /// Joins the end of the line and returns the number for it.
    pub fn join(&mut self, waker: Waker) -> u64 {
        let number = self.next;
        self.line.push_back((number, waker));
        self.next += 1;
        number
    }

    /// Takes the first out of the line. Its waker is to be woken when no
    /// lock is held.
    pub fn serve(&mut self) -> Option<(u64, Waker)> {
        self.line.pop_front()
    }

    /// Whether this number still waits: it was not served and has not left.
    pub fn contains(&self, number: u64) -> bool {
        self.find(number).is_some()
    }
}
// ANCHOR_END: waiters

// ANCHOR: leave
impl Waiters {
    /// Puts the newest waker in the place of this number. Returns the one
    /// that is no longer needed, to be dropped when no lock is held.
    pub fn renew(&mut self, number: u64, newest: Waker) -> Waker {
        match self.find(number) {
            Some(index) => mem::replace(&mut self.line[index].1, newest),
            None => newest,
        }
    }

    /// Leaves the line. Returns the waker, to be dropped when no lock is
    /// held; `None` when the number was served before.
    pub fn leave(&mut self, number: u64) -> Option<Waker> {
        let index = self.find(number)?;
        self.line.remove(index).map(|(_, waker)| waker)
    }

    fn find(&self, number: u64) -> Option<usize> {
        self.line.binary_search_by_key(&number, |entry| entry.0).ok()
    }
}
// ANCHOR_END: leave

impl Waiters {
    /// Whether nobody waits.
    pub fn is_empty(&self) -> bool {
        self.line.is_empty()
    }

    /// Takes everyone out, to be woken when no lock is held.
    pub fn take_all(&mut self) -> impl Iterator<Item = Waker> + use<> {
        mem::take(&mut self.line).into_iter().map(|(_, waker)| waker)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wakers::contract::count::Counter;

    #[test]
    fn the_first_that_came_is_served_first() {
        let mut waiters = Waiters::default();
        let counters = [(); 3].map(|_| Counter::new());
        let numbers = counters.each_ref().map(|c| waiters.join(c.1.clone()));
        assert_eq!(numbers, [0, 1, 2]);
        for (counter, waker) in &counters {
            let (_, served) = waiters.serve().expect("three wait");
            assert!(served.will_wake(waker));
            assert_eq!(counter.wakes(), 0);
        }
        assert!(waiters.serve().is_none());
    }

    #[test]
    fn one_in_the_middle_leaves_and_the_others_stay_in_order() {
        let mut waiters = Waiters::default();
        let counters = [(); 3].map(|_| Counter::new());
        let [_, second, _] =
            counters.each_ref().map(|c| waiters.join(c.1.clone()));
        assert!(!waiters.is_empty());
        drop(waiters.leave(second).expect("it waits"));
        assert_eq!(counters[1].0.wakers(), 1);
        assert!(waiters.leave(second).is_none());
        let (_, first) = waiters.serve().expect("two wait");
        assert!(first.will_wake(&counters[0].1));
        let (_, third) = waiters.serve().expect("one waits");
        assert!(third.will_wake(&counters[2].1));
        assert!(waiters.is_empty());
    }

    #[test]
    fn all_are_taken_out_in_order() {
        let mut waiters = Waiters::default();
        let counters = [(); 3].map(|_| Counter::new());
        for (_, waker) in &counters {
            waiters.join(waker.clone());
        }
        let all: Vec<_> = waiters.take_all().collect();
        assert!(waiters.is_empty());
        for (taken, (_, waker)) in all.iter().zip(&counters) {
            assert!(taken.will_wake(waker));
        }
    }

    #[test]
    fn the_newest_waker_stands_in_the_line() {
        let mut waiters = Waiters::default();
        let ((a, waker_a), (b, waker_b)) = (Counter::new(), Counter::new());
        let number = waiters.join(waker_a.clone());
        assert!(waiters.contains(number));
        let old = waiters.renew(number, waker_b.clone());
        assert!(old.will_wake(&waker_a));
        drop(old);
        assert_eq!((a.wakers(), b.wakers()), (1, 2));
        assert!(waiters.serve().is_some());
        assert!(!waiters.contains(number));
        let unused = waiters.renew(number, waker_a.clone());
        assert!(unused.will_wake(&waker_a));
    }
}
