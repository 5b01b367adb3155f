//! An executor that owns its tasks. A waker holds a number.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Wake, Waker};

// ANCHOR: ready
/// The number of a task. No number is given twice.
type Key = u64;

/// The keys of the tasks that were woken, each once.
#[derive(Default)]
struct Ready(Mutex<BTreeSet<Key>>);

/// What the waker of a task holds: the key, and where to put it.
struct Signal {
    key: Key,
    ready: Arc<Ready>,
}

impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        let mut keys = self.ready.0.lock().expect("no holder panics");
        keys.insert(self.key);
    }
}
// ANCHOR_END: ready

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
    fn round(&self) -> bool {
        let mut ready = self.ready.0.lock().expect("no holder panics");
        let keys = mem::take(&mut *ready);
        drop(ready);
        let any = !keys.is_empty();
        keys.into_iter().for_each(|key| self.poll(key));
        any
    }

    /// Polls tasks until none is woken. Returns how many are left.
    pub fn run_until_stalled(&self) -> usize {
        while self.round() {}
        self.tasks.borrow().len()
    }
}
// ANCHOR_END: poll

#[cfg(test)]
mod tests {
    use std::future::{pending, poll_fn};
    use std::rc::Rc;
    use std::task::Poll;

    use super::super::yield_now::yield_now;
    use super::*;

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
}
