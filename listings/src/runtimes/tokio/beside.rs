//! Our parts and Tokio's, side by side: what differs.

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::future::{pending, ready};
    use std::io::{Read, Write};
    use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
    use std::pin::pin;
    use std::rc::Rc;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::sync::mpsc::channel;
    use std::task::{Context, Wake, Waker};
    use std::thread;
    use std::time::Duration;

    use tokio::runtime::{Builder, Handle, LocalRuntime, Runtime};
    use tokio::sync::oneshot;
    use tokio::task::{JoinSet, LocalSet, spawn_local, yield_now};
    use tokio::time::sleep;

    use crate::proof::watchdog;
    use crate::runtimes::executor::yield_now::yield_now as our_yield_now;
    use crate::runtimes::executor::{Executor, JoinError};
    use crate::runtimes::threads::Pool;
    use crate::runtimes::timers;
    use crate::wakers::block_on::flag::block_on;

    const LIMIT: Duration = Duration::from_secs(20);
    const SHORT: Duration = Duration::from_millis(1);

    fn one_thread() -> Runtime {
        Builder::new_current_thread().enable_all().build().unwrap()
    }

    fn workers(count: usize) -> Runtime {
        Builder::new_multi_thread()
            .worker_threads(count)
            .enable_all()
            .build()
            .unwrap()
    }

    fn panics<T>(code: impl FnOnce() -> T) -> bool {
        catch_unwind(AssertUnwindSafe(code)).is_err()
    }

    #[test]
    fn tokios_block_on_refuses_to_nest_and_ours_does_not() {
        let runtime = one_thread();
        let ours = runtime.block_on(async { block_on(ready(7)) });
        assert_eq!(ours, 7);
        let theirs =
            || runtime.block_on(async { one_thread().block_on(ready(7)) });
        assert!(panics(theirs));
    }

    #[test]
    fn each_call_of_a_tokio_main_function_is_a_new_runtime() {
        #[tokio::main(flavor = "current_thread")]
        async fn id() -> tokio::runtime::Id {
            Handle::current().id()
        }
        assert_ne!(id(), id());
    }

    #[test]
    fn our_runtime_always_has_timers_and_a_bare_builder_brings_none() {
        let ours = timers::Runtime::new().unwrap();
        let nap = ours.timers().sleep(SHORT);
        ours.block_on(nap);
        let bare = Builder::new_current_thread().build().unwrap();
        assert!(panics(|| bare.block_on(async { sleep(SHORT).await })));
    }

    #[test]
    fn neither_polls_a_task_outside_of_its_run() {
        let (polled, polls) = (Rc::new(Cell::new(false)), channel());
        let executor = Executor::default();
        let sets = polled.clone();
        let task = executor.spawner().spawn(async move { sets.set(true) });
        assert!(!polled.get());
        assert_eq!(executor.run(task), Ok(()));
        assert!(polled.get());

        let runtime = one_thread();
        let (says, said) = polls;
        let task = runtime.spawn(async move { says.send(()).unwrap() });
        thread::sleep(Duration::from_millis(20));
        assert!(said.try_recv().is_err());
        runtime.block_on(task).unwrap();
        said.try_recv().unwrap();
    }

    #[test]
    fn any_thread_may_spawn_on_tokios_one_thread() {
        let run = || {
            let runtime = one_thread();
            let handle = runtime.handle().clone();
            let other = thread::spawn(move || handle.spawn(async { 42 }));
            runtime.block_on(other.join().unwrap()).unwrap()
        };
        assert_eq!(watchdog(LIMIT, run), Ok(42));
    }

    #[test]
    fn one_worker_and_the_caller_are_two_threads_that_poll() {
        let runtime = workers(1);
        let here = thread::current().id();
        let ids = runtime.block_on(async {
            let task = tokio::spawn(async { thread::current().id() });
            (thread::current().id(), task.await.unwrap())
        });
        assert_eq!(ids.0, here);
        assert_ne!(ids.1, here);

        let pool = Pool::new(1);
        let task = pool.spawn(async { thread::current().id() });
        let ids = pool.run(async { (thread::current().id(), task.await) });
        assert_eq!(ids.0, here);
        assert_ne!(ids.1, Ok(here));
    }

    #[test]
    fn tokios_thieves_do_not_see_a_task_that_has_yielded() {
        let run = || {
            let runtime = workers(2);
            let went_on = Arc::new(AtomicU32::new(0));
            let yields = runtime.spawn(async move {
                let seen = went_on.clone();
                let blocks = tokio::spawn(async move {
                    let (sender, stolen) = channel();
                    for _ in 0..100 {
                        let sender = sender.clone();
                        tokio::spawn(async move { sender.send(()) });
                    }
                    // The last one is in the slot.
                    assert_eq!(stolen.iter().take(99).count(), 99);
                    seen.load(Ordering::SeqCst)
                });
                yield_now().await;
                went_on.store(1, Ordering::SeqCst);
                blocks.await.unwrap()
            });
            runtime.block_on(yields).unwrap()
        };
        assert_eq!(watchdog(LIMIT, run), Ok(0));
    }

    #[test]
    fn our_thieves_take_a_task_that_has_yielded() {
        let run = || {
            let pool = Pool::new(2);
            let spawner = pool.spawner();
            let yields = pool.spawn(async move {
                let (sender, went_on) = channel();
                let blocks = spawner.spawn(async move { went_on.recv() });
                our_yield_now().await;
                sender.send(7).unwrap();
                blocks.await
            });
            pool.run(yields)
        };
        assert_eq!(watchdog(LIMIT, run), Ok(Ok(Ok(Ok(7)))));
    }

    #[test]
    fn the_runtime_is_found_inside_block_on_and_under_a_guard() {
        assert!(Handle::try_current().is_err());
        let runtime = one_thread();
        assert!(runtime.block_on(async { Handle::try_current() }).is_ok());
        let guard = runtime.enter();
        assert!(Handle::try_current().is_ok());
        drop(guard);
        assert!(Handle::try_current().is_err());
    }

    #[test]
    fn the_innermost_guard_counts() {
        let (outer, inner) = (one_thread(), one_thread());
        let (first, second) = (outer.handle().id(), inner.handle().id());
        let _outer = outer.enter();
        {
            let _inner = inner.enter();
            assert_eq!(Handle::current().id(), second);
        }
        assert_eq!(Handle::current().id(), first);
    }

    #[test]
    fn tokios_join_error_keeps_the_payload_and_ours_the_message() {
        let runtime = one_thread();
        let task = runtime.spawn(async { resume_unwind(Box::new(7_u32)) });
        let end: Result<(), _> = runtime.block_on(task);
        let payload = end.unwrap_err().into_panic();
        assert_eq!(payload.downcast_ref(), Some(&7_u32));

        let executor = Executor::default();
        let panics = async { resume_unwind(Box::new("Ann drops the pan")) };
        let end: Result<(), _> = executor.run(executor.spawner().spawn(panics));
        assert_eq!(end, Err(JoinError::Panic("Ann drops the pan".into())));
    }

    #[test]
    fn a_join_set_gives_values_as_they_come_and_aborts_what_is_left() {
        let run = || {
            one_thread().block_on(async {
                let (keeps, kept) = oneshot::channel::<()>();
                let (sends, sent) = oneshot::channel();
                let mut set = JoinSet::new();
                set.spawn(async { sent.await.unwrap() });
                set.spawn(async {
                    sends.send(1).unwrap();
                    2
                });
                set.spawn(async {
                    let _keeps = keeps;
                    pending().await
                });
                let mut values = Vec::new();
                for _ in 0..2 {
                    values.push(set.join_next().await.unwrap().unwrap());
                }
                drop(set);
                (values, kept.await.is_err())
            })
        };
        assert_eq!(watchdog(LIMIT, run), Ok((vec![2, 1], true)));
    }

    #[test]
    fn a_dropped_handle_leaves_its_task_alone_in_both() {
        let run = || {
            let theirs = one_thread().block_on(async {
                let (sends, sent) = oneshot::channel();
                drop(tokio::spawn(async { sends.send(7) }));
                sent.await
            });
            let executor = Executor::default();
            let (sends, sent) = oneshot::channel();
            drop(executor.spawner().spawn(async { sends.send(7) }));
            (theirs, executor.run(sent))
        };
        assert_eq!(watchdog(LIMIT, run), Ok((Ok(7), Ok(7))));
    }

    #[test]
    fn a_local_set_runs_its_tasks_only_while_it_is_polled() {
        let runtime = one_thread();
        let set = LocalSet::new();
        let count = Rc::new(Cell::new(0));
        let adds = count.clone();
        set.spawn_local(async move { adds.set(adds.get() + 1) });
        runtime.block_on(async {
            for _ in 0..10 {
                yield_now().await;
            }
        });
        assert_eq!(count.get(), 0, "the runtime does not know the set");
        runtime.block_on(set);
        assert_eq!(count.get(), 1);
    }

    #[test]
    fn tokio_spawn_inside_a_set_goes_to_the_runtime() {
        let runtime = workers(1);
        let ids = LocalSet::new().block_on(&runtime, async {
            let local = spawn_local(async { thread::current().id() });
            let task = tokio::spawn(async { thread::current().id() });
            (local.await.unwrap(), task.await.unwrap())
        });
        assert_eq!(ids.0, thread::current().id());
        assert_ne!(ids.1, thread::current().id());
    }

    #[test]
    fn a_task_of_the_runtime_cannot_reach_the_set() {
        let runtime = one_thread();
        let end = LocalSet::new().block_on(&runtime, async {
            let calls = || panics(|| spawn_local(ready(())));
            tokio::spawn(async move { calls() }).await
        });
        assert!(end.unwrap());
    }

    #[test]
    fn every_task_of_a_local_runtime_may_spawn_local() {
        let run = || {
            let runtime = LocalRuntime::new().unwrap();
            let handle = runtime.handle().clone();
            // Another thread sends a future that is `Send`. It makes one that
            // is not.
            let other = thread::spawn(move || {
                handle.spawn(async {
                    spawn_local(async { *Rc::new(7) }).await.unwrap()
                })
            });
            runtime.block_on(other.join().unwrap()).unwrap()
        };
        assert_eq!(watchdog(LIMIT, run), Ok(7));
    }

    #[test]
    fn a_sleep_is_driven_by_the_runtime_where_it_was_made() {
        let run = || {
            let runtime = workers(1);
            let nap = {
                let _guard = runtime.enter();
                sleep(SHORT)
            };
            // Polled outside of any runtime: the worker drives the timer.
            block_on(nap);
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
    }

    #[test]
    fn both_drop_their_tasks_and_the_handles_say_cancelled() {
        let runtime = one_thread();
        let task = runtime.spawn(pending::<()>());
        drop(runtime);
        assert!(block_on(task).unwrap_err().is_cancelled());

        let executor = Executor::default();
        let task = executor.spawner().spawn(pending::<()>());
        drop(executor);
        assert_eq!(block_on(task), Err(JoinError::Cancelled));
    }

    #[test]
    fn after_the_end_spawn_gives_a_cancelled_handle_in_both() {
        let runtime = one_thread();
        let handle = runtime.handle().clone();
        drop(runtime);
        let task = handle.spawn(ready(7));
        assert!(block_on(task).unwrap_err().is_cancelled());

        let executor = Executor::default();
        let spawner = executor.spawner();
        drop(executor);
        assert_eq!(
            block_on(spawner.spawn(ready(7))),
            Err(JoinError::Cancelled)
        );
    }

    #[test]
    fn a_task_that_runs_when_the_runtime_ends_goes_on_to_where_it_waits() {
        let run = || {
            let runtime = workers(1);
            let (begins, begun) = channel();
            let (ends, ended) = channel();
            let (go, goes) = channel::<()>();
            let (late, later) = oneshot::channel::<()>();
            drop(runtime.spawn(async move {
                begins.send(()).unwrap();
                goes.recv().unwrap();
                ends.send("before the await").unwrap();
                let _ = later.await;
                ends.send("after the await").unwrap();
            }));
            begun.recv().unwrap();
            let dropper = thread::spawn(move || drop(runtime));
            thread::sleep(Duration::from_millis(20));
            go.send(()).unwrap();
            dropper.join().unwrap();
            assert!(late.send(()).is_err(), "the task is dropped");
            ended.iter().collect::<Vec<_>>()
        };
        assert_eq!(watchdog(LIMIT, run), Ok(vec!["before the await"]));
    }

    #[test]
    fn a_runtime_that_is_dropped_waits_for_a_call_that_blocks() {
        let run = || {
            let runtime = one_thread();
            let (begins, begun) = channel();
            let (says, said) = channel();
            runtime.spawn_blocking(move || {
                begins.send(()).unwrap();
                thread::sleep(Duration::from_millis(20));
                says.send(()).unwrap();
            });
            begun.recv().unwrap();
            drop(runtime);
            said.try_recv()
        };
        assert_eq!(watchdog(LIMIT, run), Ok(Ok(())));
    }

    #[test]
    fn the_tasks_are_dropped_before_the_runtime_waits_for_its_calls() {
        let run = || {
            let runtime = one_thread();
            let (release, released) = channel::<()>();
            drop(runtime.spawn(async move {
                let _release = release;
                pending::<()>().await
            }));
            let (begins, begun) = channel();
            let (says, said) = channel();
            runtime.spawn_blocking(move || {
                begins.send(()).unwrap();
                // The call goes on when the task is dropped, not before.
                assert!(released.recv().is_err());
                says.send(()).unwrap();
            });
            begun.recv().unwrap();
            drop(runtime);
            said.try_recv()
        };
        assert_eq!(watchdog(LIMIT, run), Ok(Ok(())));
    }

    #[test]
    fn a_blocking_call_that_comes_after_the_end_is_cancelled() {
        let run = || {
            let runtime = one_thread();
            let handle = runtime.handle().clone();
            drop(runtime);
            let call = handle.spawn_blocking(|| "it ran");
            block_on(call).map_err(|error| error.is_cancelled())
        };
        assert_eq!(watchdog(LIMIT, run), Ok(Err(true)));
    }

    #[test]
    fn a_sleep_that_outlives_its_runtime_panics() {
        let runtime = one_thread();
        let nap = {
            let _guard = runtime.enter();
            sleep(SHORT)
        };
        drop(runtime);
        assert!(panics(|| block_on(nap)));
    }

    #[test]
    fn a_sleep_of_ours_that_outlives_its_runtime_is_not_woken() {
        struct Wakes(AtomicU32);
        impl Wake for Wakes {
            fn wake(self: Arc<Self>) {
                self.0.fetch_add(1, Ordering::SeqCst);
            }
        }
        let runtime = timers::Runtime::new().unwrap();
        let mut nap = pin!(runtime.timers().sleep(Duration::from_millis(20)));
        let wakes = Arc::new(Wakes(AtomicU32::new(0)));
        let waker = Waker::from(wakes.clone());
        let poll = nap.as_mut().poll(&mut Context::from_waker(&waker));
        assert!(poll.is_pending());
        drop(runtime);
        thread::sleep(Duration::from_millis(40));
        assert_eq!(wakes.0.load(Ordering::SeqCst), 0, "nobody fires it");
    }

    #[test]
    fn a_socket_that_outlives_its_runtime_gives_an_error_until_it_is_moved() {
        let run = || {
            let runtime = one_thread();
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            let address = listener.local_addr().unwrap();
            let (socket, mut peer) = runtime.block_on(async {
                let connects = tokio::net::TcpStream::connect(address);
                let socket = connects.await.unwrap();
                (socket, listener.accept().unwrap().0)
            });
            drop(runtime);
            let next = one_thread();
            let ends = next.block_on(socket.readable());
            assert!(ends.is_err(), "its driver is gone");

            // The descriptor lives. Give it to a driver that does.
            let socket = socket.into_std().unwrap();
            next.block_on(async {
                let socket = tokio::net::TcpStream::from_std(socket).unwrap();
                peer.write_all(b"tea").unwrap();
                socket.readable().await.unwrap();
                let mut bytes = [0; 3];
                let mut socket = socket.into_std().unwrap();
                socket.read_exact(&mut bytes).unwrap();
                bytes
            })
        };
        assert_eq!(watchdog(LIMIT, run), Ok(*b"tea"));
    }
}
