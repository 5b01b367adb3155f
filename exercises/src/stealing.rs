//! Exercise to runtimes/threads.html: steal half of a queue.

use std::collections::VecDeque;

// std's, but the tests know when it is unlocked.
use exercises::sync::Mutex;

// ANCHOR: stub
/// Tasks in the order in which they came.
#[derive(Default)]
pub struct Queue<T>(Mutex<VecDeque<T>>);

impl<T> Queue<T> {
    /// Puts `task` at the end.
    pub fn push(&self, task: T) {
        self.0.lock().expect("nothing panics under it").push_back(task);
    }

    /// Takes the first task.
    pub fn pop(&self) -> Option<T> {
        self.0.lock().expect("nothing panics under it").pop_front()
    }

    /// Steals the first half of `victim`, rounded up. Returns the first of
    /// the stolen tasks, and puts the others at the end of this queue. Two
    /// workers may steal from each other at the same time.
    pub fn steal_from(&self, victim: &Queue<T>) -> Option<T> {
        todo!("steal from {:p}", victim)
    }
}
// ANCHOR_END: stub
