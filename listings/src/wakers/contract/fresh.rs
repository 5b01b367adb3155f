//! Two wakers of one task that do not recognize each other.

// ANCHOR: fresh
use std::sync::Arc;
use std::task::{Wake, Waker};

use super::count::Counter;

struct Fresh(Arc<Counter>);

impl Wake for Fresh {
    fn wake(self: Arc<Self>) {
        self.0.wake_by_ref();
    }
}

/// A waker for the same task as every other waker of `counter`, in an
/// allocation of its own.
pub fn fresh(counter: &Arc<Counter>) -> Waker {
    Waker::from(Arc::new(Fresh(counter.clone())))
}
// ANCHOR_END: fresh

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn will_wake_knows_a_clone() {
        let (_, waker) = Counter::new();
        assert!(waker.will_wake(&waker.clone()));
    }

    #[test]
    fn will_wake_does_not_know_a_fresh_waker_of_the_same_task() {
        let (counter, waker) = Counter::new();
        let other = fresh(&counter);
        assert!(!waker.will_wake(&other));
        waker.wake();
        other.wake();
        assert_eq!(counter.wakes(), 2);
    }

    #[test]
    fn will_wake_is_false_for_another_task() {
        let ((_, mine), (_, other)) = (Counter::new(), Counter::new());
        assert!(!mine.will_wake(&other));
    }

    #[test]
    fn clone_from_leaves_the_task_the_newest_waker() {
        let ((old, first), (new, second)) = (Counter::new(), Counter::new());
        let mut kept = first.clone();
        kept.clone_from(&second);
        assert_eq!((old.wakers(), new.wakers()), (1, 2));
        kept.wake();
        assert_eq!((old.wakes(), new.wakes()), (0, 1));
    }
}
