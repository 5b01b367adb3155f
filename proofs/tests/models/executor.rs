//! The executors: no wake from another thread is lost.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

use loom::model::Builder;
use loom::sync::atomic::{AtomicBool, Ordering::Relaxed};
use loom::thread::spawn;

use crate::runtimes::executor::JoinError;
use crate::runtimes::fast_executor::queue::Queue;
use crate::runtimes::{executor, fast_executor};

/// Three threads, or long runs: every order would take minutes.
fn few_switches(run: impl Fn() + Send + Sync + 'static) {
    let mut few = Builder::new();
    few.preemption_bound = Some(2);
    few.check(run);
}

#[test]
fn two_wakes_from_two_threads_both_arrive() {
    few_switches(|| {
        let queue = Queue::new();
        let others = [1, 2].map(|key| {
            let waker = queue.waker(key);
            spawn(move || waker.wake())
        });
        let mut got = 0;
        while got < 2 {
            match queue.pop() {
                Some(_) => got += 1,
                None => queue.sleep(),
            }
        }
        for other in others {
            other.join().unwrap();
        }
    });
}

#[test]
fn one_key_through_both_doors_is_polled_after_the_later_wake() {
    few_switches(|| {
        let queue = Queue::new();
        let _here = queue.enter();
        let waker = queue.waker(1);
        let done = Arc::new(AtomicBool::new(false));
        waker.wake_by_ref();
        let other = {
            let done = done.clone();
            spawn(move || {
                done.store(true, Relaxed);
                waker.wake();
            })
        };
        loop {
            match queue.pop() {
                Some(_) if done.load(Relaxed) => break,
                Some(_) => {}
                None => queue.sleep(),
            }
        }
        other.join().unwrap();
    });
}

macro_rules! models {
    ($name:ident, $executor:path) => {
        mod $name {
            use super::*;
            use $executor as Executor;

            #[test]
            fn a_task_sees_what_was_done_before_its_wake() {
                few_switches(|| {
                    let executor = Executor::default();
                    let done = Arc::new(AtomicBool::new(false));
                    let mut other = None;
                    let task = executor.spawner().spawn(poll_fn(move |cx| {
                        if done.load(Relaxed) {
                            return Poll::Ready(42);
                        }
                        if other.is_none() {
                            let done = done.clone();
                            let waker = cx.waker().clone();
                            other = Some(spawn(move || {
                                done.store(true, Relaxed);
                                waker.wake();
                            }));
                        }
                        Poll::Pending
                    }));
                    assert_eq!(executor.run(task), Ok(42));
                });
            }

            #[test]
            fn a_task_that_is_aborted_while_it_is_woken_is_settled() {
                few_switches(|| {
                    let executor = Executor::default();
                    let mut other = None;
                    let task = executor.spawner().spawn(poll_fn(move |cx| {
                        if other.is_none() {
                            let waker = cx.waker().clone();
                            other = Some(spawn(move || waker.wake()));
                        }
                        Poll::<()>::Pending
                    }));
                    executor.run_until_stalled();
                    task.abort();
                    assert_eq!(executor.run(task), Err(JoinError::Cancelled));
                });
            }

            #[test]
            fn a_wake_may_come_while_the_executor_is_dropped() {
                few_switches(|| {
                    let executor = Executor::default();
                    let task = executor.spawner().spawn(poll_fn(move |cx| {
                        let waker = cx.waker().clone();
                        spawn(move || waker.wake());
                        Poll::<()>::Pending
                    }));
                    executor.run_until_stalled();
                    drop(executor);
                    let end = Executor::default().run(task);
                    assert_eq!(end, Err(JoinError::Cancelled));
                });
            }
        }
    };
}

models!(simple, executor::Executor);
models!(fast, fast_executor::slots::Executor);
