//! The same tasks and handles for an executor that orders its tasks otherwise.

use std::cell::Cell;
use std::rc::Rc;
use std::task::Waker;

use super::{Join, JoinHandle, Joined};

/// Makes `future` a task, gives it to `add`, which returns its waker, and
/// returns its handle.
pub fn joined<F: Future + 'static>(
    future: F,
    add: impl FnOnce(Joined<F>) -> Waker,
) -> JoinHandle<F::Output> {
    let join = Rc::new(Join {
        result: Cell::new(None),
        waiting: Cell::new(None),
        aborted: Cell::new(false),
    });
    let task = Joined(Some((Box::pin(future), join.clone())));
    JoinHandle { join, task: add(task), taken: false }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::proof::watchdog;
    use crate::runtimes::executor::JoinError;
    use crate::wakers::block_on::flag::block_on;

    #[test]
    fn a_task_that_is_not_taken_is_cancelled() {
        let cancelled = || {
            let refuse = |task| {
                drop(task);
                Waker::noop().clone()
            };
            block_on(joined(async { 42 }, refuse))
        };
        let said = watchdog(Duration::from_secs(30), cancelled);
        assert_eq!(said, Ok(Err(JoinError::Cancelled)));
    }
}
