//! Exercise to runtimes/scheduling.html: two priorities, of which neither starves.

use std::collections::VecDeque;

// ANCHOR: stub
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
        todo!("which line?")
    }

    /// Takes the task that is next.
    pub fn pop(&mut self) -> Option<u32> {
        todo!("urgent first, unless a normal one has waited for too long")
    }
}
// ANCHOR_END: stub
