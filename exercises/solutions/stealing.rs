//! The queue of one worker, from which others steal half.

use std::collections::VecDeque;

// std's, but the tests know when it is unlocked.
use exercises::sync::Mutex;

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
    /// the stolen tasks, and puts the others at the end of this queue.
    pub fn steal_from(&self, victim: &Queue<T>) -> Option<T> {
        // One lock at a time: two thieves may steal from each other.
        let mut tasks = victim.0.lock().expect("nothing panics under it");
        let half = tasks.len().div_ceil(2);
        let mut stolen: VecDeque<T> = tasks.drain(..half).collect();
        drop(tasks);
        let first = stolen.pop_front();
        self.0.lock().expect("nothing panics under it").append(&mut stolen);
        first
    }
}
