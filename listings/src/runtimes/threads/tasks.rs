//! All tasks of an executor, so that it can drop those that are left.

use std::mem;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::task::Runnable;

/// Tasks under keys. Several shelves, each with a lock, so that threads that
/// spawn at the same time seldom meet.
pub struct Tasks {
    shelves: Vec<Shelf>,
    next: AtomicUsize,
}

/// As large as two cache lines, so that two locks are never in one.
#[repr(align(128))]
#[derive(Default)]
struct Shelf(Mutex<Places>);

#[derive(Default)]
struct Places {
    tasks: Vec<Option<Runnable>>,
    free: Vec<usize>,
    closed: bool,
}

impl Shelf {
    fn lock(&self) -> MutexGuard<'_, Places> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tasks {
    /// No tasks yet, on this many shelves.
    pub fn new(shelves: usize) -> Tasks {
        let shelves = (0..shelves.max(1)).map(|_| Shelf::default()).collect();
        Tasks { shelves, next: AtomicUsize::new(0) }
    }

    // ANCHOR: insert
    /// Keeps `task` and returns its key, or nothing once closed.
    pub fn insert(&self, task: Runnable) -> Option<u32> {
        let count = self.shelves.len();
        let shelf = self.next.fetch_add(1, Ordering::Relaxed) % count;
        let places = &mut *self.shelves[shelf].lock();
        if places.closed {
            return None;
        }
        let place = places.free.pop().unwrap_or(places.tasks.len());
        if place == places.tasks.len() {
            places.tasks.push(None);
        }
        places.tasks[place] = Some(task);
        u32::try_from(place * count + shelf).ok()
    }
    // ANCHOR_END: insert

    /// Forgets the task with this key, if there is one.
    pub fn remove(&self, key: u32) {
        let (key, count) = (key as usize, self.shelves.len());
        let places = &mut *self.shelves[key % count].lock();
        let place = places.tasks.get_mut(key / count);
        if let Some(task) = place.and_then(Option::take) {
            places.free.push(key / count);
            // The one who ends a task holds a handle to it, so this runs no
            // destructor of the task's author.
            drop(task);
        }
    }

    /// Takes no task any more, and gives those that are left.
    pub fn close(&self) -> Vec<Runnable> {
        let mut left = Vec::new();
        for shelf in &self.shelves {
            let mut places = shelf.lock();
            places.closed = true;
            places.free.clear();
            left.extend(mem::take(&mut places.tasks).into_iter().flatten());
        }
        left
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        let used = |shelf: &Shelf| {
            let places = shelf.lock();
            places.tasks.len() - places.free.len()
        };
        self.shelves.iter().map(used).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::task::Work;
    use super::*;

    struct Nothing;

    impl Work for Nothing {
        fn run(self: Arc<Self>) -> Option<Runnable> {
            None
        }
        fn cancel(&self) {}
    }

    #[test]
    fn keys_are_used_again_and_none_is_given_twice() {
        let tasks = Tasks::new(2);
        let keys: Vec<_> =
            (0..4).filter_map(|_| tasks.insert(Arc::new(Nothing))).collect();
        let mut sorted = keys.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, [0, 1, 2, 3]);
        tasks.remove(keys[1]);
        tasks.remove(keys[3]);
        tasks.remove(keys[3]);
        assert_eq!(tasks.len(), 2);
        let again = (0..4).filter_map(|_| tasks.insert(Arc::new(Nothing)));
        assert_eq!(again.count(), 4);
        assert_eq!(tasks.len(), 6);
    }

    #[test]
    fn a_closed_one_takes_no_task() {
        let tasks = Tasks::new(2);
        assert!(tasks.insert(Arc::new(Nothing)).is_some());
        assert!(!tasks.is_empty());
        // A place is free again, and closed like the others.
        let gone = tasks.insert(Arc::new(Nothing)).unwrap();
        tasks.remove(gone);
        assert_eq!(tasks.close().len(), 1);
        assert!(tasks.insert(Arc::new(Nothing)).is_none());
        tasks.remove(0);
        assert!(tasks.is_empty());
    }
}
