//! The queue of one worker: others may steal half of it.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

// ANCHOR: queue
/// Tasks in the order in which they came. A worker has one, and pops from
/// it; the others steal.
///
/// As large as two cache lines, so that two locks are never in one.
#[repr(align(128))]
pub struct Queue<T>(Mutex<Inner<T>>);

struct Inner<T> {
    tasks: VecDeque<T>,
    locks: Locks,
}

impl<T> Queue<T> {
    /// Puts `task` at the end. Returns how many stood before it.
    pub fn push(&self, task: T) -> usize {
        let tasks = &mut self.lock(Who::Owner).tasks;
        tasks.push_back(task);
        tasks.len() - 1
    }

    /// Takes the first.
    pub fn pop(&self) -> Option<T> {
        self.lock(Who::Owner).tasks.pop_front()
    }

    /// Takes the first half, rounded up: one task of one, two of three.
    pub fn steal_half(&self) -> VecDeque<T> {
        let tasks = &mut self.lock(Who::Other).tasks;
        let half = tasks.len().div_ceil(2);
        tasks.drain(..half).collect()
    }

    /// Puts what was stolen at the end.
    pub fn extend(&self, mut stolen: VecDeque<T>) {
        if !stolen.is_empty() {
            self.lock(Who::Owner).tasks.append(&mut stolen);
        }
    }
}
// ANCHOR_END: queue

impl<T> Default for Queue<T> {
    fn default() -> Self {
        let inner = Inner { tasks: VecDeque::new(), locks: Locks::default() };
        Queue(Mutex::new(inner))
    }
}

/// How often a queue was locked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Locks {
    /// By the worker whose queue it is.
    pub by_owner: u64,
    /// By the other workers.
    pub by_others: u64,
}

#[derive(Clone, Copy, PartialEq)]
enum Who {
    Owner,
    Other,
}

impl<T> Queue<T> {
    fn lock(&self, who: Who) -> MutexGuard<'_, Inner<T>> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match who {
            Who::Owner => inner.locks.by_owner += 1,
            Who::Other => inner.locks.by_others += 1,
        }
        inner
    }

    /// Takes the first tasks, at most `most`.
    pub fn take(&self, most: usize) -> VecDeque<T> {
        let tasks = &mut self.lock(Who::Other).tasks;
        // Not `split_off`, which would copy all that is left.
        tasks.drain(..most.min(tasks.len())).collect()
    }

    /// Whether nothing is in it, seen from another worker.
    pub fn is_empty(&self) -> bool {
        self.lock(Who::Other).tasks.is_empty()
    }

    /// How often it was locked so far.
    pub fn locks(&self) -> Locks {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).locks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(tasks: impl IntoIterator<Item = u32>) -> Queue<u32> {
        let queue = Queue::default();
        queue.extend(tasks.into_iter().collect());
        queue
    }

    fn rest(queue: &Queue<u32>) -> Vec<u32> {
        std::iter::from_fn(|| queue.pop()).collect()
    }

    #[test]
    fn a_push_says_how_many_stood_before_it() {
        let queue = Queue::default();
        assert_eq!([queue.push('a'), queue.push('b')], [0, 1]);
        assert_eq!([queue.pop(), queue.pop()], [Some('a'), Some('b')]);
        assert_eq!(queue.pop(), None);
    }

    #[test]
    fn a_thief_takes_the_first_half_rounded_up() {
        for (len, stolen) in [(0, 0), (1, 1), (2, 1), (3, 2), (8, 4)] {
            let queue = of(0..len);
            assert!(queue.steal_half().into_iter().eq(0..stolen), "{len}");
            assert!(rest(&queue).into_iter().eq(stolen..len), "{len}");
        }
    }

    #[test]
    fn what_is_taken_is_at_most_what_is_there() {
        let queue = of(0..3);
        assert_eq!(queue.take(2), [0, 1]);
        assert_eq!(queue.take(2), [2]);
        assert!(queue.is_empty());
    }

    #[test]
    fn locks_of_the_owner_and_of_others_are_counted_apart() {
        let queue = of(0..2);
        queue.steal_half();
        queue.pop();
        assert!(queue.is_empty());
        assert_eq!(queue.locks(), Locks { by_owner: 2, by_others: 2 });
    }
}
