//! The ends of a task in our executor and in Tokio, side by side.

#[cfg(test)]
mod tests {
    use std::future::pending;
    use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
    use std::pin::Pin;
    use std::sync::Arc;
    use std::sync::mpsc::channel;
    use std::task::{Context, Poll};
    use std::thread;
    use std::time::Duration;

    use tokio::runtime::{Builder, Runtime};
    use tokio::task::{JoinHandle, yield_now};

    use crate::proof::hostile::{Guest, Moment, OnDrop, panics};
    use crate::proof::watchdog;
    use crate::runtimes::executor::{Executor, JoinError};
    use crate::wakers::block_on::flag::block_on;

    const LIMIT: Duration = Duration::from_secs(20);

    fn one_thread() -> Runtime {
        Builder::new_current_thread().build().unwrap()
    }

    fn says(runtime: &Runtime, task: JoinHandle<i32>) -> &'static str {
        match runtime.block_on(task) {
            Ok(_) => "the value",
            Err(why) if why.is_cancelled() => "cancelled",
            Err(_) => "a panic",
        }
    }

    #[test]
    fn tokios_handle_says_what_ours_says() {
        let run = || {
            let runtime = one_thread();
            let returns = runtime.spawn(async { 42 });
            let drops = runtime.spawn(async { resume_unwind(Box::new(7)) });
            let aborted = runtime.spawn(pending());
            aborted.abort();
            let late = runtime.spawn(async { 42 });
            runtime.block_on(yield_now());
            assert!(late.is_finished());
            late.abort();
            assert_eq!(says(&runtime, returns), "the value");
            assert_eq!(says(&runtime, drops), "a panic");
            assert_eq!(says(&runtime, aborted), "cancelled");
            assert_eq!(says(&runtime, late), "the value");

            let left = runtime.spawn(pending());
            let spawner = runtime.handle().clone();
            drop(runtime);
            let refused = spawner.spawn(async { 42 });
            let other = one_thread();
            assert_eq!(says(&other, left), "cancelled");
            assert_eq!(says(&other, refused), "cancelled");
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
    }

    async fn holds(_local: OnDrop) -> i32 {
        pending().await
    }

    #[test]
    fn an_abort_whose_destructor_panics_is_a_panic_in_tokio_and_not_in_ours() {
        let run = || {
            let runtime = one_thread();
            let task = runtime.spawn(holds(OnDrop::panics()));
            runtime.block_on(yield_now());
            task.abort();
            assert_eq!(says(&runtime, task), "a panic");
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));

        let executor = Executor::default();
        let task = executor.spawner().spawn(holds(OnDrop::panics()));
        assert_eq!(executor.run_until_stalled(), 1);
        task.abort();
        assert_eq!(executor.run(task), Err(JoinError::Cancelled));
    }

    /// Returns in its first poll, and panics when it is dropped.
    struct Returns(#[allow(dead_code)] OnDrop);

    impl Future for Returns {
        type Output = i32;

        fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<i32> {
            Poll::Ready(42)
        }
    }

    #[test]
    fn a_destructor_that_panics_after_the_end_is_a_panic_in_tokio_and_not_in_ours()
     {
        let run = || {
            let runtime = one_thread();
            let task = runtime.spawn(Returns(OnDrop::panics()));
            assert_eq!(says(&runtime, task), "a panic");
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));

        let executor = Executor::default();
        let task = executor.spawner().spawn(Returns(OnDrop::panics()));
        assert_eq!(executor.run(task), Ok(42));
    }

    #[test]
    fn a_panic_ends_no_worker_of_tokio() {
        let run = || {
            let runtime =
                Builder::new_multi_thread().worker_threads(1).build().unwrap();
            let worker = || async { thread::current().id() };
            let before = runtime.block_on(runtime.spawn(worker())).unwrap();
            let ends = runtime.spawn(async { panics() });
            assert!(runtime.block_on(ends).unwrap_err().is_panic());
            let after = runtime.block_on(runtime.spawn(worker())).unwrap();
            assert_eq!(before, after);
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
    }

    #[test]
    fn a_panic_of_the_main_future_comes_out_of_block_on() {
        let run = || {
            let runtime = one_thread();
            let main = || runtime.block_on(async { panics() });
            assert!(catch_unwind(AssertUnwindSafe(main)).is_err());
            assert_eq!(runtime.block_on(async { 42 }), 42);
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
    }

    #[test]
    fn when_a_handle_is_woken_the_locals_of_its_task_are_gone() {
        let (executor, guest) = (Executor::default(), Guest::new());
        let local = Arc::new(());
        let seen = Arc::downgrade(&local);
        let mut task = executor.spawner().spawn(async move {
            let _local = local;
            pending::<()>().await
        });
        let waker = guest.waker();
        let mut cx = Context::from_waker(&waker);
        assert!(Pin::new(&mut task).poll(&mut cx).is_pending());
        assert_eq!(executor.run_until_stalled(), 1);
        let (says, said) = channel();
        guest.next(Moment::Wake, move || {
            says.send(seen.upgrade().is_none()).unwrap();
        });
        task.abort();
        assert_eq!(executor.run_until_stalled(), 0);
        assert_eq!(said.try_recv(), Ok(true));
    }

    #[test]
    fn a_catch_around_the_call_of_an_async_fn_catches_nothing() {
        async fn cook() {
            panics();
        }
        let future = catch_unwind(cook);
        let future = future.expect("the call only makes the future");
        let poll = AssertUnwindSafe(|| block_on(future));
        assert!(catch_unwind(poll).is_err());
    }

    #[test]
    fn an_unwind_that_is_resumed_calls_no_hook() {
        use std::cell::Cell;
        use std::panic::{set_hook, take_hook};
        thread_local! {
            static CALLS: Cell<u32> = const { Cell::new(0) };
        }
        // Others panic meanwhile, on threads of their own: they go on to the
        // hook that was there.
        let old = take_hook();
        set_hook(Box::new(move |panic| {
            CALLS.set(CALLS.get() + 1);
            old(panic);
        }));
        let first = catch_unwind(|| panic!("heard by the hook"));
        assert_eq!(CALLS.get(), 1);
        let payload = first.unwrap_err();
        let again = catch_unwind(AssertUnwindSafe(|| resume_unwind(payload)));
        assert!(again.is_err());
        assert_eq!(CALLS.get(), 1);
    }
}
