//! What every executor of the book has to do, as tests. Those of a chapter
//! are run by its executor; see `executor_laws!`.

/// Makes each test a `law`.
macro_rules! laws {
    ($($(#[$its:meta])* fn $law:ident() $body:block)*) => {$(
        $(#[$its])*
        fn $law() {
            law(|| $body);
        }
    )*};
}

/// The tests of an executor: of the `Executor` and the `JoinHandle` beside
/// which it stands.
macro_rules! executor_laws {
    () => {
    use std::cell::{Cell, RefCell};
    use std::future::{pending, poll_fn};
    use std::panic::{AssertUnwindSafe, catch_unwind, panic_any, resume_unwind};
    use std::pin::Pin;
    use std::rc::Rc;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use std::sync::mpsc::channel;
    use std::sync::Arc;
    use std::task::{Context, Poll, Waker};
    use std::thread;
    use std::time::Duration;

    use crate::proof::hostile::{Guest, Moment, OnDrop, caught, panics};
    use crate::proof::watchdog;
    use crate::runtimes::executor::JoinError;
    use crate::runtimes::executor::yield_now::yield_now;
    use crate::wakers::block_on::job::ask;

    const LIMIT: Duration = Duration::from_secs(60);

    type Log = Rc<RefCell<Vec<(&'static str, u32)>>>;

    /// Shares its count with everyone who holds a clone.
    type Owned = Rc<()>;

    fn spawn<F: Future + 'static>(
        executor: &Executor,
        future: F,
    ) -> JoinHandle<F::Output> {
        executor.spawner().spawn(future)
    }

    async fn takes_turns(log: Log, name: &'static str, turns: u32) {
        for turn in 1..=turns {
            log.borrow_mut().push((name, turn));
            yield_now().await;
        }
    }

    /// Waits until it is dropped, and drops `_held` then.
    async fn waits<T>(_held: T) {
        pending().await
    }

    fn poll<T>(
        handle: &mut JoinHandle<T>,
        waker: &Waker,
    ) -> Poll<Result<T, JoinError>> {
        Pin::new(handle).poll(&mut Context::from_waker(waker))
    }

    /// Calls a closure when it is dropped. Unlike `OnDrop` it stays on its
    /// thread.
    struct Calls<F: FnMut()>(F);

    impl<F: FnMut()> Drop for Calls<F> {
        fn drop(&mut self) {
            (self.0)();
        }
    }

    /// The ways for a task to end, and what its handle says then.
    fn ends(executor: &Executor) -> [(JoinHandle<i32>, &'static str); 3] {
        let returns = spawn(executor, async { 42 });
        let drops = spawn(executor, async { panic!("no eggs") });
        let aborted = spawn(executor, pending());
        aborted.abort();
        [(returns, "42"), (drops, "no eggs"), (aborted, "cancelled")]
    }

    fn says(executor: &Executor, handle: JoinHandle<i32>) -> String {
        match executor.run(handle) {
            Ok(value) => value.to_string(),
            Err(why) => why.to_string(),
        }
    }

    /// Wakers are `Send`, executors are not: what a waker is to run stands
    /// here, for the thread that runs it.
    fn here(deed: impl FnOnce() + 'static) -> impl FnOnce() + Send {
        thread_local! {
            static DEED: Cell<Option<Box<dyn FnOnce()>>> =
                const { Cell::new(None) };
        }
        DEED.set(Some(Box::new(deed)));
        || DEED.take().unwrap()()
    }

    /// Runs what may hang. One test that hangs speaks for those after it:
    /// each would wait for its own watchdog.
    fn law(test: impl FnOnce() + Send + 'static) {
        static HANGS: AtomicBool = AtomicBool::new(false);
        assert!(!HANGS.load(Ordering::Relaxed), "another law hangs");
        let end = watchdog(LIMIT, test);
        HANGS.fetch_or(end.is_err(), Ordering::Relaxed);
        assert_eq!(end, Ok(()));
    }

    $crate::proof::laws::laws! {
    #[test]
    fn a_handle_gives_what_the_task_returned() {
        let executor = Executor::default();
        let handle = spawn(&executor, async {
            yield_now().await;
            42
        });
        assert!(matches!(executor.run(handle), Ok(42)));
    }

    #[test]
    fn a_value_waits_for_its_handle() {
        let executor = Executor::default();
        let handle = spawn(&executor, async { 42 });
        assert_eq!(executor.run_until_stalled(), 0);
        assert!(matches!(executor.run(handle), Ok(42)));
    }

    #[test]
    fn a_handle_gives_the_panic_of_its_task() {
        let executor = Executor::default();
        let handle = spawn(&executor, async {
            yield_now().await;
            panic!("no eggs")
        });
        let other = spawn(&executor, async { 42 });
        let error = executor.run(handle).unwrap_err();
        assert_eq!(error.to_string(), "the task panicked: no eggs");
        assert!(matches!(executor.run(other), Ok(42)));
    }

    #[test]
    fn an_aborted_task_is_dropped_where_it_stands() {
        let executor = Executor::default();
        let owned = Owned::default();
        let seen = owned.clone();
        let handle = spawn(&executor, async move {
            let _owned = owned;
            pending::<()>().await;
        });
        assert_eq!(executor.run_until_stalled(), 1);
        handle.abort();
        handle.abort();
        assert_eq!(Rc::strong_count(&seen), 2, "not yet");
        assert_eq!(executor.run_until_stalled(), 0);
        assert_eq!(Rc::strong_count(&seen), 1);
        assert!(matches!(executor.run(handle), Err(JoinError::Cancelled)));
    }

    #[test]
    fn a_task_aborted_before_its_first_poll_never_runs() {
        let executor = Executor::default();
        let handle = spawn(&executor, async { panic!("it ran") });
        handle.abort();
        let end = executor.run(handle);
        assert!(matches!(end, Err(JoinError::Cancelled)));
    }

    #[test]
    fn a_task_can_abort_itself() {
        let executor = Executor::default();
        let own: Rc<RefCell<Option<JoinHandle<()>>>> = Rc::default();
        let seen = own.clone();
        *own.borrow_mut() = Some(spawn(&executor, async move {
            seen.borrow().as_ref().unwrap().abort();
            pending().await
        }));
        assert_eq!(executor.run_until_stalled(), 0);
        let handle = own.borrow_mut().take().unwrap();
        assert!(matches!(executor.run(handle), Err(JoinError::Cancelled)));
    }

    #[test]
    fn an_abort_that_comes_too_late_changes_nothing() {
        let executor = Executor::default();
        let done = spawn(&executor, async { 42 });
        executor.run_until_stalled();
        done.abort();
        // It gets the place of the first.
        let next = spawn(&executor, yield_now());
        done.abort();
        assert!(executor.run(next).is_ok());
        assert!(matches!(executor.run(done), Ok(42)));
    }

    #[test]
    fn a_task_spawned_while_another_is_aborted_runs() {
        let executor = Executor::default();
        let next: Rc<RefCell<Option<JoinHandle<i32>>>> = Rc::default();
        let (spawner, spawned) = (executor.spawner(), next.clone());
        let task = spawn(&executor, waits(Calls(move || {
            spawned.replace(Some(spawner.spawn(async { 42 })));
        })));
        task.abort();
        assert_eq!(executor.run_until_stalled(), 0);
        assert!(matches!(executor.run(next.take().unwrap()), Ok(42)));
    }

    #[test]
    fn a_task_that_aborts_itself_and_ends_keeps_its_value() {
        let executor = Executor::default();
        let own: Rc<RefCell<Option<JoinHandle<i32>>>> = Rc::default();
        let seen = own.clone();
        *own.borrow_mut() = Some(spawn(&executor, async move {
            seen.borrow().as_ref().unwrap().abort();
            42
        }));
        assert_eq!(executor.run_until_stalled(), 0);
        assert!(matches!(executor.run(own.take().unwrap()), Ok(42)));
    }

    #[test]
    fn a_dropped_handle_leaves_the_task_alone() {
        let executor = Executor::default();
        let owned = Owned::default();
        let seen = owned.clone();
        drop(spawn(&executor, async move {
            yield_now().await;
            drop(owned);
        }));
        assert_eq!(executor.run_until_stalled(), 0);
        assert_eq!(Rc::strong_count(&seen), 1);
    }

    #[test]
    fn the_newest_waker_is_woken() {
        let executor = Executor::default();
        let mut handle = spawn(&executor, yield_now());
        let mut cx = Context::from_waker(Waker::noop());
        assert!(Pin::new(&mut handle).poll(&mut cx).is_pending());
        assert!(executor.run(handle).is_ok());
    }

    #[test]
    fn a_handle_polled_after_it_was_ready_panics() {
        let executor = Executor::default();
        let mut handle = spawn(&executor, async {});
        assert!(executor.run(&mut handle).is_ok());
        let again = catch_unwind(AssertUnwindSafe(|| executor.run(handle)));
        let panic = again.map(|_| ()).unwrap_err();
        let message = panic.downcast_ref::<&str>().unwrap();
        assert_eq!(*message, "polled after it was ready");
    }

    #[test]
    fn tasks_take_turns_in_the_order_in_which_they_were_spawned() {
        let (executor, log) = (Executor::default(), Log::default());
        for name in ["a", "b", "c"] {
            drop(spawn(&executor, takes_turns(log.clone(), name, 2)));
        }
        assert_eq!(executor.run_until_stalled(), 0);
        let first = [("a", 1), ("b", 1), ("c", 1)];
        let second = [("a", 2), ("b", 2), ("c", 2)];
        assert_eq!(*log.borrow(), [first, second].concat());
    }

    #[test]
    fn a_task_woken_three_times_is_polled_once_more() {
        let executor = Executor::default();
        let polls = Rc::new(Cell::new(0));
        let count = polls.clone();
        let handle = spawn(&executor, poll_fn(move |cx| {
            count.set(count.get() + 1);
            if count.get() == 1 {
                (0..3).for_each(|_| cx.waker().wake_by_ref());
            }
            Poll::<()>::Pending
        }));
        assert_eq!(executor.run_until_stalled(), 1);
        assert_eq!(polls.get(), 2);
        handle.abort();
    }

    #[test]
    fn a_task_that_forgets_its_waker_is_still_there() {
        let executor = Executor::default();
        let handle = spawn(&executor, pending::<()>());
        assert_eq!(executor.run_until_stalled(), 1);
        drop(executor);
        let end = Executor::default().run(handle);
        assert!(matches!(end, Err(JoinError::Cancelled)));
    }

    #[test]
    fn a_wake_from_another_thread_ends_the_sleep() {
        let executor = Executor::default();
        let answer = spawn(&executor, ask(|| 42));
        assert_eq!(executor.run(answer), Ok(42));
    }

    #[test]
    fn a_wake_between_two_runs_is_kept() {
        let executor = Executor::default();
        let waker: Rc<RefCell<Option<Waker>>> = Rc::default();
        let kept = waker.clone();
        let handle = spawn(&executor, poll_fn(move |cx| {
            match kept.replace(Some(cx.waker().clone())) {
                None => Poll::Pending,
                Some(_) => Poll::Ready(()),
            }
        }));
        assert_eq!(executor.run_until_stalled(), 1);
        waker.borrow().as_ref().unwrap().wake_by_ref();
        assert!(executor.run(handle).is_ok());
    }

    #[test]
    fn a_wake_is_kept_when_a_task_parks() {
        let executor = Executor::default();
        let mut polled = false;
        let task = spawn(&executor, poll_fn(move |cx| {
            if polled {
                return Poll::Ready(());
            }
            polled = true;
            let waker = cx.waker().clone();
            thread::spawn(|| waker.wake()).join().unwrap();
            thread::current().unpark();
            thread::park();
            Poll::Pending
        }));
        assert!(executor.run(task).is_ok());
    }

    /// Everything that two threads can do to one task, many times.
    #[test]
    fn ten_thousand_wakes_from_another_thread_arrive() {
        let executor = Executor::default();
        let (to_worker, wakers) = channel::<Waker>();
        let worker = thread::spawn(move || {
            for waker in wakers {
                waker.wake_by_ref();
                waker.wake();
            }
        });
        let mut left = 10_000;
        let task = spawn(&executor, poll_fn(move |cx| {
            if left == 0 {
                return Poll::Ready(());
            }
            left -= 1;
            to_worker.send(cx.waker().clone()).unwrap();
            Poll::Pending
        }));
        assert!(executor.run(task).is_ok());
        worker.join().unwrap();
    }

    /// A plain flag without a lock: the wake must carry the news itself.
    #[test]
    fn what_was_written_before_a_wake_is_seen_by_the_poll() {
        let executor = Executor::default();
        for round in 1..1000 {
            let news = Arc::new(AtomicUsize::new(0));
            let (to_worker, wakers) = channel::<Waker>();
            let writes = news.clone();
            let worker = thread::spawn(move || {
                let waker = wakers.recv().unwrap();
                writes.store(round, Ordering::Relaxed);
                waker.wake();
            });
            let mut asked = false;
            let task = spawn(&executor, poll_fn(move |cx| {
                if !std::mem::replace(&mut asked, true) {
                    to_worker.send(cx.waker().clone()).unwrap();
                    return Poll::Pending;
                }
                Poll::Ready(news.load(Ordering::Relaxed))
            }));
            assert_eq!(executor.run(task).unwrap(), round);
            worker.join().unwrap();
        }
    }

    #[test]
    fn a_task_spawns_another() {
        let executor = Executor::default();
        let spawner = executor.spawner();
        let outer = spawn(&executor, async move {
            let inner = spawner.spawn(async { 42 });
            inner.await.unwrap()
        });
        assert_eq!(executor.run(outer).unwrap(), 42);
    }

    #[test]
    fn a_task_needs_neither_send_nor_its_own_thread() {
        let executor = Executor::default();
        let shared = Rc::new(Cell::new(1));
        let task = spawn(&executor, {
            let shared = shared.clone();
            async move {
                yield_now().await;
                shared.set(shared.get() + 1);
                thread::current().id()
            }
        });
        assert_eq!(executor.run(task).unwrap(), thread::current().id());
        assert_eq!(shared.get(), 2);
    }

    #[test]
    fn waking_a_task_that_is_done_is_allowed() {
        let executor = Executor::default();
        let mut kept = None;
        executor.run(poll_fn(|cx| {
            kept = Some(cx.waker().clone());
            Poll::Ready(())
        }));
        let waker: Rc<RefCell<Option<Waker>>> = Rc::default();
        let keep = waker.clone();
        let task = spawn(&executor, poll_fn(move |cx| {
            keep.replace(Some(cx.waker().clone()));
            Poll::Ready(())
        }));
        assert!(executor.run(task).is_ok());
        kept.unwrap().wake();
        let waker = waker.borrow_mut().take().unwrap();
        waker.wake_by_ref();
        assert_eq!(executor.run_until_stalled(), 0);
        drop(executor);
        waker.wake();
    }

    #[test]
    fn dropping_the_executor_drops_its_tasks_on_this_thread() {
        struct Says(std::sync::mpsc::Sender<thread::ThreadId>);
        impl Drop for Says {
            fn drop(&mut self) {
                self.0.send(thread::current().id()).unwrap();
            }
        }
        let executor = Executor::default();
        let (sender, dropped) = channel();
        for sender in [sender.clone(), sender] {
            let guard = Says(sender);
            drop(spawn(&executor, async move {
                let _guard = guard;
                pending::<()>().await;
            }));
        }
        executor.spawner();
        assert!(dropped.try_recv().is_err());
        drop(executor);
        let here = thread::current().id();
        assert_eq!(dropped.iter().collect::<Vec<_>>(), [here, here]);
    }

    #[test]
    fn a_spawner_without_its_executor_cancels() {
        let executor = Executor::default();
        let spawner = executor.spawner();
        drop(executor);
        let handle = spawner.spawn(async { panic!("it ran") });
        let end = Executor::default().run(handle);
        assert!(matches!(end, Err(JoinError::Cancelled)));
    }

    #[test]
    fn one_executor_runs_inside_another() {
        let (outer, inner) = (Executor::default(), Executor::default());
        let waits = spawn(&outer, yield_now());
        let sum = outer.run(async {
            let two = spawn(&inner, async {
                yield_now().await;
                2
            });
            let two = inner.run(two).unwrap();
            waits.await.unwrap();
            40 + two
        });
        assert_eq!(sum, 42);
    }

    #[test]
    fn an_executor_goes_on_after_its_main_future_panics() {
        let executor = Executor::default();
        let task = spawn(&executor, async {
            yield_now().await;
            42
        });
        let run = || executor.run(async { panic!("main") });
        assert!(catch_unwind(AssertUnwindSafe(run)).is_err());
        assert_eq!(executor.run(task).unwrap(), 42);
    }

    #[test]
    fn a_task_that_holds_a_spawner_does_not_keep_its_executor_alive() {
        let executor = Executor::default();
        let owned = Owned::default();
        let (seen, spawner) = (owned.clone(), executor.spawner());
        drop(spawn(&executor, async move {
            drop(spawner.spawn(waits(owned)));
            waits(spawner).await;
        }));
        assert_eq!(executor.run_until_stalled(), 2);
        drop(executor);
        assert_eq!(Rc::strong_count(&seen), 1, "the inner task is dropped");
    }

    #[test]
    fn a_task_that_spawns_while_its_executor_is_dropped_gets_cancelled() {
        let executor = Executor::default();
        let spawned: Rc<RefCell<Option<JoinHandle<()>>>> = Rc::default();
        let (spawner, seen) = (executor.spawner(), spawned.clone());
        drop(spawn(&executor, waits(Calls(move || {
            seen.replace(Some(spawner.spawn(async { panic!("it ran") })));
        }))));
        assert_eq!(executor.run_until_stalled(), 1);
        drop(executor);
        let handle = spawned.take().unwrap();
        let end = Executor::default().run(handle);
        assert_eq!(end, Err(JoinError::Cancelled));
    }

    #[test]
    fn a_handle_that_is_dropped_takes_its_waker_along() {
        let executor = Executor::default();
        let guest = Guest::new();
        let mut handle = spawn(&executor, pending::<()>());
        assert!(poll(&mut handle, &guest.waker()).is_pending());
        assert_eq!(guest.handles(), 1);
        drop(handle);
        assert_eq!(guest.handles(), 0);
    }

    #[test]
    fn a_join_error_says_what_the_task_panicked_with() {
        let executor = Executor::default();
        let name = String::from("Ann");
        let literal = spawn(&executor, async { panic!("no eggs") });
        let formatted =
            spawn(&executor, async move { panic!("{name} has no eggs") });
        let no_text = spawn(&executor, async { panic_any(42) });
        let text = |handle: JoinHandle<()>| {
            executor.run(handle).unwrap_err().to_string()
        };
        assert_eq!(text(literal), "the task panicked: no eggs");
        assert_eq!(text(formatted), "the task panicked: Ann has no eggs");
        assert_eq!(text(no_text), "the task panicked: ");
        fn shared<T: Send + Sync + 'static>() {}
        shared::<JoinError>();
    }

    // Hostile guests: see `proof::hostile`.

    #[test]
    fn a_waker_that_panics_ends_neither_the_loop_nor_a_handle() {
        let (executor, guest) = (Executor::default(), Guest::new());
        let mut waiting = ends(&executor);
        for (handle, _) in &mut waiting {
            assert!(poll(handle, &guest.waker()).is_pending());
            guest.next(Moment::Wake, panics);
        }
        let other = spawn(&executor, async { 7 });
        assert_eq!(executor.run_until_stalled(), 0);
        assert_eq!((guest.deeds_left(), guest.handles()), (0, 0));
        assert_eq!(executor.run(other), Ok(7));
        for (handle, end) in waiting {
            assert!(says(&executor, handle).ends_with(end));
        }
    }

    #[test]
    fn a_waker_that_panics_when_the_executor_is_dropped_is_contained() {
        let (executor, guest) = (Executor::default(), Guest::new());
        let mut first = spawn(&executor, pending::<i32>());
        let second = spawn(&executor, waits(OnDrop::panics()));
        let third = spawn(&executor, pending::<i32>());
        assert_eq!(executor.run_until_stalled(), 3);
        assert!(poll(&mut first, &guest.waker()).is_pending());
        guest.next(Moment::Wake, panics);
        assert!(caught(|| drop(executor)).is_ok());
        let other = Executor::default();
        assert_eq!(other.run(first), Err(JoinError::Cancelled));
        assert!(other.run(second).is_err());
        assert_eq!(other.run(third), Err(JoinError::Cancelled));
        assert_eq!((guest.deeds_left(), guest.handles()), (0, 0));
    }

    #[test]
    fn a_waker_may_poll_the_handle_that_wakes_it() {
        let executor = Executor::default();
        let again: Rc<RefCell<Option<JoinHandle<i32>>>> = Rc::default();
        let got = Rc::new(Cell::new(0));
        // A task is woken, which takes the value before the loop goes on.
        let (takes, sets) = (again.clone(), got.clone());
        *again.borrow_mut() = Some(spawn(&executor, async { 42 }));
        drop(spawn(&executor, poll_fn(move |cx| {
            let mut handle = takes.borrow_mut();
            Pin::new(handle.as_mut().unwrap()).poll(cx).map(|end| {
                sets.set(end.unwrap());
            })
        })));
        assert_eq!(executor.run_until_stalled(), 0);
        assert_eq!(got.get(), 42);
    }

    #[test]
    fn a_waker_whose_clone_panics_leaves_the_handle_as_it_was() {
        let (executor, guest) = (Executor::default(), Guest::new());
        let good = Guest::new();
        let mut handle = spawn(&executor, async { 42 });
        assert!(poll(&mut handle, &good.waker()).is_pending());
        let bad = guest.waker();
        guest.next(Moment::Clone, panics);
        assert!(caught(|| poll(&mut handle, &bad)).is_err());
        assert_eq!(executor.run_until_stalled(), 0);
        assert_eq!(good.wakes(), 1, "the waker from before is still there");
        assert_eq!(executor.run(handle), Ok(42));
        drop(bad);
        assert_eq!((guest.handles(), good.handles()), (0, 0));
    }

    #[test]
    fn a_waker_whose_clone_runs_the_task_to_its_end_loses_no_value() {
        let (executor, guest) = (Rc::new(Executor::default()), Guest::new());
        let mut handle = spawn(&executor, async { 42 });
        let runs = executor.clone();
        let deed = here(move || assert_eq!(runs.run_until_stalled(), 0));
        guest.next(Moment::Clone, deed);
        let waker = guest.waker();
        assert_eq!(poll(&mut handle, &waker), Poll::Ready(Ok(42)));
        assert_eq!(guest.deeds_left(), 0);
        drop((handle, waker));
        assert_eq!(guest.handles(), 0);
    }

    #[test]
    fn a_waker_that_is_replaced_may_drop_the_executor() {
        let (executor, guest) = (Executor::default(), Guest::new());
        let mut handle = spawn(&executor, pending::<()>());
        assert_eq!(executor.run_until_stalled(), 1);
        assert!(poll(&mut handle, &guest.waker()).is_pending());
        guest.next(Moment::Drop, here(move || drop(executor)));
        let end = poll(&mut handle, Waker::noop());
        assert_eq!(guest.deeds_left(), 0);
        let end = match end {
            Poll::Ready(end) => end,
            Poll::Pending => Executor::default().run(handle),
        };
        assert_eq!(end, Err(JoinError::Cancelled));
    }

    #[test]
    fn a_waker_that_is_replaced_may_panic() {
        let (executor, guest) = (Executor::default(), Guest::new());
        let mut handle = spawn(&executor, async { 42 });
        assert!(poll(&mut handle, &guest.waker()).is_pending());
        guest.next(Moment::Drop, panics);
        assert!(caught(|| poll(&mut handle, Waker::noop())).is_err());
        assert_eq!(guest.handles(), 0);
        assert_eq!(executor.run(handle), Ok(42));
    }

    #[test]
    fn destructors_that_panic_end_no_loop() {
        let executor = Executor::default();
        // A local of a task, when the task is aborted.
        let local = spawn(&executor, waits(OnDrop::panics()));
        // The output of a task whose handle is gone.
        drop(spawn(&executor, async { OnDrop::panics() }));
        // What a task panicked with, with and without a handle.
        let payload = || resume_unwind(Box::new(OnDrop::panics()));
        let heard: JoinHandle<()> = spawn(&executor, async move { payload() });
        let unheard: JoinHandle<()> =
            spawn(&executor, async move { payload() });
        drop(unheard);
        let other = spawn(&executor, async { 42 });
        assert_eq!(executor.run_until_stalled(), 1);
        local.abort();
        assert_eq!(executor.run_until_stalled(), 0);
        assert_eq!(executor.run(other), Ok(42));
        assert!(executor.run(local).is_err());
        assert!(executor.run(heard).is_err());
    }

    #[test]
    fn a_future_refused_by_an_executor_that_is_gone_may_panic_when_dropped() {
        let executor = Executor::default();
        let spawner = executor.spawner();
        drop(executor);
        let refused = caught(|| spawner.spawn(waits(OnDrop::panics())));
        let end = Executor::default().run(refused.unwrap());
        assert_eq!(end, Err(JoinError::Cancelled));
    }

    #[test]
    fn a_task_may_drop_the_handles_of_others_and_abort_them_while_it_is_dropped()
    {
        let executor = Executor::default();
        let victims = [0, 1].map(|_| spawn(&executor, pending::<()>()));
        let task = spawn(&executor, waits(Calls(move || {
            victims.iter().for_each(JoinHandle::abort);
        })));
        assert_eq!(executor.run_until_stalled(), 3);
        task.abort();
        assert_eq!(executor.run_until_stalled(), 0);
    }

    #[test]
    fn a_task_that_is_polled_is_not_polled_again_by_its_own_code() {
        let executor = Rc::new(Executor::default());
        let inner = executor.clone();
        let handle = spawn(&executor, async move { inner.run_until_stalled() });
        let end = executor.run(handle);
        let panic = "the task panicked: it runs already";
        assert!(end.unwrap_err().to_string().starts_with(panic));
    }

    #[test]
    fn every_type_has_debug() {
        let executor = Executor::default();
        let handle = spawn(&executor, async {});
        let text = format!("{executor:?} {:?} {handle:?}", executor.spawner());
        assert!(text.starts_with("Executor { .. } Spawner"), "{text}");
        assert!(text.ends_with("JoinHandle { .. }"), "{text}");
    }
    }
    };
}

pub(crate) use {executor_laws, laws};
