//! A count that one loop keeps for itself.

use crate::runtimes::executor::yield_now::yield_now;

// ANCHOR: turns
/// Counts what a loop does, and gives the others a turn after every
/// `limit` steps.
#[derive(Debug)]
pub struct Turns {
    limit: u32,
    left: u32,
}

impl Turns {
    /// The first turn has `limit` steps, at least one.
    pub fn new(limit: u32) -> Turns {
        Turns { limit, left: limit }
    }

    /// Counts one step. Is pending once when a turn is used up.
    pub async fn step(&mut self) {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 {
            self.left = self.limit;
            yield_now().await;
        }
    }
}
// ANCHOR_END: turns

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wakers::block_on::flag::block_on;
    use crate::wakers::block_on::job::count_polls;

    async fn steps(limit: u32, steps: u32) {
        let mut turns = Turns::new(limit);
        for _ in 0..steps {
            turns.step().await;
        }
    }

    #[test]
    fn a_loop_yields_after_every_turn() {
        let polls = |limit, n| block_on(count_polls(steps(limit, n))).1;
        assert_eq!(polls(128, 127), 1);
        assert_eq!(polls(128, 128), 2);
        assert_eq!(polls(128, 1000), 8);
        assert_eq!(polls(0, 3), 4);
    }

    #[test]
    fn two_counts_in_one_task_do_not_know_of_each_other() {
        // Each has done all of its 100 steps: 200 in one poll.
        let both = async { futures::join!(steps(128, 100), steps(128, 100)) };
        assert_eq!(block_on(count_polls(both)).1, 1);
    }
}
