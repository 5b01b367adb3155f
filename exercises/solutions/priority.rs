//! Two priorities, of which neither starves.

use std::collections::VecDeque;

/// So many urgent tasks in a row may pass a normal one that waits.
pub const LIMIT: u32 = 3;

/// The keys of the tasks to poll.
#[derive(Default)]
pub struct Line {
    urgent: VecDeque<u32>,
    normal: VecDeque<u32>,
    passed: u32,
}

impl Line {
    /// Puts a task at the end of its line.
    pub fn push(&mut self, key: u32, urgent: bool) {
        if urgent {
            self.urgent.push_back(key);
        } else {
            self.normal.push_back(key);
        }
    }

    /// Takes the task that is next.
    pub fn pop(&mut self) -> Option<u32> {
        if self.normal.is_empty() {
            return self.urgent.pop_front();
        }
        if self.passed < LIMIT
            && let Some(key) = self.urgent.pop_front()
        {
            self.passed += 1;
            return Some(key);
        }
        self.passed = 0;
        self.normal.pop_front()
    }
}
