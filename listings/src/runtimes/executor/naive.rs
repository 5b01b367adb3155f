//! The well-known design: a task is its own waker, and to wake it is to send
//! it down a bounded channel.

use std::pin::Pin;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::task::{Context, Wake, Waker};

// ANCHOR: task
type BoxFuture = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A future, and the queue into which it puts itself when it is woken.
pub struct Task {
    future: Mutex<Option<BoxFuture>>,
    queue: SyncSender<Arc<Task>>,
}

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        let task = self.clone();
        self.queue.try_send(task).expect("the queue has room");
    }
}

impl Task {
    fn poll(self: Arc<Self>) {
        let waker = Waker::from(self.clone());
        let mut future = self.future.lock().expect("no poll panicked");
        if let Some(mut running) = future.take() {
            let mut cx = Context::from_waker(&waker);
            if running.as_mut().poll(&mut cx).is_pending() {
                *future = Some(running);
            }
        }
    }
}
// ANCHOR_END: task

// ANCHOR: executor
/// Polls the tasks that come out of the queue.
pub struct Executor {
    queue: Receiver<Arc<Task>>,
}

/// Puts new tasks into the queue.
#[derive(Clone)]
pub struct Spawner {
    queue: SyncSender<Arc<Task>>,
}

/// An executor whose queue has room for `capacity` tasks, and its spawner.
pub fn executor(capacity: usize) -> (Executor, Spawner) {
    let (sender, receiver) = sync_channel(capacity);
    (Executor { queue: receiver }, Spawner { queue: sender })
}

impl Spawner {
    /// Makes `future` a task and queues it.
    ///
    /// # Panics
    /// When the queue is full, or the executor is gone.
    pub fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) {
        let future: BoxFuture = Box::pin(future);
        let future = Mutex::new(Some(future));
        Arc::new(Task { future, queue: self.queue.clone() }).wake();
    }
}

impl Executor {
    /// Runs until every task and every spawner is gone.
    pub fn run(&self) {
        while let Ok(task) = self.queue.recv() {
            task.poll();
        }
    }
}
// ANCHOR_END: executor

impl Executor {
    /// Runs until no task is queued.
    pub fn run_until_stalled(&self) {
        while let Ok(task) = self.queue.try_recv() {
            task.poll();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, poll_fn};
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc::channel;
    use std::task::Poll;
    use std::thread;
    use std::time::Duration;

    use super::super::yield_now::yield_now;
    use super::*;

    #[test]
    fn tasks_take_turns() {
        let (executor, spawner) = executor(10);
        let (sender, turns) = channel();
        for name in ["a", "b"] {
            let sender = sender.clone();
            spawner.spawn(async move {
                for turn in 1..3 {
                    sender.send((name, turn)).unwrap();
                    yield_now().await;
                }
            });
        }
        drop((spawner, sender));
        executor.run();
        let turns: Vec<_> = turns.iter().collect();
        assert_eq!(turns, [("a", 1), ("b", 1), ("a", 2), ("b", 2)]);
    }

    #[test]
    fn a_wake_from_another_thread_arrives() {
        let (executor, spawner) = executor(1);
        let mut started = false;
        spawner.spawn(poll_fn(move |cx| {
            if !started {
                started = true;
                let waker = cx.waker().clone();
                thread::spawn(|| waker.wake());
                return Poll::Pending;
            }
            Poll::Ready(())
        }));
        drop(spawner);
        executor.run();
    }

    #[test]
    fn a_task_woken_three_times_is_polled_three_times_more() {
        let (executor, spawner) = executor(3);
        let polls = Arc::new(AtomicUsize::new(0));
        let count = polls.clone();
        spawner.spawn(poll_fn(move |cx| {
            if count.fetch_add(1, Ordering::Relaxed) == 0 {
                (0..3).for_each(|_| cx.waker().wake_by_ref());
            }
            Poll::Pending
        }));
        executor.run_until_stalled();
        assert_eq!(polls.load(Ordering::Relaxed), 4);
    }

    #[test]
    #[should_panic(expected = "the queue has room")]
    fn a_wake_panics_when_the_queue_is_full() {
        let (executor, spawner) = executor(1);
        spawner.spawn(poll_fn(|cx| {
            (0..2).for_each(|_| cx.waker().wake_by_ref());
            Poll::<()>::Pending
        }));
        executor.run();
    }

    #[test]
    #[should_panic(expected = "Disconnected")]
    fn a_spawn_panics_when_the_executor_is_gone() {
        let (executor, spawner) = executor(1);
        drop(executor);
        spawner.spawn(async {});
    }

    #[test]
    fn a_task_that_forgets_its_waker_is_dropped() {
        let (executor, spawner) = executor(1);
        let owned = Arc::new(());
        let seen = owned.clone();
        spawner.spawn(async move {
            let _owned = owned;
            pending().await
        });
        drop(spawner);
        executor.run();
        assert_eq!(Arc::strong_count(&seen), 1, "the task is gone");
    }

    #[test]
    fn run_waits_for_the_waker_of_a_task_that_is_done() {
        let (executor, spawner) = executor(1);
        let (keep, kept) = channel::<Waker>();
        spawner.spawn(poll_fn(move |cx| {
            keep.send(cx.waker().clone()).unwrap();
            Poll::Ready(())
        }));
        drop(spawner);
        let (ended, end) = channel();
        let runs = thread::spawn(move || {
            executor.run();
            ended.send(()).unwrap();
        });
        let waker = kept.recv().unwrap();
        let early = end.recv_timeout(Duration::from_millis(50));
        assert!(early.is_err(), "the task is done, and run still waits");
        drop(waker);
        assert_eq!(end.recv_timeout(Duration::from_secs(30)), Ok(()));
        runs.join().unwrap();
    }

    #[test]
    fn a_panic_in_one_task_ends_the_run_for_all() {
        let (executor, spawner) = executor(2);
        let polls = Arc::new(AtomicUsize::new(0));
        let count = polls.clone();
        spawner.spawn(async { panic!("the first task") });
        spawner.spawn(async move {
            count.fetch_add(1, Ordering::Relaxed);
        });
        drop(spawner);
        let run = catch_unwind(AssertUnwindSafe(|| executor.run()));
        assert!(run.is_err());
        assert_eq!(polls.load(Ordering::Relaxed), 0);
    }
}
