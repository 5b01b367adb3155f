//! Drops a future at each of its awaits.

use std::pin::pin;
use std::task::{Context, Waker};

// ANCHOR: walk
/// Polls `future` this many times, or until it is ready, and drops it.
/// Returns whether it was ready.
pub fn drop_after(polls: usize, future: impl Future) -> bool {
    let mut future = pin!(future);
    let mut cx = Context::from_waker(Waker::noop());
    (0..polls).any(|_| future.as_mut().poll(&mut cx).is_ready())
}

/// Calls `run` with 0 polls, with 1, and so on, until `run` says that its
/// future was ready. Returns what each run left behind.
pub fn walk<T>(mut run: impl FnMut(usize) -> (bool, T)) -> Vec<T> {
    let mut left = Vec::new();
    for polls in 0.. {
        let (ready, after) = run(polls);
        left.push(after);
        if ready {
            break;
        }
    }
    left
}
// ANCHOR_END: walk

#[cfg(test)]
mod tests {
    use super::*;
    use crate::futures::poll::countdown::countdown;

    #[test]
    fn a_future_is_dropped_after_so_many_polls() {
        assert!(!drop_after(0, countdown(0)));
        assert!(drop_after(1, countdown(0)));
        assert!(!drop_after(2, countdown(2)));
        assert!(drop_after(3, countdown(2)));
        assert!(drop_after(9, countdown(2)), "it is not polled after `Ready`");
    }

    #[test]
    fn a_walk_ends_with_the_run_that_was_ready() {
        let polls = walk(|polls| (drop_after(polls, countdown(2)), polls));
        assert_eq!(polls, [0, 1, 2, 3]);
    }
}
