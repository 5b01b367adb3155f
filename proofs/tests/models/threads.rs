//! Several workers: no wake is lost, no task is polled twice at a time, and
//! no worker sleeps on top of work.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Poll, Waker};
use std::time::Duration;

use loom::model::Builder;
use loom::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use loom::sync::{Condvar, Mutex};
use loom::thread::spawn;

use crate::runtimes::executor::JoinError;
use crate::runtimes::threads::idle::{Driver, Seat};
use crate::runtimes::threads::scheduler::{Scheduler, Worker};
use crate::runtimes::threads::task::{self, Runnable, Schedule, Task};

/// Every order of two or three threads would take minutes.
fn few_switches(most: usize, run: impl Fn() + Send + Sync + 'static) {
    let mut few = Builder::new();
    few.preemption_bound = Some(most);
    few.check(run);
}

/// Two workers, without threads.
fn two(
    driver: Option<Box<dyn Driver>>,
) -> (Arc<Scheduler<u32>>, [Worker<u32>; 2]) {
    let (scheduler, workers) = Scheduler::new(2, Seat::new(driver));
    (scheduler, workers.try_into().ok().unwrap())
}

#[test]
fn a_worker_does_not_sleep_on_top_of_a_task_from_outside() {
    few_switches(3, || {
        let (scheduler, [one, _]) = two(None);
        let other = spawn(move || scheduler.inject(7));
        assert_eq!(one.next(), Some(7));
        other.join().unwrap();
    });
}

#[test]
fn two_workers_share_two_tasks_from_outside() {
    few_switches(2, || {
        let (scheduler, workers) = two(None);
        let [one, two] = workers.map(|worker| {
            // If one worker takes both, the other ends when it is closed.
            move || {
                let mut got = 0;
                while worker.next().is_some() {
                    got += 1;
                    if got == 2 {
                        break;
                    }
                }
                got
            }
        });
        let sum = Arc::new(AtomicUsize::new(0));
        let adds = sum.clone();
        let other = spawn(move || adds.fetch_add(one(), Relaxed));
        scheduler.inject(1);
        scheduler.inject(2);
        scheduler.close();
        sum.fetch_add(two(), Relaxed);
        other.join().unwrap();
        assert!(sum.load(Relaxed) <= 2, "no task is taken twice");
    });
}

/// The first to search takes both tasks out of the injector. The second
/// worker hears of them from it, or not at all.
#[test]
fn a_worker_that_finds_more_than_one_task_wakes_another() {
    few_switches(2, || {
        let (scheduler, workers) = two(None);
        let others = workers.map(|worker| spawn(move || worker.next()));
        scheduler.inject(1);
        scheduler.inject(2);
        let got = others.map(|other| other.join().unwrap().unwrap());
        assert_eq!(got[0] + got[1], 3);
    });
}

/// The first worker puts a task into its queue and then is busy until the
/// task has run: somebody else must come for it.
#[test]
fn a_worker_that_sleeps_comes_for_the_task_of_a_busy_one() {
    few_switches(2, || {
        let (_scheduler, [busy, idle]) = two(None);
        let done = Arc::new((Mutex::new(false), Condvar::new()));
        let tells = done.clone();
        let other = spawn(move || {
            assert_eq!(idle.next(), Some(1));
            *tells.0.lock().unwrap() = true;
            tells.1.notify_one();
        });
        busy.schedule(1);
        busy.schedule(2);
        let mut done_by = done.0.lock().unwrap();
        while !*done_by {
            done_by = done.1.wait(done_by).unwrap();
        }
        drop(done_by);
        assert_eq!(busy.next(), Some(2));
        other.join().unwrap();
    });
}

/// Nobody is woken for a task that yields and is alone. In this turn one from
/// outside comes before it, and blocks until the other has run.
#[test]
fn a_task_that_yields_does_not_wait_for_one_from_outside_that_blocks() {
    let mut few = Builder::new();
    (few.preemption_bound, few.max_branches) = (Some(2), 10_000);
    few.check(|| {
        let (scheduler, [busy, idle]) = two(None);
        // After so many turns it looks into the injector first.
        for _ in 0..60 {
            busy.schedule_again(1);
            assert_eq!(busy.next(), Some(1));
        }
        let done = Arc::new((Mutex::new(false), Condvar::new()));
        let (tells, closes) = (done.clone(), scheduler.clone());
        let other = spawn(move || {
            while let Some(task) = idle.next() {
                if task == 1 {
                    *tells.0.lock().unwrap() = true;
                    tells.1.notify_one();
                    // It may have taken both.
                    closes.close();
                }
            }
        });
        scheduler.inject(7);
        busy.schedule_again(1);
        match busy.next() {
            Some(7) => {
                let mut done_by = done.0.lock().unwrap();
                while !*done_by {
                    done_by = done.1.wait(done_by).unwrap();
                }
            }
            _ => scheduler.close(),
        }
        other.join().unwrap();
    });
}

#[test]
fn a_worker_that_sleeps_hears_of_the_end() {
    few_switches(3, || {
        let (scheduler, [one, _]) = two(None);
        let other = spawn(move || scheduler.close());
        assert_eq!(one.next(), None);
        other.join().unwrap();
    });
}

/// A driver without events.
#[derive(Default)]
struct Bell {
    interrupted: Mutex<bool>,
    changed: Condvar,
    inside: AtomicBool,
}

impl Driver for Bell {
    fn turn(&self, limit: Option<Duration>) {
        assert!(!self.inside.swap(true, Relaxed), "one worker at a time");
        let mut interrupted = self.interrupted.lock().unwrap();
        while limit.is_none() && !*interrupted {
            interrupted = self.changed.wait(interrupted).unwrap();
        }
        *interrupted = false;
        self.inside.store(false, Relaxed);
    }

    fn interrupt(&self) {
        *self.interrupted.lock().unwrap() = true;
        self.changed.notify_one();
    }
}

#[test]
fn a_worker_in_the_driver_does_not_sleep_on_top_of_a_task() {
    few_switches(3, || {
        let (scheduler, [one, _]) = two(Some(Box::new(Bell::default())));
        let other = spawn(move || scheduler.inject(7));
        assert_eq!(one.next(), Some(7));
        other.join().unwrap();
    });
}

#[test]
fn two_workers_and_a_driver_take_two_tasks() {
    few_switches(2, || {
        let (scheduler, [one, two]) = two(Some(Box::new(Bell::default())));
        let other = spawn(move || one.next().unwrap());
        scheduler.inject(1);
        scheduler.inject(2);
        let sum = two.next().unwrap() + other.join().unwrap();
        assert_eq!(sum, 3);
    });
}

// The task.

/// A queue of one worker, which is this thread.
#[derive(Default)]
struct Line {
    tasks: Mutex<Vec<Runnable>>,
    filled: Condvar,
}

impl Schedule for Line {
    fn schedule<F>(task: Arc<Task<F, Self>>)
    where
        F: Future<Output: Send> + Send + 'static,
    {
        task.executor.clone().push(task);
    }

    fn forget(&self, _key: u32) {}
}

impl Line {
    fn push(&self, task: Runnable) {
        self.tasks.lock().unwrap().push(task);
        self.filled.notify_one();
    }

    fn next(&self) -> Runnable {
        let mut tasks = self.tasks.lock().unwrap();
        loop {
            if let Some(task) = tasks.pop() {
                return task;
            }
            tasks = self.filled.wait(tasks).unwrap();
        }
    }

    fn run_next(&self) {
        if let Some(woken) = self.next().run() {
            self.push(woken);
        }
    }
}

#[test]
fn a_wake_during_the_poll_leads_to_another_which_sees_what_was_done() {
    few_switches(3, || {
        let line = Arc::new(Line::default());
        let done = Arc::new(AtomicBool::new(false));
        let ended = Arc::new(AtomicBool::new(false));
        let mut other = None;
        let tells = ended.clone();
        let future = poll_fn(move |cx| {
            if done.load(Relaxed) {
                tells.store(true, Relaxed);
                return Poll::Ready(());
            }
            if other.is_none() {
                let (done, waker) = (done.clone(), cx.waker().clone());
                other = Some(spawn(move || {
                    done.store(true, Relaxed);
                    waker.wake();
                }));
            }
            Poll::Pending
        });
        drop(task::spawn(future, &line, |_| Some(0)));
        while !ended.load(Relaxed) {
            line.run_next();
        }
        assert!(line.tasks.lock().unwrap().is_empty(), "it is queued once");
    });
}

#[test]
fn a_task_that_two_threads_wake_is_in_the_queue_once() {
    few_switches(2, || {
        let line = Arc::new(Line::default());
        let kept: Arc<Mutex<Option<Waker>>> = Arc::default();
        let keeps = kept.clone();
        let handle = task::spawn(
            poll_fn(move |cx| {
                *keeps.lock().unwrap() = Some(cx.waker().clone());
                Poll::<()>::Pending
            }),
            &line,
            |_| Some(0),
        );
        line.run_next();
        let waker = kept.lock().unwrap().take().unwrap();
        let others = [waker.clone(), waker].map(|w| spawn(move || w.wake()));
        for other in others {
            other.join().unwrap();
        }
        assert_eq!(line.tasks.lock().unwrap().len(), 1);
        handle.abort();
        line.run_next();
        let end = crate::wakers::block_on::flag::block_on(handle);
        assert_eq!(end, Err(JoinError::Cancelled));
    });
}

/// Adds one when it is dropped.
struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_add(1, Relaxed);
    }
}

#[test]
fn a_task_that_is_cancelled_in_its_last_poll_ends_once() {
    few_switches(3, || {
        let line = Arc::new(Line::default());
        let ends = Arc::new(AtomicUsize::new(0));
        let (held, mut kept) = (Counted(ends.clone()), None);
        let future = poll_fn(move |_| {
            let _ = &held;
            Poll::Ready(42)
        });
        let handle = task::spawn(future, &line, |task| {
            kept = Some(task);
            Some(0)
        });
        let runs = line.clone();
        let worker = spawn(move || runs.run_next());
        kept.unwrap().cancel();
        worker.join().unwrap();
        assert_eq!(ends.load(Relaxed), 1);
        assert!(line.tasks.lock().unwrap().is_empty());
        let end = crate::wakers::block_on::flag::block_on(handle);
        assert!([Ok(42), Err(JoinError::Cancelled)].contains(&end));
    });
}

#[test]
fn a_handle_hears_of_the_end_on_another_thread() {
    few_switches(3, || {
        let line = Arc::new(Line::default());
        let handle = task::spawn(async { 42 }, &line, |_| Some(0));
        let worker = spawn(move || line.run_next());
        let end = crate::wakers::block_on::flag::block_on(handle);
        assert_eq!(end, Ok(42));
        worker.join().unwrap();
    });
}
