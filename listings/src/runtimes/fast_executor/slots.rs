//! An executor for one thread: slots for tasks, a queue of those to poll, and
//! a future that waits for each.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use super::join::{Completion, Join, JoinHandle};
use super::queue::{Key, Queue};
use crate::runtimes::executor::JoinError;
use crate::runtimes::executor::caught::{catch, message};

// ANCHOR: shared
type BoxFuture = Pin<Box<dyn Future<Output = ()>>>;

/// A place for a task. The waker stays when the task is gone.
struct Slot {
    waker: Waker,
    future: Option<BoxFuture>,
}

/// Runs tasks on the thread that made it.
pub struct Executor {
    slots: RefCell<Vec<Slot>>,
    shared: Rc<Shared>,
}

/// What tasks reach of their executor while one of them is polled.
pub(super) struct Shared {
    queue: Rc<Queue>,
    /// The keys of the empty slots, and the key for a new slot.
    free: RefCell<Vec<Key>>,
    next_key: Cell<Key>,
    /// What tasks asked for while one was polled, and whether they did.
    spawned: RefCell<Vec<(Key, BoxFuture)>>,
    aborted: RefCell<Vec<Key>>,
    wishes: Cell<bool>,
    /// Tells the handle of the task that was just dropped.
    settle: Cell<Option<Settle>>,
    /// The executor was dropped.
    closed: Cell<bool>,
}

/// Tells the handle of a task why the task has no value.
type Settle = Box<dyn FnOnce(JoinError)>;

/// The key of the future that `run` was given, which is in no slot.
const MAIN: Key = 0;
// ANCHOR_END: shared

// ANCHOR: spawn
impl Shared {
    fn spawn<F: Future + 'static>(
        self: &Rc<Self>,
        future: F,
    ) -> JoinHandle<F::Output> {
        let key = self.free.borrow_mut().pop();
        let key = key
            .unwrap_or_else(|| self.next_key.replace(self.next_key.get() + 1));
        let join = Join::new(key, self.clone());
        if self.closed.get() {
            let _ = catch(|| drop(future));
            join.finish(Err(JoinError::Cancelled));
            return JoinHandle(join);
        }
        let end = Completion(join.clone());
        let task = Box::pin(async move { end.finish(future.await) });
        self.spawned.borrow_mut().push((key, task));
        self.wishes.set(true);
        self.queue.push(key);
        JoinHandle(join)
    }
}
// ANCHOR_END: spawn

impl Executor {
    // ANCHOR: run
    /// Runs all tasks until `future` is ready, and returns its output. The
    /// thread sleeps when nothing is to be polled.
    ///
    /// # Panics
    /// When `future` panics, or when `future` or a task calls this on its own
    /// executor.
    pub fn run<F: Future>(&self, future: F) -> F::Output {
        let mut slots = self.slots.try_borrow_mut().expect("it runs already");
        let _entered = self.shared.queue.enter();
        let waker = self.shared.queue.waker(MAIN);
        let mut cx = Context::from_waker(&waker);
        let mut main = pin!(future);
        waker.wake_by_ref();
        loop {
            if !self.shared.turn(&mut slots) {
                self.shared.queue.sleep();
            } else if let Poll::Ready(value) = main.as_mut().poll(&mut cx) {
                return value;
            }
        }
    }
    // ANCHOR_END: run

    /// Runs all tasks until none is to be polled, without sleeping. Returns
    /// how many are left: each waits for a wake.
    ///
    /// # Panics
    /// When the future of `run` or a task calls this on its own executor.
    pub fn run_until_stalled(&self) -> usize {
        let mut slots = self.slots.try_borrow_mut().expect("it runs already");
        let _entered = self.shared.queue.enter();
        while self.shared.turn(&mut slots) {}
        slots.iter().filter(|slot| slot.future.is_some()).count()
    }
}
// ANCHOR: turn
impl Shared {
    /// Polls tasks until the main future is woken, or none is left to poll.
    /// Returns whether it was the main future.
    fn turn(&self, slots: &mut Vec<Slot>) -> bool {
        loop {
            while self.wishes.take() {
                self.fulfill(slots);
            }
            match self.queue.pop() {
                Some(MAIN) => return true,
                Some(key) => self.poll(key, &mut slots[key]),
                None => return false,
            }
        }
    }

    fn poll(&self, key: Key, slot: &mut Slot) {
        let Some(future) = &mut slot.future else { return };
        let mut cx = Context::from_waker(&slot.waker);
        let poll = AssertUnwindSafe(|| future.as_mut().poll(&mut cx));
        let why = match catch_unwind(poll) {
            Ok(Poll::Pending) => return,
            // The task left its value, so its handle needs no reason.
            Ok(Poll::Ready(())) => JoinError::Cancelled,
            Err(payload) => JoinError::Panic(message(payload)),
        };
        if let Some(future) = slot.future.take() {
            self.end(key, future, why);
        }
    }
}
// ANCHOR_END: turn

// ANCHOR: end
impl Shared {
    /// Drops a task. If it left no value, its handle gets `why`.
    fn end(&self, key: Key, future: BoxFuture, why: JoinError) {
        // What follows runs the destructors of the task and the waker of its
        // handle: no panic in them may end the loop.
        let why = match catch(|| drop(future)) {
            Err(text) if why == JoinError::Cancelled => JoinError::Panic(text),
            _ => why,
        };
        if let Some(settle) = self.settle.take() {
            let _ = catch(|| settle(why));
        }
        self.free.borrow_mut().push(key);
    }

    pub fn settle_with(&self, settle: impl FnOnce(JoinError) + 'static) {
        self.settle.set(Some(Box::new(settle)));
    }
}
// ANCHOR_END: end

// ANCHOR: wishes
impl Shared {
    fn fulfill(&self, slots: &mut Vec<Slot>) {
        while let Some((key, future)) = self.spawned.borrow_mut().pop() {
            while slots.len() <= key {
                let waker = self.queue.waker(slots.len());
                slots.push(Slot { waker, future: None });
            }
            slots[key].future = Some(future);
        }
        for key in self.aborted.take() {
            if let Some(future) = slots[key].future.take() {
                self.end(key, future, JoinError::Cancelled);
            }
        }
    }

    pub fn abort(&self, key: Key) {
        self.aborted.borrow_mut().push(key);
        self.wishes.set(true);
    }
}
// ANCHOR_END: wishes

// ANCHOR: drop
impl Drop for Executor {
    /// Drops every task, here and now.
    fn drop(&mut self) {
        self.shared.closed.set(true);
        let slots = self.slots.get_mut();
        self.shared.fulfill(slots);
        for (key, slot) in slots.iter_mut().enumerate() {
            if let Some(future) = slot.future.take() {
                self.shared.end(key, future, JoinError::Cancelled);
            }
        }
    }
}
// ANCHOR_END: drop

impl Executor {
    /// An executor without tasks.
    pub fn new() -> Self {
        let shared = Rc::new(Shared {
            queue: Queue::new(),
            spawned: RefCell::default(),
            aborted: RefCell::default(),
            wishes: Cell::new(false),
            settle: Cell::default(),
            free: RefCell::default(),
            next_key: Cell::new(MAIN + 1),
            closed: Cell::new(false),
        });
        Executor { slots: RefCell::default(), shared }
    }

    /// Makes `future` a task. It is first polled when the executor runs.
    pub fn spawn<F: Future + 'static>(
        &self,
        future: F,
    ) -> JoinHandle<F::Output> {
        self.shared.spawn(future)
    }

    /// A handle with which tasks spawn tasks.
    pub fn spawner(&self) -> Spawner {
        Spawner(self.shared.clone())
    }
}

impl Default for Executor {
    fn default() -> Self {
        Executor::new()
    }
}

impl fmt::Debug for Executor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Executor").finish_non_exhaustive()
    }
}

/// Spawns tasks on the executor that made it, also from within its tasks.
#[derive(Clone)]
pub struct Spawner(Rc<Shared>);

impl fmt::Debug for Spawner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Spawner").finish_non_exhaustive()
    }
}

impl Spawner {
    /// Makes `future` a task. When the executor is gone, `future` is dropped
    /// and the handle says `Cancelled`.
    pub fn spawn<F: Future + 'static>(
        &self,
        future: F,
    ) -> JoinHandle<F::Output> {
        self.0.spawn(future)
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use super::*;
    use crate::runtimes::executor::yield_now::yield_now;

    type Log = Rc<RefCell<Vec<(&'static str, u32)>>>;

    async fn takes_turns(log: Log, name: &'static str, turns: u32) {
        for turn in 1..=turns {
            log.borrow_mut().push((name, turn));
            yield_now().await;
        }
    }

    #[test]
    fn the_main_future_takes_turns_with_the_tasks() {
        let (executor, log) = (Executor::default(), Log::default());
        drop(executor.spawn(takes_turns(log.clone(), "task", 3)));
        executor.run(takes_turns(log.clone(), "main", 2));
        let turns = [("task", 1), ("main", 1), ("task", 2), ("main", 2)];
        assert_eq!(log.borrow()[..4], turns);
        assert_eq!(executor.run_until_stalled(), 0, "the task goes on later");
        assert_eq!(log.borrow()[4..], [("task", 3)]);
    }

    #[test]
    fn a_late_wake_costs_the_next_task_in_that_place_one_poll() {
        let executor = Executor::default();
        let waker: Rc<RefCell<Option<Waker>>> = Rc::default();
        let keep = waker.clone();
        let done = executor.spawn(poll_fn(move |cx| {
            keep.replace(Some(cx.waker().clone()));
            Poll::Ready(())
        }));
        assert!(executor.run(done).is_ok());
        let polls = Rc::new(Cell::new(0));
        let count = polls.clone();
        let next = executor.spawn(poll_fn(move |_| {
            count.set(count.get() + 1);
            Poll::<()>::Pending
        }));
        assert_eq!(executor.run_until_stalled(), 1);
        waker.borrow().as_ref().unwrap().wake_by_ref();
        assert_eq!(executor.run_until_stalled(), 1);
        assert_eq!(polls.get(), 2);
        next.abort();
    }

    #[test]
    #[should_panic(expected = "it runs already")]
    fn an_executor_is_not_run_until_stalled_by_its_own_main_future() {
        let executor = Executor::default();
        executor.run(async { executor.run_until_stalled() });
    }

    #[test]
    #[should_panic(expected = "it runs already")]
    fn an_executor_is_not_run_by_its_own_main_future() {
        let executor = Executor::default();
        executor.run(async { executor.run(async {}) });
    }

    /// What the page says of its size, without empty lines and comments.
    #[test]
    fn it_has_fewer_than_500_lines_and_no_unsafe_code() {
        let files = [
            include_str!("queue.rs"),
            include_str!("join.rs"),
            include_str!("slots.rs"),
        ];
        let mut lines = 0;
        for file in files {
            let code = file.split("#[cfg(test)]").next().unwrap();
            let code: Vec<_> = code
                .lines()
                .map(str::trim)
                .filter(|l| !l.is_empty() && !l.starts_with("//"))
                .collect();
            assert!(code.iter().all(|line| !line.contains("unsafe")));
            lines += code.len();
        }
        assert!((400..500).contains(&lines), "{lines}");
    }
}
