//! The executor of the book, with a line where it had a set. The line decides
//! which task is next. It can be shut down.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::future::poll_fn;
use std::mem;
use std::pin::{Pin, pin};
use std::rc::{Rc, Weak};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

use super::line::{Line, Ticket};
use crate::runtimes::executor::JoinHandle;
use crate::runtimes::executor::abort::joined::joined;
use crate::runtimes::executor::ready::Key;
use crate::wakers::block_on::flag::block_on;

// ANCHOR: ready
/// The tasks that were woken, each once, in the order of `L`.
#[derive(Default)]
struct Ready<L>(Mutex<Woken<L>>);

#[derive(Default)]
struct Woken<L> {
    line: L,
    /// The keys of the tasks that stand in the line.
    keys: BTreeSet<Key>,
    /// Wakes the thread that polls the tasks.
    runner: Option<Waker>,
}

impl<L: Line> Ready<L> {
    /// Takes the ticket of the task that is next.
    fn next(&self) -> Option<Ticket> {
        let mut woken = self.0.lock().expect("no holder panics");
        let ticket = woken.line.pop()?;
        woken.keys.remove(&ticket.key);
        Some(ticket)
    }
}
// ANCHOR_END: ready

impl<L: Line> Ready<L> {
    /// Returns how many tasks stand in the line. The next wake of a task
    /// wakes `runner`.
    fn watch(&self, runner: &Waker) -> usize {
        let runner = Some(runner.clone());
        let mut woken = self.0.lock().expect("no holder panics");
        let standing = woken.keys.len();
        let old = mem::replace(&mut woken.runner, runner);
        // Wakers are foreign code: cloned and dropped with the lock released.
        drop(woken);
        drop(old);
        standing
    }
}

// ANCHOR: wake
/// What the waker of a task holds.
struct Signal<L> {
    ticket: Ticket,
    ready: Arc<Ready<L>>,
}

impl<L: Line> Wake for Signal<L> {
    fn wake(self: Arc<Self>) {
        let mut woken = self.ready.0.lock().expect("no holder panics");
        if woken.keys.insert(self.ticket.key) {
            woken.line.push(self.ticket);
        }
        let runner = woken.runner.take();
        drop(woken);
        if let Some(runner) = runner {
            runner.wake();
        }
    }
}
// ANCHOR_END: wake

struct Task {
    future: Pin<Box<dyn Future<Output = ()>>>,
    waker: Waker,
}

/// Runs tasks on the thread that made it, in the order of `L`.
#[derive(Default)]
pub struct Executor<L: Line>(Rc<Inner<L>>);

/// Adds tasks to the executor that made it.
pub struct Spawner<L: Line>(Weak<Inner<L>>);

#[derive(Default)]
struct Inner<L: Line> {
    tasks: RefCell<BTreeMap<Key, Task>>,
    next_key: Cell<Key>,
    ready: Arc<Ready<L>>,
    /// Borrowed while tasks are polled.
    running: RefCell<()>,
    /// Whether it takes no new tasks.
    closed: Cell<bool>,
}

impl<L: Line> Spawner<L> {
    /// Makes `future` a task. When the executor is closed or gone, `future` is
    /// dropped and the handle says `Cancelled`.
    pub fn spawn<F: Future + 'static>(
        &self,
        future: F,
    ) -> JoinHandle<F::Output> {
        joined(future, |task| self.add(false, task))
    }

    // ANCHOR: spawn
    /// Makes `future` an urgent task.
    pub fn spawn_urgent<F: Future + 'static>(
        &self,
        future: F,
    ) -> JoinHandle<F::Output> {
        joined(future, |task| self.add(true, task))
    }

    fn add(
        &self,
        urgent: bool,
        future: impl Future<Output = ()> + 'static,
    ) -> Waker {
        let inner = self.0.upgrade();
        let Some(inner) = inner.filter(|inner| !inner.closed.get()) else {
            return Waker::noop().clone();
        };
        let key = inner.next_key.replace(inner.next_key.get() + 1);
        let ticket = Ticket { key, urgent };
        let signal = Signal { ticket, ready: inner.ready.clone() };
        let waker = Waker::from(Arc::new(signal));
        let task = Task { future: Box::pin(future), waker: waker.clone() };
        inner.tasks.borrow_mut().insert(key, task);
        waker.wake_by_ref();
        waker
    }
    // ANCHOR_END: spawn
}

impl<L: Line> Executor<L> {
    /// An executor with this line.
    pub fn with_line(line: L) -> Executor<L> {
        let woken = Woken { line, keys: BTreeSet::new(), runner: None };
        let ready = Arc::new(Ready(Mutex::new(woken)));
        Executor(Rc::new(Inner { ready, ..Inner::default() }))
    }

    /// A handle that a task can own.
    pub fn spawner(&self) -> Spawner<L> {
        Spawner(Rc::downgrade(&self.0))
    }

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

    /// Polls tasks until none is woken. Returns how many are left.
    ///
    /// # Panics
    /// When a task calls this on its own executor.
    pub fn run_until_stalled(&self) -> usize {
        while self.run_once(&mut Context::from_waker(Waker::noop())) {}
        self.left()
    }

    // ANCHOR: run_once
    /// Polls as many tasks as stand in the line. Returns whether there was
    /// one. The next wake of a task wakes the waker of `cx`.
    ///
    /// # Panics
    /// When a task calls this on its own executor.
    pub fn run_once(&self, cx: &mut Context<'_>) -> bool {
        let _running =
            self.0.running.try_borrow_mut().expect("it runs already");
        let standing = self.0.ready.watch(cx.waker());
        for _ in 0..standing {
            // Asked before each poll: an urgent task may have come.
            let Some(ticket) = self.0.ready.next() else { break };
            self.poll(ticket.key);
        }
        standing > 0
    }
    // ANCHOR_END: run_once

    fn poll(&self, key: Key) {
        // Out of the map while it is polled: it may add tasks to the map.
        let task = self.0.tasks.borrow_mut().remove(&key);
        let Some(mut task) = task else { return };
        let mut cx = Context::from_waker(&task.waker);
        if task.future.as_mut().poll(&mut cx).is_pending() {
            self.0.tasks.borrow_mut().insert(key, task);
        }
    }

    /// How many tasks have not ended.
    fn left(&self) -> usize {
        self.0.tasks.borrow().len()
    }

    // ANCHOR: shutdown
    /// Takes no new tasks. Runs the others until all have ended or `deadline`
    /// is ready, then drops those that are left and returns how many those
    /// were. Each handle of a dropped task says `Cancelled`.
    pub fn shutdown(self, deadline: impl Future<Output = ()>) -> usize {
        self.0.closed.set(true);
        let mut deadline = pin!(deadline);
        block_on(poll_fn(|cx| {
            let result = deadline.as_mut().poll(cx);
            if result.is_pending() {
                self.run_once(cx);
                if self.left() == 0 {
                    return Poll::Ready(());
                }
            }
            result
        }));
        self.left()
    }
    // ANCHOR_END: shutdown
}

impl<L: Line> Clone for Spawner<L> {
    fn clone(&self) -> Self {
        Spawner(self.0.clone())
    }
}

impl<L: Line> fmt::Debug for Spawner<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Spawner").finish_non_exhaustive()
    }
}

impl<L: Line> fmt::Debug for Executor<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Executor").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::super::aging::{Aging, LIMIT as PASSES};
    use super::super::arrival::Arrival;
    use super::super::doors::TwoDoors;
    use super::super::doors::tests::most;
    use super::super::two_lines::TwoLines;
    use super::*;
    use crate::futures::poll::countdown::countdown;
    use crate::proof::laws::executor_laws;
    use crate::wakers::oneshot::closed;

    /// The laws are asked of the executor with the longest rule.
    type Executor = super::Executor<Aging>;

    executor_laws!();

    /// The queue of an executor, with wakers of tasks. Task 0 is urgent.
    struct Wakes<L>(Arc<Ready<L>>);

    impl<L: Line> TwoDoors for Wakes<L> {
        fn wake_here(&mut self, key: Key) {
            let ticket = Ticket { key, urgent: key == 0 };
            Arc::new(Signal { ticket, ready: self.0.clone() }).wake();
        }

        fn wake_there(&mut self, key: Key) {
            self.wake_here(key);
        }

        fn pop(&mut self) -> Option<Key> {
            self.0.next().map(|ticket| ticket.key)
        }
    }

    #[test]
    fn in_the_order_of_wakes_no_task_has_two_turns_while_another_waits() {
        assert_eq!(most(|| Wakes::<Arrival>(Arc::default())), 1);
        assert!(most(|| Wakes::<TwoLines>(Arc::default())) > 3);
    }

    /// How many turns of an urgent task, which always wakes itself, come
    /// before a normal task is polled.
    fn turns_before_a_normal_task<L: Line>() -> u32 {
        let executor = super::Executor::<L>::default();
        let turns = Rc::new(Cell::new(0));
        let (counts, sees) = (turns.clone(), turns.clone());
        drop(executor.spawner().spawn_urgent(async move {
            for _ in 0..1000 {
                counts.set(counts.get() + 1);
                yield_now().await;
            }
        }));
        let normal = executor.spawner().spawn(async move { sees.get() });
        executor.run(normal).unwrap()
    }

    #[test]
    fn an_urgent_task_that_is_always_woken_starves_the_normal_ones() {
        assert_eq!(turns_before_a_normal_task::<TwoLines>(), 1000);
    }

    #[test]
    fn a_normal_task_that_ages_has_its_turn() {
        assert_eq!(turns_before_a_normal_task::<Aging>(), PASSES);
        assert_eq!(turns_before_a_normal_task::<Arrival>(), 1);
    }

    #[test]
    fn an_urgent_task_woken_during_a_round_is_next() {
        let executor = super::Executor::<TwoLines>::default();
        let (sender, receiver) = closed::channel();
        let order: Rc<RefCell<Vec<&str>>> = Rc::default();
        let notes = [order.clone(), order.clone(), order.clone()];
        let [first, second, urgent] = notes;
        drop(executor.spawner().spawn_urgent(async move {
            let _ = receiver.await;
            urgent.borrow_mut().push("urgent");
        }));
        drop(executor.spawner().spawn(async move {
            first.borrow_mut().push("first");
            let _ = sender.send(());
        }));
        drop(executor.spawner().spawn(async move {
            second.borrow_mut().push("second");
        }));
        assert_eq!(executor.run_until_stalled(), 0);
        assert_eq!(*order.borrow(), ["first", "urgent", "second"]);
    }

    #[test]
    fn a_task_that_always_wakes_itself_does_not_keep_out_the_main_future() {
        let run = || {
            let executor = Executor::default();
            drop(spawn(
                &executor,
                poll_fn(|cx| {
                    cx.waker().wake_by_ref();
                    Poll::<()>::Pending
                }),
            ));
            executor.run(async {
                countdown(3).await;
            });
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
    }

    #[test]
    fn a_shutdown_lets_tasks_end_before_the_deadline() {
        let run = || {
            let executor = Executor::default();
            let ends = spawn(&executor, async {
                yield_now().await;
                42
            });
            (executor.shutdown(pending()), block_on(ends))
        };
        assert_eq!(watchdog(LIMIT, run), Ok((0, Ok(42))));
    }

    #[test]
    fn a_shutdown_drops_who_is_left_at_the_deadline() {
        let executor = Executor::default();
        let owned = Owned::default();
        let waits = spawn(&executor, waits(owned.clone()));
        let left = executor.shutdown(async {
            countdown(3).await;
        });
        assert_eq!((left, Rc::strong_count(&owned)), (1, 1));
        assert_eq!(block_on(waits), Err(JoinError::Cancelled));
    }

    #[test]
    fn a_shutdown_takes_no_new_task() {
        let run =
            || {
                let executor = Executor::default();
                let spawner = executor.spawner();
                let late = spawn(&executor, async move {
                    spawner.spawn(async { 42 }).await
                });
                (executor.shutdown(pending()), block_on(late))
            };
        let end = (0, Ok(Err(JoinError::Cancelled)));
        assert_eq!(watchdog(LIMIT, run), Ok(end));
    }

    #[test]
    fn a_shutdown_sleeps_until_a_task_or_the_deadline_wakes_it() {
        let run = || {
            let executor = Executor::default();
            let asks = spawn(&executor, ask(|| 42));
            (executor.shutdown(pending()), block_on(asks).ok())
        };
        assert_eq!(watchdog(LIMIT, run), Ok((0, Some(42))));
        let run = || {
            let executor = Executor::default();
            drop(spawn(&executor, pending::<()>()));
            executor.shutdown(ask(|| ()))
        };
        assert_eq!(watchdog(LIMIT, run), Ok(1));
    }

    #[test]
    fn a_destructor_that_spawns_during_a_shutdown_is_refused() {
        struct Spawns(Spawner<Aging>, Rc<Cell<bool>>);
        impl Drop for Spawns {
            fn drop(&mut self) {
                let handle = self.0.spawn(async {});
                let end = block_on(handle);
                self.1.set(end == Err(JoinError::Cancelled));
            }
        }
        let run = || {
            let (executor, refused) = (Executor::default(), Rc::default());
            let spawns = Spawns(executor.spawner(), Rc::clone(&refused));
            drop(spawn(&executor, waits(spawns)));
            let left = executor.shutdown(async {
                countdown(2).await;
            });
            (left, refused.get())
        };
        assert_eq!(watchdog(LIMIT, run), Ok((1, true)));
    }

    #[test]
    fn a_runner_whose_waker_comes_back_meets_no_lock() {
        let run = || {
            let executor = Executor::default();
            let first = executor.spawner().add(false, pending());
            let guest = Guest::new();
            let waker = guest.waker();
            let again = first.clone();
            guest.next(Moment::Wake, move || again.wake());
            let again = first.clone();
            guest.next(Moment::Drop, move || again.wake());
            executor.run_once(&mut Context::from_waker(&waker));
            first.wake();
            executor.run_until_stalled();
            drop(waker);
            guest.deeds_left()
        };
        assert_eq!(watchdog(LIMIT, run), Ok(0));
    }
}
