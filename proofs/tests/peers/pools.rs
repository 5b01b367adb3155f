//! Tasks that several threads reach: our pool and Tokio's runtimes. From
//! `rt_threaded.rs`, `rt_common.rs` and `task_abort.rs` of Tokio.

use std::future::{pending, poll_fn};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Poll, Waker};
use std::thread;

use futures::channel::oneshot;
use listings::proof::hostile::OnDrop;

use crate::runners::{End, of_tokio, of_tokio_threads, our_pool};
use crate::turn;

mod our_pool_of_one {
    pub use listings::runtimes::threads::Pool as Executor;

    pub fn new() -> Executor {
        Executor::new(1)
    }
}

mod of_tokio_with_one {
    use tokio::runtime::{Builder, Runtime};

    pub fn new() -> Runtime {
        let mut builder = Builder::new_multi_thread();
        builder.worker_threads(1).build().unwrap()
    }
}

/// Tokio: `single_thread`.
#[test]
fn a_pool_may_have_one_worker() {
    scenario!(our_pool_of_one, of_tokio_with_one, |it| {
        drop(it::new());
        let (says, said) = mpsc::channel();
        let pool = it::new();
        drop(pool.spawn(async move { says.send(1).unwrap() }));
        assert_eq!(said.recv(), Ok(1));
    });
}

/// Tokio: `many_oneshot_futures`.
#[test]
fn a_thousand_tasks_run_while_nobody_waits_in_the_pool() {
    scenario!(our_pool, of_tokio_threads, |it| {
        let (says, said) = mpsc::channel();
        let pool = it::Executor::new();
        let count = Arc::new(AtomicU32::new(0));
        for _ in 0..1000 {
            let (says, count) = (says.clone(), count.clone());
            pool.spawner().add(async move {
                if count.fetch_add(1, Relaxed) + 1 == 1000 {
                    says.send(()).unwrap();
                }
            });
        }
        assert_eq!(said.recv(), Ok(()));
    });
}

/// Tokio: `drop_threadpool_drops_futures`.
#[test]
fn the_end_of_a_pool_drops_a_task_at_whatever_moment() {
    scenario!(our_pool, of_tokio_threads, |it| {
        for _ in 0..200 {
            let (value, pool) = (Arc::new(()), it::Executor::new());
            let held = value.clone();
            pool.spawner().add(async move {
                let _held = held;
                pending::<()>().await;
            });
            drop(pool);
            assert_eq!(Arc::strong_count(&value), 1);
        }
    });
}

/// Tokio: `multi_threadpool`.
#[test]
fn a_task_of_one_pool_wakes_a_task_of_another() {
    scenario!(our_pool, of_tokio_threads, |it| {
        let pools = [(); 2].map(|()| it::Executor::new());
        let (sender, receiver) = oneshot::channel();
        let (says, said) = mpsc::channel();
        pools[1].spawner().add(async move {
            says.send(receiver.await).unwrap();
        });
        pools[0].spawner().add(async move { sender.send(1).unwrap() });
        assert_eq!(said.recv(), Ok(Ok(1)));
    });
}

/// Tokio: `wake_during_shutdown`.
#[test]
fn a_task_that_is_dropped_may_wake_one_that_was_dropped() {
    scenario!(our_pool, of_tokio_threads, |it| {
        let mut pool = it::Executor::new();
        let place: Arc<Mutex<Option<Waker>>> = Arc::default();
        let (runs, running) = oneshot::channel();
        let (mut runs, kept) = (Some(runs), place.clone());
        pool.spawner().add(poll_fn(move |cx| {
            *kept.lock().unwrap() = Some(cx.waker().clone());
            runs.take().map(|runs| runs.send(()));
            Poll::Pending
        }));
        let local = OnDrop::new(move || {
            let waker = place.lock().unwrap().take();
            waker.unwrap().wake();
        });
        assert_eq!(pool.run(running), Ok(()));
        pool.spawner().add(async move {
            let _local = local;
            pending::<()>().await;
        });
        drop(pool);
    });
}

/// Tokio: `spawn_from_other_thread_idle`.
#[test]
fn another_thread_may_spawn_while_the_executor_sleeps() {
    scenario!(our_pool, of_tokio, of_tokio_threads, |it| {
        let mut executor = it::Executor::new();
        let spawner = executor.spawner();
        let (sender, receiver) = oneshot::channel();
        let thread = thread::spawn(move || {
            spawner.add(async move { sender.send(1).unwrap() });
        });
        assert_eq!(executor.run(receiver), Ok(1));
        thread.join().unwrap();
    });
}

/// Tokio: `spawn_from_other_thread_under_load`.
#[test]
fn another_thread_may_spawn_while_a_task_never_waits() {
    scenario!(our_pool, of_tokio, of_tokio_threads, |it| {
        let mut executor = it::Executor::new();
        let spawner = executor.spawner();
        let (sender, receiver) = oneshot::channel();
        executor.spawner().add(async {
            loop {
                turn().await;
            }
        });
        let thread = thread::spawn(move || {
            spawner.add(async move { sender.send(1).unwrap() });
        });
        assert_eq!(executor.run(receiver), Ok(1));
        thread.join().unwrap();
    });
}

/// Tokio: `test_abort_without_panic_3662`.
#[test]
fn another_thread_may_abort_a_task() {
    scenario!(our_pool, of_tokio, of_tokio_threads, |it| {
        let mut executor = it::Executor::new();
        let value = Arc::new(());
        let held = value.clone();
        let handle = executor.spawner().spawn(async move {
            let _held = held;
            pending::<()>().await;
        });
        let thread = thread::spawn(move || {
            handle.abort();
            handle
        });
        let handle = thread.join().unwrap();
        assert_eq!(executor.run(handle), Err(End::Cancelled));
        assert_eq!(Arc::strong_count(&value), 1);
    });
}
