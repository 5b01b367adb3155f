//! Those who wait for a turn, in the order in which they came.

use std::collections::VecDeque;
use std::mem;
use std::task::Waker;

// ANCHOR: waiters
/// A line of wakers. Each has a number, and a later one has a larger number.
#[derive(Default)]
pub struct Waiters {
    next: u64,
    line: VecDeque<(u64, Waker)>,
}

/// Who asks is in the line no more: its turn has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Served;

impl Waiters {
    /// Joins the end of the line and returns the number for it.
    pub fn join(&mut self, waker: &Waker) -> u64 {
        let number = self.next;
        self.line.push_back((number, waker.clone()));
        self.next += 1;
        number
    }

    /// Takes out whoever has waited longest. The waker is to be woken when
    /// no lock is held.
    pub fn serve(&mut self) -> Option<(u64, Waker)> {
        self.line.pop_front()
    }

    // ANCHOR_END: waiters

    // ANCHOR: leave
    /// Keeps the newest waker of a number. Returns one that it replaced, to
    /// be dropped when no lock is held.
    ///
    /// # Errors
    /// [`Served`] when the number is no longer in the line.
    pub fn renew(
        &mut self,
        number: u64,
        newest: &Waker,
    ) -> Result<Option<Waker>, Served> {
        let index = self.find(number).ok_or(Served)?;
        let waker = &mut self.line[index].1;
        if waker.will_wake(newest) {
            return Ok(None);
        }
        Ok(Some(mem::replace(waker, newest.clone())))
    }

    /// Leaves the line, and returns the waker, to be dropped when no lock is
    /// held.
    ///
    /// # Errors
    /// [`Served`] when the number is no longer in the line.
    pub fn leave(&mut self, number: u64) -> Result<Waker, Served> {
        let index = self.find(number).ok_or(Served)?;
        self.line.remove(index).map(|(_, waker)| waker).ok_or(Served)
    }

    fn find(&self, number: u64) -> Option<usize> {
        self.line.binary_search_by_key(&number, |entry| entry.0).ok()
    }
    // ANCHOR_END: leave
}

impl Waiters {
    /// Whether nobody waits.
    pub fn is_empty(&self) -> bool {
        self.line.is_empty()
    }

    /// Takes everyone out, to be woken when no lock is held.
    pub fn take_all(&mut self) -> All {
        All(mem::take(&mut self.line))
    }
}

// ANCHOR: all
/// Everyone who waited.
#[must_use = "they wait to be woken"]
pub struct All(VecDeque<(u64, Waker)>);

impl All {
    /// Wakes them, the first one first. Not to be called under a lock.
    ///
    /// When a `wake` panics, the rest is woken before the panic goes on. If
    /// one of these panics too, the process is aborted.
    pub fn wake(mut self) {
        self.wake_rest();
    }

    fn wake_rest(&mut self) {
        while let Some((_, waker)) = self.0.pop_front() {
            waker.wake();
        }
    }
}

impl Drop for All {
    fn drop(&mut self) {
        self.wake_rest();
    }
}
// ANCHOR_END: all

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::Arc;
    use std::task::Wake;

    use super::*;
    use crate::wakers::contract::count::Counter;

    #[test]
    fn whoever_came_first_is_served_first() {
        let mut waiters = Waiters::default();
        let counters = [(); 3].map(|_| Counter::new());
        let numbers = counters.each_ref().map(|c| waiters.join(&c.1));
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
        let [_, second, _] = counters.each_ref().map(|c| waiters.join(&c.1));
        drop(waiters.leave(second).expect("it waits"));
        assert_eq!(counters[1].0.wakers(), 1);
        assert_eq!(waiters.leave(second).err(), Some(Served));
        let (_, first) = waiters.serve().expect("two wait");
        assert!(first.will_wake(&counters[0].1));
        let (_, third) = waiters.serve().expect("one waits");
        assert!(third.will_wake(&counters[2].1));
        assert!(waiters.is_empty());
    }

    #[test]
    fn the_newest_waker_stands_in_the_line() {
        let mut waiters = Waiters::default();
        let ((a, waker_a), (b, waker_b)) = (Counter::new(), Counter::new());
        let number = waiters.join(&waker_a);
        assert!(waiters.renew(number, &waker_a).expect("waits").is_none());
        let old = waiters.renew(number, &waker_b).expect("it waits");
        assert!(old.is_some_and(|old| old.will_wake(&waker_a)));
        assert_eq!((a.wakers(), b.wakers()), (1, 2));
        assert!(waiters.serve().is_some());
        assert_eq!(waiters.renew(number, &waker_b).err(), Some(Served));
    }

    struct Bad;

    impl Wake for Bad {
        fn wake(self: Arc<Self>) {
            panic!("on purpose");
        }
    }

    #[test]
    fn a_wake_that_panics_does_not_keep_the_others_from_theirs() {
        let mut waiters = Waiters::default();
        let (counter, waker) = Counter::new();
        waiters.join(&waker);
        waiters.join(&Waker::from(Arc::new(Bad)));
        waiters.join(&waker);
        let all = waiters.take_all();
        assert!(waiters.is_empty());
        assert!(catch_unwind(AssertUnwindSafe(|| all.wake())).is_err());
        assert_eq!((counter.wakes(), counter.wakers()), (2, 1));
    }
}
