//! Tasks, their handles and their ends, on one thread and on several: our two
//! executors and our pool, and both runtimes of Tokio. From `rt_common.rs`,
//! `task_abort.rs` and `task_join_set.rs` of Tokio.

use std::cell::RefCell;
use std::future::{pending, poll_fn};
use std::panic::panic_any;
use std::sync::Arc;
use std::sync::mpsc as threads;
use std::task::{Poll, Waker};
use std::thread;

use futures::channel::{mpsc, oneshot};
use futures::future::join;
use listings::proof::hostile::{OnDrop, panics};
use listings::wakers::block_on::flag::block_on;

use crate::runners::{
    End, of_tokio, of_tokio_threads, our_fast, our_pool, ours,
};
use crate::{does_panic, turn};

/// Runs a block on everything that has tasks and handles.
macro_rules! everywhere {
    (|$it:ident| $body:block) => {
        scenario!(ours, our_fast, our_pool, of_tokio, of_tokio_threads, |$it| {
            $body
        })
    };
}

/// Tokio: `block_on_sync`.
#[test]
fn a_future_that_does_not_wait_runs_to_its_end() {
    everywhere!(|it| {
        let mut ran = false;
        it::Executor::new().run(async { ran = true });
        assert!(ran);
    });
}

/// Tokio: `block_on_async`.
#[test]
fn a_wake_of_another_thread_ends_the_wait() {
    everywhere!(|it| {
        let (sender, receiver) = oneshot::channel();
        let thread = thread::spawn(|| sender.send("hello").unwrap());
        assert_eq!(it::Executor::new().run(receiver), Ok("hello"));
        thread.join().unwrap();
    });
}

/// Tokio: `spawn_one_bg`.
#[test]
fn a_task_runs_though_nobody_has_its_handle() {
    everywhere!(|it| {
        let mut executor = it::Executor::new();
        let spawner = executor.spawner();
        let got = executor.run(async move {
            let (sender, receiver) = oneshot::channel();
            spawner.add(async move { sender.send("hello").unwrap() });
            receiver.await
        });
        assert_eq!(got, Ok("hello"));
    });
}

/// Tokio: `spawn_one_join`.
#[test]
fn a_handle_gives_what_the_task_returned() {
    everywhere!(|it| {
        let mut executor = it::Executor::new();
        let spawner = executor.spawner();
        let got = executor.run(async move {
            let (sender, receiver) = oneshot::channel();
            let handle = spawner.spawn(async move {
                sender.send("hello").unwrap();
                "done"
            });
            (receiver.await, handle.await)
        });
        assert_eq!(got, (Ok("hello"), Ok("done")));
    });
}

/// Tokio: `spawn_two`.
#[test]
fn one_task_waits_for_another() {
    everywhere!(|it| {
        let mut executor = it::Executor::new();
        let spawner = executor.spawner();
        let got = executor.run(async move {
            let (first, its) = oneshot::channel();
            let (second, answer) = oneshot::channel();
            spawner.add(async move { first.send("hello").unwrap() });
            spawner.add(async move {
                second.send(its.await.unwrap()).unwrap();
            });
            answer.await
        });
        assert_eq!(got, Ok("hello"));
    });
}

/// Tokio: `spawn_many_from_block_on`.
#[test]
fn many_tasks_are_woken_by_another_thread() {
    everywhere!(|it| {
        let mut executor = it::Executor::new();
        let spawner = executor.spawner();
        let mut got = executor.run(async move {
            let (says, mut said) = mpsc::unbounded();
            let mut senders = Vec::new();
            for number in 0..200 {
                let (sender, receiver) = oneshot::channel();
                senders.push((number, sender));
                let says = says.clone();
                spawner.add(async move {
                    says.unbounded_send(receiver.await.unwrap()).unwrap();
                });
            }
            drop(says);
            let thread = thread::spawn(move || {
                for (number, sender) in senders {
                    sender.send(number).unwrap();
                }
            });
            let mut got = Vec::new();
            while let Ok(number) = said.recv().await {
                got.push(number);
            }
            thread.join().unwrap();
            got
        });
        got.sort_unstable();
        assert_eq!(got, Vec::from_iter(0..200));
    });
}

/// Tokio: `spawn_many_from_task`.
#[test]
fn a_task_may_spawn_many_and_wait_for_all() {
    everywhere!(|it| {
        let mut executor = it::Executor::new();
        let spawner = executor.spawner();
        let task = executor.spawner().spawn(async move {
            let mut handles = Vec::new();
            for number in 0..200 {
                handles.push(spawner.spawn(async move {
                    turn().await;
                    number
                }));
            }
            let mut sum = 0;
            for handle in handles {
                sum += handle.await.unwrap();
            }
            sum
        });
        assert_eq!(executor.run(task), Ok(199 * 200 / 2));
    });
}

/// Tokio: `spawn_await_chain`.
#[test]
fn a_task_awaits_the_task_that_it_spawned() {
    everywhere!(|it| {
        let mut executor = it::Executor::new();
        let spawner = executor.spawner();
        let task = executor
            .spawner()
            .spawn(async move { spawner.spawn(async { "hello" }).await });
        assert_eq!(executor.run(task), Ok(Ok("hello")));
    });
}

/// Tokio: `outstanding_tasks_dropped`.
#[test]
fn tasks_that_wait_are_dropped_with_the_executor() {
    everywhere!(|it| {
        let mut executor = it::Executor::new();
        let (value, spawner) = (Arc::new(()), executor.spawner());
        let held = value.clone();
        executor.run(async move {
            spawner.add(poll_fn(move |_| {
                assert_eq!(Arc::strong_count(&held), 2);
                Poll::Pending
            }));
        });
        assert_eq!(Arc::strong_count(&value), 2);
        drop(executor);
        assert_eq!(Arc::strong_count(&value), 1);
    });
}

/// Tokio: `complete_block_on_under_load`.
#[test]
fn a_task_that_never_waits_does_not_keep_the_main_future() {
    everywhere!(|it| {
        let mut executor = it::Executor::new();
        executor.spawner().add(async {
            loop {
                turn().await;
            }
        });
        let (sender, receiver) = oneshot::channel();
        let thread = thread::spawn(|| sender.send(1).unwrap());
        assert_eq!(executor.run(receiver), Ok(1));
        thread.join().unwrap();
    });
}

/// Tokio: `complete_task_under_load`.
#[test]
fn a_task_that_never_waits_does_not_keep_another_task() {
    everywhere!(|it| {
        let mut executor = it::Executor::new();
        executor.spawner().add(async {
            loop {
                turn().await;
            }
        });
        let (sender, receiver) = oneshot::channel();
        let handle = executor.spawner().spawn(receiver);
        let thread = thread::spawn(|| sender.send(1).unwrap());
        assert_eq!(executor.run(handle), Ok(Ok(1)));
        thread.join().unwrap();
    });
}

/// Tokio: `panic_in_task`.
#[test]
fn a_task_that_panics_is_dropped_and_ends_no_other() {
    everywhere!(|it| {
        let mut executor = it::Executor::new();
        let (sender, receiver) = oneshot::channel();
        let local = OnDrop::new(move || sender.send(1).unwrap());
        executor.spawner().add(async move {
            let _local = local;
            panics();
        });
        assert_eq!(executor.run(receiver), Ok(1));
        assert_eq!(executor.run(async { 42 }), 42);
    });
}

/// Tokio: `panic_in_block_on`.
#[test]
fn a_panic_of_the_main_future_comes_out() {
    everywhere!(|it| {
        let mut executor = it::Executor::new();
        assert!(does_panic(|| executor.run(async { panics() })));
        assert_eq!(executor.run(async { 42 }), 42);
    });
}

/// Tokio: `eagerly_drops_futures_on_shutdown`.
#[test]
fn a_task_that_has_run_and_waits_is_dropped_with_the_executor() {
    everywhere!(|it| {
        let mut executor = it::Executor::new();
        let ((runs, running), (says, said)) =
            (oneshot::channel(), threads::channel());
        let local = OnDrop::new(move || says.send(()).unwrap());
        executor.spawner().add(async move {
            let _local = local;
            runs.send(()).unwrap();
            pending::<()>().await;
        });
        assert_eq!(executor.run(running), Ok(()));
        assert!(said.try_recv().is_err());
        drop(executor);
        assert_eq!(said.try_recv(), Ok(()));
    });
}

/// Tokio: `wake_while_rt_is_dropping`.
#[test]
fn a_task_may_wake_another_while_both_are_dropped() {
    everywhere!(|it| {
        let mut executor = it::Executor::new();
        let (first, its) = oneshot::channel::<()>();
        let (second, other) = oneshot::channel::<()>();
        let mut all_run = Vec::new();
        for (wakes, waits) in [(second, its), (first, other)] {
            let (runs, running) = oneshot::channel();
            all_run.push(running);
            let local = OnDrop::new(move || {
                let _ = wakes.send(());
            });
            executor.spawner().add(async move {
                let _local = local;
                let _ = join(waits, async { runs.send(()).unwrap() }).await;
            });
        }
        for running in all_run {
            assert_eq!(executor.run(running), Ok(()));
        }
        drop(executor);
    });
}

/// Tokio: `wake_by_ref_from_thread_local`, `wake_by_val_from_thread_local`.
#[test]
fn a_waker_in_a_thread_local_wakes_nobody_when_its_thread_has_ended() {
    everywhere!(|it| {
        struct Late {
            waker: Option<Waker>,
            by_reference: bool,
            says: threads::Sender<()>,
        }

        impl Drop for Late {
            fn drop(&mut self) {
                let waker = self.waker.take().unwrap();
                if self.by_reference {
                    waker.wake_by_ref();
                } else {
                    waker.wake();
                }
                self.says.send(()).unwrap();
            }
        }

        thread_local! {
            static LATE: RefCell<Option<Late>> = const { RefCell::new(None) };
        }

        for by_reference in [false, true] {
            let (says, said) = threads::channel();
            let thread = thread::spawn(move || {
                let mut executor = it::Executor::new();
                let task = executor.spawner().spawn(poll_fn(move |cx| {
                    let (waker, says) =
                        (Some(cx.waker().clone()), says.clone());
                    LATE.set(Some(Late { waker, by_reference, says }));
                    Poll::Ready(())
                }));
                assert_eq!(executor.run(task), Ok(()));
            });
            thread.join().unwrap();
            assert_eq!(said.recv(), Ok(()));
        }
    });
}

/// Tokio: `runtime_in_thread_local`.
#[test]
fn an_executor_may_end_with_its_thread() {
    everywhere!(|it| {
        thread_local! {
            static HERE: RefCell<Option<it::Executor>> =
                const { RefCell::new(None) };
        }

        let (says, said) = threads::channel();
        let thread = thread::spawn(|| {
            let executor = it::Executor::new();
            let local = OnDrop::new(move || says.send(()).unwrap());
            executor.spawner().add(async move {
                let _local = local;
                pending::<()>().await;
            });
            HERE.set(Some(executor));
            drop(it::Executor::new());
        });
        thread.join().unwrap();
        assert_eq!(said.recv(), Ok(()));
    });
}

/// Tokio: `shutdown_concurrent_spawn`.
#[test]
fn an_executor_may_end_while_a_thread_wakes_its_tasks() {
    everywhere!(|it| {
        for _ in 0..5 {
            let mut executor = it::Executor::new();
            let mut senders = Vec::new();
            for _ in 0..200 {
                let (sender, receiver) = oneshot::channel::<()>();
                senders.push(sender);
                executor.spawner().add(async move {
                    let _ = receiver.await;
                });
            }
            executor.run(turn());
            let (says, said) = threads::channel();
            let thread = thread::spawn(move || {
                says.send(()).unwrap();
                for sender in senders {
                    let _ = sender.send(());
                }
            });
            said.recv().unwrap();
            drop(executor);
            thread.join().unwrap();
        }
    });
}

/// Tokio: `test_abort_without_panic_3157`.
#[test]
fn a_task_that_is_aborted_while_it_waits_was_cancelled() {
    everywhere!(|it| {
        let mut executor = it::Executor::new();
        let (runs, running) = oneshot::channel();
        let handle = executor.spawner().spawn(async {
            runs.send(()).unwrap();
            pending::<()>().await;
        });
        assert_eq!(executor.run(running), Ok(()));
        handle.abort();
        assert_eq!(executor.run(handle), Err(End::Cancelled));
    });
}

/// Tokio: `test_abort_without_panic_3662`.
#[test]
fn when_the_handle_of_an_aborted_task_is_ready_its_locals_are_gone() {
    everywhere!(|it| {
        let mut executor = it::Executor::new();
        let value = Arc::new(());
        let held = value.clone();
        let (runs, running) = oneshot::channel();
        let handle = executor.spawner().spawn(async move {
            let _held = held;
            runs.send(()).unwrap();
            pending::<()>().await;
        });
        assert_eq!(executor.run(running), Ok(()));
        assert_eq!(Arc::strong_count(&value), 2);
        handle.abort();
        assert_eq!(executor.run(handle), Err(End::Cancelled));
        assert_eq!(Arc::strong_count(&value), 1);
        let next = executor.spawner().spawn(turn());
        assert_eq!(executor.run(next), Ok(()));
    });
}

/// Tokio: `test_abort_wakes_task_3964`.
#[test]
fn an_aborted_task_is_dropped_though_nobody_waits_for_it() {
    everywhere!(|it| {
        let mut executor = it::Executor::new();
        let ((runs, running), (says, said)) =
            (oneshot::channel(), oneshot::channel());
        let local = OnDrop::new(move || says.send(()).unwrap());
        let handle = executor.spawner().spawn(async move {
            let _local = local;
            runs.send(()).unwrap();
            pending::<()>().await;
        });
        assert_eq!(executor.run(running), Ok(()));
        handle.abort();
        drop(handle);
        assert_eq!(executor.run(said), Ok(()));
    });
}

/// Tokio: `test_abort_task_that_panics_on_drop_contained`.
#[test]
fn an_abort_whose_destructor_panics_is_contained() {
    everywhere!(|it| {
        let mut executor = it::Executor::new();
        let (runs, running) = oneshot::channel();
        let handle = executor.spawner().spawn(async {
            let _local = OnDrop::panics();
            runs.send(()).unwrap();
            pending::<()>().await;
        });
        assert_eq!(executor.run(running), Ok(()));
        handle.abort();
        drop(handle);
        let next = executor.spawner().spawn(async { 42 });
        assert_eq!(executor.run(next), Ok(42));
    });
}

/// Tokio: `test_join_error_display`.
#[test]
fn a_handle_gives_the_text_of_a_panic() {
    everywhere!(|it| {
        let mut executor = it::Executor::new();
        let spawner = executor.spawner();
        let number = 1234;
        let formats =
            spawner.spawn(async move { panic!("formatted: {number}") });
        let constant = spawner.spawn(async { panic!("constant") });
        let other = spawner.spawn(async { panic_any(1234) });
        let ends: [Result<(), End>; 3] = [
            executor.run(formats),
            executor.run(constant),
            executor.run(other),
        ];
        let expected = ["formatted: 1234", "constant", ""];
        assert_eq!(ends, expected.map(|text| Err(End::Panic(text.into()))));
    });
}

/// Tokio: `runtime_gone` of `task_join_set.rs`.
#[test]
fn tasks_whose_executor_has_gone_were_cancelled() {
    everywhere!(|it| {
        let executor = it::Executor::new();
        let spawner = executor.spawner();
        let waits = spawner.spawn(pending::<()>());
        drop(executor);
        let late = spawner.spawn(async { 1 });
        assert_eq!(block_on(waits), Err(End::Cancelled));
        assert_eq!(block_on(late), Err(End::Cancelled));
    });
}

/// Tokio: `abort_tasks` of `task_join_set.rs`.
#[test]
fn of_many_tasks_those_that_are_aborted_are_cancelled() {
    everywhere!(|it| {
        let mut executor = it::Executor::new();
        let mut handles = Vec::new();
        for number in 0..16 {
            let (sender, receiver) = oneshot::channel();
            let handle = executor.spawner().spawn(receiver);
            if number % 2 == 1 {
                handle.abort();
            }
            handles.push((number, sender, handle));
        }
        for (number, sender, handle) in handles {
            if number % 2 == 1 {
                assert_eq!(executor.run(handle), Err(End::Cancelled));
            } else {
                sender.send(number).unwrap();
                assert_eq!(executor.run(handle), Ok(Ok(number)));
            }
        }
    });
}
