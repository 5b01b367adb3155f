//! What an executor with several threads has to do, as tests: the laws of
//! `proof::laws`, as far as they fit where every future is `Send`.

/// The tests of the `Pool` and its `Spawner` beside which it stands.
macro_rules! pool_laws {
    () => {
        use std::future::{pending, poll_fn};
        use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
        use std::pin::Pin;
        use std::sync::OnceLock;
        use std::sync::atomic::AtomicUsize;
        use std::sync::mpsc::{Sender, channel};
        use std::task::{Context, Poll, Wake, Waker};
        use std::time::Duration;

        use crate::proof::hostile::{Guest, Moment, OnDrop, caught, panics};
        use crate::proof::watchdog;
        use crate::runtimes::executor::JoinError;
        use crate::runtimes::executor::yield_now::yield_now;
        use crate::runtimes::threads::JoinHandle as Handle;
        use crate::wakers::block_on::job::ask;
        use crate::wakers::oneshot;

        const LIMIT: Duration = Duration::from_secs(30);

        async fn yields(times: u32) {
            for _ in 0..times {
                yield_now().await;
            }
        }

        /// Waits until it is dropped, and drops `_held` then.
        async fn waits<T>(_held: T) {
            pending().await
        }

        /// Runs what may hang.
        fn law(test: impl FnOnce() + Send + 'static) {
            assert_eq!(watchdog(LIMIT, test), Ok(()));
        }

        fn poll<T>(
            handle: &mut Handle<T>,
            waker: &Waker,
        ) -> Poll<Result<T, JoinError>> {
            Pin::new(handle).poll(&mut Context::from_waker(waker))
        }

        #[test]
        #[should_panic(expected = "a pool needs a worker")]
        fn a_pool_without_a_worker_is_refused() {
            // Its tasks would wait for ever.
            Pool::new(0);
        }

        #[test]
        fn a_handle_gives_what_a_task_of_the_pool_returned() {
            law(|| {
                let pool = Pool::new(2);
                let task = pool.spawn(async {
                    yields(3).await;
                    42
                });
                assert_eq!(pool.run(task), Ok(42));
            });
        }

        #[test]
        fn a_handle_gives_the_panic_of_its_task_and_the_worker_goes_on() {
            law(|| {
                let pool = Pool::new(1);
                for _ in 0..3 {
                    let task = pool.spawn(async {
                        yield_now().await;
                        resume_unwind(Box::new("no eggs"))
                    });
                    let end: Result<(), _> = pool.run(task);
                    assert_eq!(end, Err(JoinError::Panic("no eggs".into())));
                }
                assert_eq!(pool.run(pool.spawn(async { 42 })), Ok(42));
            });
        }

        #[test]
        fn an_aborted_task_is_dropped_where_it_waits() {
            law(|| {
                let pool = Pool::new(2);
                let owned = Arc::new(());
                let (sender, started) = channel();
                let held = owned.clone();
                let task = pool.spawn(async move {
                    sender.send(()).unwrap();
                    waits(held).await;
                });
                started.recv().unwrap();
                task.abort();
                task.abort();
                assert_eq!(pool.run(task), Err(JoinError::Cancelled));
                assert_eq!(Arc::strong_count(&owned), 1);
            });
        }

        #[test]
        fn an_abort_after_the_end_changes_nothing() {
            law(|| {
                let pool = Pool::new(2);
                let mut task = pool.spawn(async { 42 });
                let end = pool.run(&mut task);
                task.abort();
                assert_eq!(pool.run(pool.spawn(async { 7 })), Ok(7));
                task.abort();
                assert_eq!(end, Ok(42));
            });
        }

        #[test]
        fn a_task_that_aborts_itself_is_cancelled_at_its_next_await() {
            law(|| {
                let pool = Pool::new(2);
                let (sender, own) = oneshot::closed::channel::<Handle<i32>>();
                let task = pool.spawn(async move {
                    let own = own.await.unwrap();
                    own.abort();
                    yield_now().await;
                    panic!("it ran");
                });
                let (gone, dropped) = channel::<()>();
                let watch = pool.spawn(waits(gone));
                assert!(sender.send(task).is_ok());
                // The handle went with the task.
                while pool.shared.tasks.len() > 1 {
                    thread::yield_now();
                }
                watch.abort();
                assert!(dropped.recv().is_err());
            });
        }

        #[test]
        fn a_task_of_the_pool_goes_on_without_its_handle() {
            law(|| {
                let pool = Pool::new(2);
                let (sender, ended) = channel();
                drop(pool.spawn(async move {
                    yields(3).await;
                    sender.send(42).unwrap();
                }));
                assert_eq!(ended.recv(), Ok(42));
            });
        }

        #[test]
        fn dropping_the_pool_drops_its_tasks() {
            law(|| {
                let pool = Pool::new(2);
                let owned = Arc::new(());
                let tasks = [(); 10].map(|()| pool.spawn(waits(owned.clone())));
                let spawner = pool.spawner();
                drop(pool);
                assert_eq!(Arc::strong_count(&owned), 1);
                let other = Pool::new(1);
                for task in tasks {
                    assert_eq!(other.run(task), Err(JoinError::Cancelled));
                }
                let late = spawner.spawn(waits(owned.clone()));
                assert_eq!(Arc::strong_count(&owned), 1);
                assert_eq!(other.run(late), Err(JoinError::Cancelled));
            });
        }

        #[test]
        fn nothing_is_left_of_a_pool_whose_tasks_keep_their_wakers() {
            law(|| {
                let pool = Pool::new(2);
                let shared = Arc::downgrade(&pool.shared);
                let kept: Arc<OnceLock<Waker>> = Arc::default();
                let keep = kept.clone();
                let spawner = pool.spawner();
                let task = pool.spawn(async move {
                    let mut twice = 0;
                    poll_fn(|cx| {
                        let _ = keep.set(cx.waker().clone());
                        twice += 1;
                        cx.waker().wake_by_ref();
                        if twice < 100 {
                            Poll::Pending
                        } else {
                            Poll::Ready(())
                        }
                    })
                    .await;
                    waits(spawner).await;
                });
                while kept.get().is_none() {
                    thread::yield_now();
                }
                drop(pool);
                kept.get().unwrap().wake_by_ref();
                drop((kept, task));
                assert!(shared.upgrade().is_none(), "it owns itself");
            });
        }

        #[test]
        fn a_task_may_drop_its_own_pool() {
            law(|| {
                let pool = Pool::new(2);
                let shared = Arc::downgrade(&pool.shared);
                let (sender, own) = oneshot::closed::channel::<Pool>();
                let task = pool.spawn(async move {
                    let own = own.await.unwrap();
                    own.spawn(pending::<()>()).abort();
                    let spawner = own.spawner();
                    drop(own);
                    drop(spawner.spawn(async { panic!("it ran") }));
                    yield_now().await;
                    panic!("it is cancelled");
                });
                assert!(sender.send(pool).is_ok());
                let other = Pool::new(1);
                let end: Result<(), _> = other.run(task);
                assert_eq!(end, Err(JoinError::Cancelled));
                while shared.upgrade().is_some() {
                    thread::yield_now();
                }
            });
        }

        #[test]
        fn no_task_is_polled_by_two_workers_at_a_time() {
            law(|| {
                let pool = Pool::new(4);
                let inside = Arc::new(AtomicUsize::new(0));
                let kept: Arc<OnceLock<Waker>> = Arc::default();
                let (counts, keep) = (inside.clone(), kept.clone());
                let mut left = 2000;
                let task = pool.spawn(poll_fn(move |cx| {
                    assert_eq!(counts.fetch_add(1, Ordering::SeqCst), 0);
                    let _ = keep.set(cx.waker().clone());
                    cx.waker().wake_by_ref();
                    left -= 1;
                    counts.fetch_sub(1, Ordering::SeqCst);
                    if left == 0 { Poll::Ready(()) } else { Poll::Pending }
                }));
                let wakers = [(); 2].map(|()| {
                    let kept = kept.clone();
                    thread::spawn(move || {
                        for _ in 0..10_000 {
                            if let Some(waker) = kept.get() {
                                waker.wake_by_ref();
                            }
                        }
                    })
                });
                assert_eq!(pool.run(task), Ok(()));
                wakers.into_iter().for_each(|thread| thread.join().unwrap());
            });
        }

        #[test]
        fn three_wakes_during_a_poll_lead_to_one_more() {
            law(|| {
                let pool = Pool::new(2);
                let mut polls = 0;
                let task = pool.spawn(poll_fn(move |cx| {
                    polls += 1;
                    if polls == 1 {
                        (0..3).for_each(|_| cx.waker().wake_by_ref());
                        return Poll::Pending;
                    }
                    Poll::Ready(polls)
                }));
                assert_eq!(pool.run(task), Ok(2));
            });
        }

        /// A plain flag without a lock: the wake must carry the news itself.
        #[test]
        fn what_was_written_before_a_wake_is_seen_by_every_worker() {
            law(|| {
                let pool = Pool::new(2);
                for round in 1..500 {
                    let news = Arc::new(AtomicUsize::new(0));
                    let (sender, wakers) = channel::<Waker>();
                    let writes = news.clone();
                    let other = thread::spawn(move || {
                        let waker = wakers.recv().unwrap();
                        writes.store(round, Ordering::Relaxed);
                        waker.wake();
                    });
                    let mut asked = false;
                    let task = pool.spawn(poll_fn(move |cx| {
                        if !std::mem::replace(&mut asked, true) {
                            sender.send(cx.waker().clone()).unwrap();
                            return Poll::Pending;
                        }
                        Poll::Ready(news.load(Ordering::Relaxed))
                    }));
                    assert_eq!(pool.run(task), Ok(round));
                    other.join().unwrap();
                }
            });
        }

        #[test]
        fn ten_thousand_wakes_from_outside_the_pool_arrive() {
            law(|| {
                let pool = Pool::new(2);
                let (to_other, wakers) = channel::<Waker>();
                let other = thread::spawn(move || {
                    for waker in wakers {
                        waker.wake_by_ref();
                        waker.wake();
                    }
                });
                let mut left = 10_000;
                let task = pool.spawn(poll_fn(move |cx| {
                    if left == 0 {
                        return Poll::Ready(());
                    }
                    left -= 1;
                    to_other.send(cx.waker().clone()).unwrap();
                    Poll::Pending
                }));
                assert_eq!(pool.run(task), Ok(()));
                other.join().unwrap();
            });
        }

        #[test]
        fn a_task_spawns_and_awaits_others() {
            law(|| {
                fn tree(spawner: Spawner, depth: u32) -> Handle<u32> {
                    let inner = spawner.clone();
                    spawner.spawn(async move {
                        if depth == 0 {
                            return 1;
                        }
                        let left = tree(inner.clone(), depth - 1);
                        let right = tree(inner, depth - 1);
                        left.await.unwrap() + right.await.unwrap()
                    })
                }
                let pool = Pool::new(3);
                assert_eq!(pool.run(tree(pool.spawner(), 9)), Ok(512));
                assert!(pool.shared.tasks.is_empty());
            });
        }

        #[test]
        fn answers_of_other_threads_come_to_the_tasks_that_asked() {
            law(|| {
                let pool = Pool::new(2);
                let tasks: Vec<_> =
                    (0..20).map(|n| pool.spawn(ask(move || n))).collect();
                for (n, task) in tasks.into_iter().enumerate() {
                    assert_eq!(pool.run(task), Ok(n));
                }
            });
        }

        #[test]
        fn a_task_of_the_pool_may_be_woken_after_its_end() {
            law(|| {
                let pool = Pool::new(2);
                let (sender, wakers) = channel();
                let task = pool.spawn(poll_fn(move |cx| {
                    sender.send(cx.waker().clone()).unwrap();
                    Poll::Ready(())
                }));
                assert_eq!(pool.run(task), Ok(()));
                let waker = wakers.recv().unwrap();
                waker.wake_by_ref();
                drop(pool);
                waker.wake();
            });
        }

        #[test]
        fn a_handle_of_the_pool_polled_after_it_was_ready_panics() {
            law(|| {
                let pool = Pool::new(1);
                let mut task = pool.spawn(async {});
                assert!(pool.run(&mut task).is_ok());
                let noop = Waker::noop();
                let again = || poll(&mut task, noop).is_ready();
                let panic = catch_unwind(AssertUnwindSafe(again)).unwrap_err();
                let text = panic.downcast_ref::<&str>().unwrap();
                assert_eq!(*text, "polled after it was ready");
            });
        }

        #[test]
        fn a_handle_of_the_pool_takes_its_waker_along() {
            law(|| {
                let (pool, guest) = (Pool::new(1), Guest::new());
                let mut task = pool.spawn(pending::<()>());
                assert!(poll(&mut task, &guest.waker()).is_pending());
                assert_eq!(guest.handles(), 1);
                drop(task);
                assert_eq!(guest.handles(), 0);
            });
        }

        // Hostile guests: see `proof::hostile`.

        #[test]
        fn a_waker_that_panics_ends_neither_a_worker_nor_a_handle() {
            law(|| {
                let (pool, guest) = (Pool::new(1), Guest::new());
                let (sender, go) = oneshot::closed::channel();
                let mut task = pool.spawn(async move {
                    go.await.unwrap();
                    42
                });
                assert!(poll(&mut task, &guest.waker()).is_pending());
                guest.next(Moment::Wake, panics);
                assert!(sender.send(()).is_ok());
                while guest.deeds_left() > 0 {
                    thread::yield_now();
                }
                assert_eq!(pool.run(pool.spawn(async { 7 })), Ok(7));
                assert_eq!(pool.run(task), Ok(42));
                assert_eq!(guest.handles(), 0);
            });
        }

        #[test]
        fn a_waker_that_panics_when_the_pool_is_dropped_is_contained() {
            law(|| {
                let (pool, guest) = (Pool::new(2), Guest::new());
                let mut first = pool.spawn(pending::<()>());
                let second = pool.spawn(waits(OnDrop::panics()));
                assert!(poll(&mut first, &guest.waker()).is_pending());
                guest.next(Moment::Wake, panics);
                assert!(caught(|| drop(pool)).is_ok());
                let other = Pool::new(1);
                assert_eq!(other.run(first), Err(JoinError::Cancelled));
                assert_eq!(other.run(second), Err(JoinError::Cancelled));
                assert_eq!((guest.deeds_left(), guest.handles()), (0, 0));
            });
        }

        #[test]
        fn a_clone_that_panics_leaves_the_handle_as_it_was() {
            law(|| {
                let (pool, bad) = (Pool::new(1), Guest::new());
                let mut task = pool.spawn(async { 42 });
                let waker = bad.waker();
                bad.next(Moment::Clone, panics);
                // It clones only while the task has not ended.
                let first = caught(|| poll(&mut task, &waker));
                match first {
                    Ok(Poll::Ready(end)) => assert_eq!(end, Ok(42)),
                    _ => assert_eq!(pool.run(task), Ok(42)),
                }
            });
        }

        #[test]
        fn a_waker_that_is_replaced_may_drop_the_pool() {
            law(|| {
                let (pool, guest) = (Pool::new(2), Guest::new());
                let mut task = pool.spawn(pending::<()>());
                assert!(poll(&mut task, &guest.waker()).is_pending());
                guest.next(Moment::Drop, move || drop(pool));
                let end = match poll(&mut task, Waker::noop()) {
                    Poll::Ready(end) => end,
                    Poll::Pending => Pool::new(1).run(task),
                };
                assert_eq!(guest.deeds_left(), 0);
                assert_eq!(end, Err(JoinError::Cancelled));
            });
        }

        #[test]
        fn destructors_that_panic_end_no_worker() {
            law(|| {
                let pool = Pool::new(1);
                // The output of a task whose handle is gone when it ends.
                let (sender, go) = oneshot::closed::channel();
                drop(pool.spawn(async move {
                    go.await.unwrap();
                    OnDrop::panics()
                }));
                assert!(sender.send(()).is_ok());
                // What a task panicked with, with and without a handle.
                let payload = || resume_unwind(Box::new(OnDrop::panics()));
                let heard: Handle<()> = pool.spawn(async move { payload() });
                let unheard: Handle<()> = pool.spawn(async move { payload() });
                drop(unheard);
                // A local of a task that is aborted.
                let local = pool.spawn(waits(OnDrop::panics()));
                local.abort();
                assert_eq!(pool.run(local), Err(JoinError::Cancelled));
                assert!(pool.run(heard).is_err());
                assert_eq!(pool.run(pool.spawn(async { 42 })), Ok(42));
            });
        }

        #[test]
        fn a_task_that_is_dropped_may_use_the_pool() {
            law(|| {
                let pool = Pool::new(1);
                let (spawner, victim) =
                    (pool.spawner(), pool.spawn(pending::<()>()));
                let (sender, spawned): (Sender<Handle<i32>>, _) = channel();
                let task = pool.spawn(waits(OnDrop::new(move || {
                    victim.abort();
                    sender.send(spawner.spawn(async { 42 })).unwrap();
                })));
                task.abort();
                let inner = spawned.recv().unwrap();
                assert_eq!(pool.run(inner), Ok(42));
                while pool.shared.tasks.len() > 0 {
                    thread::yield_now();
                }
            });
        }

        /// Wakes a task from the wake of another, inside the worker.
        #[test]
        fn a_waker_may_wake_and_spawn_inside_a_wake() {
            struct Relay(Spawner, Sender<Handle<i32>>);
            impl Wake for Relay {
                fn wake(self: Arc<Self>) {
                    self.1.send(self.0.spawn(async { 42 })).unwrap();
                }
            }
            law(|| {
                let pool = Pool::new(1);
                let (sender, spawned) = channel();
                let relay =
                    Waker::from(Arc::new(Relay(pool.spawner(), sender)));
                let mut task = pool.spawn(yields(10));
                if poll(&mut task, &relay).is_ready() {
                    return;
                }
                let inner = spawned.recv().unwrap();
                assert_eq!(pool.run(inner), Ok(42));
            });
        }

        #[test]
        fn every_type_of_the_pool_has_debug() {
            let pool = Pool::new(1);
            let task = pool.spawn(async {});
            let text = format!("{pool:?} {:?} {task:?}", pool.spawner());
            assert_eq!(text, "Pool { .. } Spawner { .. } JoinHandle { .. }");
        }
    };
}

pub(crate) use pool_laws;
