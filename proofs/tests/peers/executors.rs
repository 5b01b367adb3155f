//! What runs tasks on the thread that calls it: our two executors, Tokio's
//! runtime for one thread, and the `LocalPool` of futures. From
//! `local_pool.rs` of futures-executor, and from `rt_basic.rs` of Tokio.

use std::future::{pending, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::task::Poll;

use futures::Stream;
use futures::channel::{mpsc, oneshot};

use crate::runners::{of_futures, of_tokio, our_fast, ours};
use crate::{does_panic, turn};

fn count() -> (Arc<AtomicU32>, impl Fn() -> u32) {
    let count = Arc::new(AtomicU32::new(0));
    let seen = count.clone();
    (count, move || seen.load(Relaxed))
}

/// futures: `run_until_ignores_spawned`.
#[test]
fn a_task_that_waits_for_good_keeps_no_other_future() {
    scenario!(ours, our_fast, of_tokio, of_futures, |it| {
        let mut executor = it::Executor::new();
        executor.spawner().add(pending());
        assert_eq!(executor.run(async { 42 }), 42);
    });
}

/// futures: `run_until_executes_spawned`.
#[test]
fn a_future_may_wait_for_a_task() {
    scenario!(ours, our_fast, of_tokio, of_futures, |it| {
        let (sender, receiver) = oneshot::channel();
        let mut executor = it::Executor::new();
        executor.spawner().add(async move { sender.send(1).unwrap() });
        assert_eq!(executor.run(receiver), Ok(1));
    });
}

/// futures: `run_until_stalled_returns_if_empty`.
#[test]
fn an_executor_without_tasks_has_nothing_to_do() {
    scenario!(ours, our_fast, of_futures, |it| {
        let mut executor = it::Executor::new();
        executor.stall();
        executor.stall();
    });
}

/// futures: `run_executes_spawned`.
#[test]
fn a_task_may_spawn_a_task() {
    scenario!(ours, our_fast, of_futures, |it| {
        let (count, counted) = count();
        let mut executor = it::Executor::new();
        let spawner = executor.spawner();
        executor.spawner().add(async move {
            spawner.add(async move {
                count.fetch_add(1, Relaxed);
            });
        });
        executor.stall();
        assert_eq!(counted(), 1);
    });
}

/// futures: `run_spawn_many`.
#[test]
fn many_tasks_run_once_each() {
    scenario!(ours, our_fast, of_futures, |it| {
        let (count, counted) = count();
        let mut executor = it::Executor::new();
        for _ in 0..200 {
            let count = count.clone();
            executor.spawner().add(async move {
                count.fetch_add(1, Relaxed);
            });
        }
        executor.stall();
        assert_eq!(counted(), 200);
    });
}

/// futures: `run_until_stalled_returns_multiple_times`.
#[test]
fn an_executor_that_stalled_runs_what_is_spawned_later() {
    scenario!(ours, our_fast, of_futures, |it| {
        let (count, counted) = count();
        let mut executor = it::Executor::new();
        for expected in 1..=2 {
            let count = count.clone();
            executor.spawner().add(async move {
                count.fetch_add(1, Relaxed);
            });
            executor.stall();
            assert_eq!(counted(), expected);
        }
    });
}

/// futures: `run_until_stalled_runs_spawned_sub_futures`.
#[test]
fn a_task_that_waits_has_its_child_run() {
    scenario!(ours, our_fast, of_futures, |it| {
        let (count, counted) = count();
        let mut executor = it::Executor::new();
        let spawner = executor.spawner();
        executor.spawner().add(poll_fn(move |_| {
            count.fetch_add(1, Relaxed);
            let count = count.clone();
            spawner.add(async move {
                count.fetch_add(1, Relaxed);
            });
            Poll::Pending
        }));
        executor.stall();
        assert_eq!(counted(), 2);
    });
}

/// futures: `run_until_stalled_executes_all_ready`.
#[test]
fn tasks_that_wait_for_good_keep_none_that_can_run() {
    scenario!(ours, our_fast, of_futures, |it| {
        let (count, counted) = count();
        let mut executor = it::Executor::new();
        for round in 1..=50 {
            for _ in 0..3 {
                executor.spawner().add(pending());
                let count = count.clone();
                executor.spawner().add(async move {
                    count.fetch_add(1, Relaxed);
                });
                executor.spawner().add(pending());
            }
            executor.stall();
            assert_eq!(counted(), 3 * round);
        }
    });
}

/// futures: `tasks_are_scheduled_fairly`.
#[test]
fn two_tasks_that_yield_take_turns() {
    scenario!(ours, our_fast, of_futures, |it| {
        let [first, second] = [(); 2].map(|()| count());
        let mut executor = it::Executor::new();
        let (mine, others) = (first.0, second.1);
        executor.spawner().add(async move {
            for round in 0..50 {
                assert!(others().abs_diff(round) <= 1);
                mine.fetch_add(1, Relaxed);
                turn().await;
            }
        });
        let mine = second.0;
        executor.spawner().add(async move {
            for _ in 0..100 {
                mine.fetch_add(1, Relaxed);
                turn().await;
            }
        });
        executor.stall();
        assert_eq!(first.1(), 50);
    });
}

/// futures: `self_waking_run_until_stalled`.
#[test]
fn an_executor_does_not_stall_while_a_task_wakes_itself() {
    scenario!(ours, our_fast, of_futures, |it| {
        let (count, counted) = count();
        let mut executor = it::Executor::new();
        for _ in 0..3 {
            let count = count.clone();
            executor.spawner().add(poll_fn(move |cx| {
                if count.load(Relaxed) < 10 {
                    count.fetch_add(1, Relaxed);
                    cx.waker().wake_by_ref();
                }
                Poll::Pending
            }));
        }
        executor.stall();
        assert_eq!(counted(), 10);
    });
}

/// Tokio: `spawned_task_does_not_progress_without_block_on`.
#[test]
fn a_task_does_nothing_before_somebody_runs_the_executor() {
    scenario!(ours, our_fast, of_tokio, of_futures, |it| {
        let (sender, mut receiver) = oneshot::channel();
        let mut executor = it::Executor::new();
        executor.spawner().add(async move { sender.send("hello").unwrap() });
        assert_eq!(receiver.try_recv(), Ok(None));
        assert_eq!(executor.run(receiver), Ok("hello"));
    });
}

/// Tokio: `no_extra_poll`.
#[test]
fn a_task_is_polled_once_and_then_once_for_each_wake() {
    scenario!(ours, our_fast, of_tokio, of_futures, |it| {
        let (polls, polled) = count();
        let (sender, mut receiver) = mpsc::unbounded();
        let mut executor = it::Executor::new();
        executor.spawner().add(poll_fn(move |cx| {
            polls.fetch_add(1, Relaxed);
            while let Poll::Ready(end) = Pin::new(&mut receiver).poll_next(cx) {
                if end.is_none() {
                    return Poll::Ready(());
                }
            }
            Poll::Pending
        }));
        executor.run(turn());
        executor.run(turn());
        assert_eq!(polled(), 1);
        sender.unbounded_send(()).unwrap();
        executor.run(turn());
        executor.run(turn());
        assert_eq!(polled(), 2);
        drop(sender);
        executor.run(turn());
        executor.run(turn());
        assert_eq!(polled(), 3);
    });
}

/// Tokio: `acquire_mutex_in_drop`.
#[test]
fn tasks_that_wake_each_other_when_dropped_end_with_the_executor() {
    scenario!(ours, our_fast, of_tokio, of_futures, |it| {
        let (first, its) = oneshot::channel::<()>();
        let (second, for_second) = oneshot::channel::<()>();
        let mut executor = it::Executor::new();
        executor.spawner().add(async move {
            let _ = for_second.await;
            panic!("it was polled after the executor was dropped");
        });
        executor.spawner().add(async move {
            let _ = its.await;
            second.send(()).unwrap();
            panic!("it was polled after the executor was dropped");
        });
        executor.spawner().add(async move {
            pending::<()>().await;
            first.send(()).unwrap();
        });
        executor.run(turn());
        drop(executor);
    });
}

/// Tokio: `wake_in_drop_after_panic`.
#[test]
fn a_panic_of_the_main_future_drops_tasks_that_wake_each_other() {
    scenario!(ours, our_fast, of_tokio, of_futures, |it| {
        struct Wakes(Option<oneshot::Sender<()>>);

        impl Drop for Wakes {
            fn drop(&mut self) {
                let _ = self.0.take().unwrap().send(());
            }
        }

        let ([first, second], [third, fourth]) = {
            let (a, b) = (oneshot::channel(), oneshot::channel());
            ([Wakes(Some(a.0)), Wakes(Some(b.0))], [a.1, b.1])
        };
        let ended = does_panic(move || {
            let mut executor = it::Executor::new();
            for (wakes, waits) in [(second, third), (first, fourth)] {
                executor.spawner().add(async move {
                    let _wakes = wakes;
                    let _ = waits.await;
                });
            }
            executor.run(async {
                turn().await;
                listings::proof::hostile::panics();
            });
        });
        assert!(ended);
    });
}
