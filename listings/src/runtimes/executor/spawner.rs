//! A handle with which a task adds tasks, and the end of the executor.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::task::{Context, Waker};

use super::ready::{Key, Ready, Signal};
use crate::wakers::block_on::flag::block_on;

struct Task {
    future: Pin<Box<dyn Future<Output = ()>>>,
    waker: Waker,
}

// ANCHOR: spawner
/// Runs tasks on the thread that made it.
#[derive(Default)]
pub struct Executor(Rc<Inner>);

/// Adds tasks to the executor that made it.
#[derive(Debug, Clone)]
pub struct Spawner(Weak<Inner>);

impl Executor {
    /// A handle that a task can own.
    pub fn spawner(&self) -> Spawner {
        Spawner(Rc::downgrade(&self.0))
    }
}

impl Spawner {
    /// Makes `future` a task that wants to be polled, and returns its waker.
    /// When the executor is gone, drops `future`.
    pub fn add(&self, future: impl Future<Output = ()> + 'static) -> Waker {
        let Some(inner) = self.0.upgrade() else {
            return Waker::noop().clone();
        };
        let key = inner.next_key.get();
        inner.next_key.set(key + 1);
        let signal = Arc::new(Signal { key, ready: inner.ready.clone() });
        let waker = Waker::from(signal);
        let task = Task { future: Box::pin(future), waker: waker.clone() };
        inner.tasks.borrow_mut().insert(key, task);
        waker.wake_by_ref();
        waker
    }
}
// ANCHOR_END: spawner

impl Executor {
    // ANCHOR: run
    /// Runs `future` and all tasks until `future` is ready, and returns its
    /// output. The thread sleeps while nobody is woken.
    ///
    /// # Panics
    /// When `future` panics, or when a task calls this on its own executor.
    pub fn run<F: Future>(&self, future: F) -> F::Output {
        let mut main = pin!(future);
        block_on(poll_fn(|cx| {
            let result = main.as_mut().poll(cx);
            if result.is_pending() {
                self.run_once(cx);
            }
            result
        }))
    }
    // ANCHOR_END: run

    /// Polls tasks until none is woken. Returns how many are left.
    ///
    /// # Panics
    /// When a task calls this on its own executor.
    pub fn run_until_stalled(&self) -> usize {
        while self.run_once(&mut Context::from_waker(Waker::noop())) {}
        self.0.tasks.borrow().len()
    }

    fn poll(&self, key: Key) {
        // Out of the map while it is polled: it may add tasks to the map.
        let task = self.0.tasks.borrow_mut().remove(&key);
        let Some(mut task) = task else { return };
        let mut cx = Context::from_waker(&task.waker);
        if task.future.as_mut().poll(&mut cx).is_pending() {
            self.0.tasks.borrow_mut().insert(key, task);
        }
    }
}

// ANCHOR: run_once
#[derive(Default)]
struct Inner {
    tasks: RefCell<BTreeMap<Key, Task>>,
    next_key: Cell<Key>,
    ready: Arc<Ready>,
    /// Borrowed while tasks are polled.
    running: RefCell<()>,
}

impl Executor {
    /// Polls every task that was woken, once. Returns whether there was one.
    /// The next wake of a task wakes the waker of `cx`: then it is time to
    /// call this again. `run` and `run_until_stalled` forget that waker.
    ///
    /// # Panics
    /// When a task calls this on its own executor.
    pub fn run_once(&self, cx: &mut Context<'_>) -> bool {
        let _running =
            self.0.running.try_borrow_mut().expect("it runs already");
        let keys = self.0.ready.take(cx.waker());
        let any = !keys.is_empty();
        keys.into_iter().for_each(|key| self.poll(key));
        any
    }
}
// ANCHOR_END: run_once

impl fmt::Debug for Executor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Executor").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;
    use std::time::Duration;

    use super::super::yield_now::yield_now;
    use super::*;
    use crate::proof::hostile::Guest;
    use crate::proof::watchdog;
    use crate::wakers::block_on::job::ask;

    #[test]
    fn a_task_adds_a_task() {
        let executor = Executor::default();
        let spawner = executor.spawner();
        let added = Rc::new(Cell::new(false));
        let sets = added.clone();
        executor.spawner().add(async move {
            spawner.add(async move { sets.set(true) });
        });
        assert_eq!(executor.run_until_stalled(), 0);
        assert!(added.get());
    }

    #[test]
    fn a_task_leaves_those_that_were_added_before_it() {
        let executor = Executor::default();
        for tasks in 1..=3 {
            executor.spawner().add(pending());
            assert_eq!(executor.run_until_stalled(), tasks);
        }
    }

    #[test]
    fn a_spawner_without_its_executor_drops_the_future() {
        let owned = Rc::new(());
        let seen = owned.clone();
        let spawner = Executor::default().spawner();
        spawner.add(async move {
            let _owned = owned;
            pending().await
        });
        assert_eq!(Rc::strong_count(&seen), 1);
    }

    #[test]
    fn a_loop_of_its_own_hears_of_a_wake_once_for_each_call() {
        let executor = Executor::default();
        let guest = Guest::new();
        let waker = guest.waker();
        let mut cx = Context::from_waker(&waker);
        assert!(!executor.run_once(&mut cx), "there is nothing to poll");
        let first = executor.spawner().add(yield_now());
        first.wake_by_ref();
        assert_eq!(guest.wakes(), 1, "two wakes, one call to make");
        assert!(executor.run_once(&mut cx));
        assert_eq!(guest.wakes(), 2, "the task woke itself");
        assert!(executor.run_once(&mut cx));
        assert_eq!((executor.run_until_stalled(), guest.wakes()), (0, 2));
    }

    #[test]
    fn a_run_after_a_call_forgets_the_waker_of_the_call() {
        let executor = Executor::default();
        let task = executor.spawner().add(pending());
        let guest = Guest::new();
        let waker = guest.waker();
        let mut cx = Context::from_waker(&waker);
        executor.run_once(&mut cx);
        assert_eq!(executor.run_until_stalled(), 1);
        task.wake_by_ref();
        assert_eq!(guest.wakes(), 0, "the waker is forgotten");
        assert!(executor.run_once(&mut cx));
        executor.run(yield_now());
        task.wake_by_ref();
        assert_eq!(guest.wakes(), 0, "the waker is forgotten");
        assert!(executor.run_once(&mut cx));
        task.wake();
        assert_eq!(guest.wakes(), 1);
    }

    #[test]
    fn a_task_that_wakes_itself_waits_for_the_next_call() {
        let executor = Executor::default();
        let polls = Rc::new(Cell::new(0));
        let count = polls.clone();
        executor.spawner().add(poll_fn(move |cx| {
            count.set(count.get() + 1);
            cx.waker().wake_by_ref();
            std::task::Poll::Pending
        }));
        let mut cx = Context::from_waker(Waker::noop());
        (0..3).for_each(|_| assert!(executor.run_once(&mut cx)));
        assert_eq!(polls.get(), 3);
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
