//! An executor that owns its tasks. A waker holds a number.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Waker};

use super::ready::{Key, Ready, Signal};
use crate::wakers::block_on::flag::block_on;

// ANCHOR: executor
struct Task {
    future: Pin<Box<dyn Future<Output = ()>>>,
    waker: Waker,
}

/// Runs tasks on the thread that made it.
#[derive(Default)]
pub struct Executor {
    tasks: RefCell<BTreeMap<Key, Task>>,
    next_key: Cell<Key>,
    ready: Arc<Ready>,
}

impl Executor {
    /// Makes `future` a task that wants to be polled.
    pub fn add(&self, future: impl Future<Output = ()> + 'static) {
        let key = self.next_key.get();
        self.next_key.set(key + 1);
        let signal = Arc::new(Signal { key, ready: self.ready.clone() });
        let waker = Waker::from(signal);
        let task = Task { future: Box::pin(future), waker: waker.clone() };
        self.tasks.borrow_mut().insert(key, task);
        waker.wake();
    }
}
// ANCHOR_END: executor

// ANCHOR: poll
impl Executor {
    fn poll(&self, key: Key) {
        // Out of the map while it is polled: it may add tasks to the map.
        let task = self.tasks.borrow_mut().remove(&key);
        let Some(mut task) = task else { return };
        let mut cx = Context::from_waker(&task.waker);
        if task.future.as_mut().poll(&mut cx).is_pending() {
            self.tasks.borrow_mut().insert(key, task);
        }
    }

    /// Polls every task that was woken, once. Returns whether there was one.
    /// The next wake of a task wakes `runner`.
    fn round(&self, runner: &Waker) -> bool {
        let keys = self.ready.take(runner);
        let any = !keys.is_empty();
        keys.into_iter().for_each(|key| self.poll(key));
        any
    }

    /// Polls tasks until none is woken. Returns how many are left.
    pub fn run_until_stalled(&self) -> usize {
        while self.round(Waker::noop()) {}
        self.tasks.borrow().len()
    }
}
// ANCHOR_END: poll

// ANCHOR: run
impl Executor {
    /// Runs `future` and all tasks until `future` is ready, and returns its
    /// output. The thread sleeps while nobody is woken.
    pub fn run<F: Future>(&self, future: F) -> F::Output {
        let mut main = pin!(future);
        block_on(poll_fn(|cx| {
            let result = main.as_mut().poll(cx);
            if result.is_pending() {
                self.round(cx.waker());
            }
            result
        }))
    }
}
// ANCHOR_END: run

#[cfg(test)]
mod tests {
    use std::future::pending;
    use std::rc::Rc;
    use std::task::Poll;
    use std::time::Duration;

    use super::super::yield_now::yield_now;
    use super::*;
    use crate::proof::watchdog;
    use crate::wakers::block_on::job::ask;

    #[test]
    fn tasks_take_turns() {
        let executor = Executor::default();
        let turns: Rc<RefCell<Vec<_>>> = Rc::default();
        for name in ["a", "b"] {
            let turns = turns.clone();
            executor.add(async move {
                for turn in 1..3 {
                    turns.borrow_mut().push((name, turn));
                    yield_now().await;
                }
            });
        }
        assert_eq!(executor.run_until_stalled(), 0);
        let expected = [("a", 1), ("b", 1), ("a", 2), ("b", 2)];
        assert_eq!(*turns.borrow(), expected);
    }

    #[test]
    fn a_task_woken_three_times_is_polled_once_more() {
        let executor = Executor::default();
        let polls = Rc::new(Cell::new(0));
        let count = polls.clone();
        executor.add(poll_fn(move |cx| {
            count.set(count.get() + 1);
            if count.get() == 1 {
                (0..3).for_each(|_| cx.waker().wake_by_ref());
            }
            Poll::Pending
        }));
        assert_eq!(executor.run_until_stalled(), 1);
        assert_eq!(polls.get(), 2);
    }

    #[test]
    fn a_task_that_forgets_its_waker_is_counted() {
        let executor = Executor::default();
        executor.add(pending());
        assert_eq!(executor.run_until_stalled(), 1);
    }

    #[test]
    fn run_sleeps_until_another_thread_wakes() {
        let run = || Executor::default().run(ask(|| 42));
        assert_eq!(watchdog(Duration::from_secs(30), run), Ok(42));
    }

    #[test]
    fn run_sleeps_forever_when_nobody_wakes() {
        let run = || Executor::default().run(pending::<()>());
        assert!(watchdog(Duration::from_millis(50), run).is_err());
    }
}
