//! Tasks on the thread of an event loop: the executor of the book, and a waker
//! that puts an event into the loop's queue.

use std::fmt;
use std::sync::Arc;
use std::task::{Context, Wake, Waker};

use listings::runtimes::executor::{Executor, JoinHandle};

// ANCHOR: tasks
/// Tasks that live on the thread of an event loop.
pub struct Tasks {
    executor: Executor,
    waker: Waker,
}

/// A waker that tells the loop. It polls nothing.
struct Tell<F>(F);

impl<F: Fn() + Send + Sync> Wake for Tell<F> {
    fn wake(self: Arc<Self>) {
        (self.0)();
    }
}

impl Tasks {
    /// No tasks yet. `tell` puts an event into the queue of the loop, and the
    /// handler of that event calls [`turn`](Tasks::turn).
    pub fn new(tell: impl Fn() + Send + Sync + 'static) -> Tasks {
        let waker = Waker::from(Arc::new(Tell(tell)));
        Tasks { executor: Executor::default(), waker }
    }

    /// Makes `future` a task, which the next turn polls for the first time.
    pub fn spawn<F: Future + 'static>(
        &self,
        future: F,
    ) -> JoinHandle<F::Output> {
        self.executor.spawner().spawn(future)
    }

    /// Polls every task that was woken, once.
    ///
    /// # Panics
    /// When a task calls this.
    pub fn turn(&self) {
        self.executor.run_once(&mut Context::from_waker(&self.waker));
    }
}
// ANCHOR_END: tasks

impl fmt::Debug for Tasks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tasks").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};
    use std::future::poll_fn;
    use std::ops::ControlFlow;
    use std::rc::Rc;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::task::Poll;
    use std::thread;
    use std::time::Duration;

    use listings::proof::{Trace, check_trace, watchdog};
    use listings::runtimes::executor::yield_now::yield_now;
    use listings::wakers::oneshot::closed::channel;

    use super::super::model::{EventLoop, Handler};
    use super::*;

    const LIMIT: Duration = Duration::from_secs(30);

    /// Tasks whose loop only counts how often it is told.
    fn counted() -> (Tasks, impl Fn() -> u32) {
        let told = Arc::new(AtomicU32::new(0));
        let count = told.clone();
        let tasks = Tasks::new(move || {
            count.fetch_add(1, Ordering::SeqCst);
        });
        (tasks, move || told.load(Ordering::SeqCst))
    }

    #[test]
    fn many_wakes_before_a_turn_are_one_event() {
        let (tasks, told) = counted();
        let wakers: Rc<RefCell<Vec<Waker>>> = Rc::default();
        for _ in 0..3 {
            let keep = wakers.clone();
            drop(tasks.spawn(poll_fn(move |cx| {
                keep.borrow_mut().push(cx.waker().clone());
                Poll::<()>::Pending
            })));
        }
        assert_eq!(told(), 0, "nobody has called `turn` yet");
        tasks.turn();
        let wakers = wakers.take();
        for waker in wakers.iter().cycle().take(30) {
            waker.wake_by_ref();
        }
        assert_eq!(told(), 1);
        tasks.turn();
        wakers[2].wake_by_ref();
        assert_eq!(told(), 2, "the next turn asks for the next event");
    }

    #[test]
    fn a_wake_polls_nothing() {
        let (tasks, told) = counted();
        let polls = Rc::new(Cell::new(0));
        let kept: Rc<RefCell<Option<Waker>>> = Rc::default();
        let (count, keep) = (polls.clone(), kept.clone());
        drop(tasks.spawn(poll_fn(move |cx| {
            count.set(count.get() + 1);
            keep.replace(Some(cx.waker().clone()));
            Poll::<()>::Pending
        })));
        tasks.turn();
        let waker = kept.borrow().clone().expect("it was polled");
        waker.wake();
        assert_eq!((polls.get(), told()), (1, 1));
        tasks.turn();
        assert_eq!(polls.get(), 2);
    }

    #[test]
    fn after_the_first_turn_a_spawn_sends_an_event() {
        let (tasks, told) = counted();
        drop(tasks.spawn(async {}));
        assert_eq!(told(), 0, "before it, the program calls `turn` itself");
        tasks.turn();
        drop(tasks.spawn(async {}));
        assert_eq!(told(), 1);
    }

    #[test]
    fn a_turn_polls_a_task_once_even_if_it_wakes_itself() {
        let (tasks, told) = counted();
        let turns = Rc::new(Cell::new(0));
        let count = turns.clone();
        drop(tasks.spawn(async move {
            loop {
                count.set(count.get() + 1);
                yield_now().await;
            }
        }));
        (0..3).for_each(|_| tasks.turn());
        assert_eq!((turns.get(), told()), (3, 3));
    }

    /// The only event: a task was woken.
    struct Woken;

    struct App {
        tasks: Tasks,
        trace: Trace,
        future: Option<Box<dyn FnOnce(&Tasks)>>,
    }

    impl Handler<Woken> for App {
        fn resumed(&mut self) {
            let spawn = self.future.take().expect("once");
            spawn(&self.tasks);
            self.tasks.turn();
            self.trace.note("Loop", "sleeps: the queue is empty");
        }

        fn event(&mut self, _: Woken) -> ControlFlow<()> {
            self.trace.note("Loop", "takes the event out");
            self.tasks.turn();
            ControlFlow::Break(())
        }
    }

    #[test]
    fn the_wake_of_a_task_is_an_event_of_the_loop() {
        let trace = Trace::new(
            "A wake becomes an event",
            "The event loop polls the task, which waits for an answer and is \
             pending. The loop sleeps, because its queue is empty. A worker \
             sends the answer, which wakes the task: the key of the task goes \
             into the set of the executor, and an event into the queue of the \
             loop. The loop takes the event out and polls the task, which is \
             ready.",
        );
        trace
            .participant("Task", "Task")
            .participant("Loop", "Event loop")
            .participant("Worker", "Worker");
        let recorded = trace.clone();
        let run = move || {
            let _loop = trace.act_as("Loop");
            let event_loop = EventLoop::new();
            let proxy = event_loop.proxy();
            let telling = trace.clone();
            let tasks = Tasks::new(move || {
                telling.says("Worker", "Loop", "send_event(Woken)");
                proxy.send_event(Woken);
            });
            let (answer, asked) = channel();
            let task = trace.future("Task", async move {
                assert_eq!(asked.await, Ok(42));
            });
            let future: Box<dyn FnOnce(&Tasks)> =
                Box::new(move |tasks| drop(tasks.spawn(task)));
            let after = trace.clone();
            let worker = trace.thread("Worker", move || {
                after.wait_for("sleeps");
                answer.send(42).expect("the task waits");
            });
            let mut app =
                App { tasks, trace: trace.clone(), future: Some(future) };
            event_loop.run(&mut app);
            worker.join().expect("it does not panic");
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
        check_trace("boundary-two-loops-wake", &recorded).unwrap();
    }

    #[test]
    fn a_loop_that_has_ended_is_told_in_vain() {
        let run = || {
            let event_loop: EventLoop<Woken> = EventLoop::new();
            let proxy = event_loop.proxy();
            drop(event_loop);
            let tasks = Tasks::new(move || proxy.send_event(Woken));
            let (answer, asked) = channel();
            drop(tasks.spawn(async move {
                assert_eq!(asked.await, Ok(42));
            }));
            tasks.turn();
            let worker = thread::spawn(move || answer.send(42));
            assert_eq!(worker.join().expect("no panic"), Ok(()));
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
    }
}
