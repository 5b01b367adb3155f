//! A nursery: tasks that end before the function that started them returns.

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::{error, fmt};

use crate::runtimes::executor::caught::catch;
use crate::runtimes::executor::{JoinError, JoinHandle, Spawner};

// ANCHOR: types
/// Starts tasks that end before the call of [`nursery`] returns.
pub struct Nursery<E> {
    spawner: Spawner,
    children: RefCell<Children<E>>,
}

/// The tasks that have not ended. Dropped, it aborts them.
struct Children<E>(Vec<JoinHandle<Result<(), E>>>);

impl<E: 'static> Nursery<E> {
    /// Makes `child` a task of this nursery.
    pub fn start(&self, child: impl Future<Output = Result<(), E>> + 'static) {
        let handle = self.spawner.spawn(child);
        self.children.borrow_mut().0.push(handle);
    }
}

impl<E> Children<E> {
    fn abort(&self) {
        for child in &self.0 {
            // It wakes the executor, whose waker is foreign code.
            let _ = catch(|| child.abort());
        }
    }
}

impl<E> Drop for Children<E> {
    fn drop(&mut self) {
        self.abort();
    }
}
// ANCHOR_END: types

// ANCHOR: failure
/// Why a nursery has no value.
#[derive(Debug, PartialEq, Eq)]
pub enum Failure<E> {
    /// The body or a task returned this error.
    Error(E),
    /// A task panicked, with this message.
    Panic(String),
    /// The executor was dropped.
    Cancelled,
}

impl<E> From<JoinError> for Failure<E> {
    fn from(error: JoinError) -> Self {
        match error {
            JoinError::Panic(message) => Failure::Panic(message),
            JoinError::Cancelled => Failure::Cancelled,
        }
    }
}
// ANCHOR_END: failure

impl<E: fmt::Display> fmt::Display for Failure<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Error(error) => error.fmt(f),
            Failure::Panic(message) => write!(f, "a task panicked: {message}"),
            Failure::Cancelled => f.write_str("the executor was dropped"),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> error::Error for Failure<E> {}

impl<E> Default for Children<E> {
    fn default() -> Self {
        Children(Vec::new())
    }
}

impl<E> Nursery<E> {
    // ANCHOR: children
    /// Ready when no task is left, or when one failed.
    fn poll_children(
        &self,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), Failure<E>>> {
        // Taken out, so that no borrow of the cell lasts while they are polled.
        let mut children = self.children.take();
        let mut failure = None;
        children.0.retain_mut(|child| {
            if failure.is_some() {
                // The next call polls it.
                return true;
            }
            let Poll::Ready(end) = Pin::new(child).poll(cx) else {
                return true;
            };
            failure = match end {
                Ok(result) => result.err().map(Failure::Error),
                Err(why) => Some(why.into()),
            };
            false
        });
        let none_is_left = children.0.is_empty();
        self.children.replace(children);
        match failure {
            Some(failure) => Poll::Ready(Err(failure)),
            None if none_is_left => Poll::Ready(Ok(())),
            None => Poll::Pending,
        }
    }
    // ANCHOR_END: children
}

// ANCHOR: nursery
/// Runs `body`, which may start tasks, and returns what the body returned,
/// after all tasks have ended. When the body or a task fails, the others
/// are aborted, and the first failure is returned after they have ended.
///
/// Cancel safety: dropped, it aborts the tasks and cannot wait for them.
pub async fn nursery<T, E: 'static>(
    spawner: Spawner,
    body: impl AsyncFnOnce(&Nursery<E>) -> Result<T, E>,
) -> Result<T, Failure<E>> {
    let nursery = Nursery { spawner, children: RefCell::default() };
    let mut value = None;
    let mut body = Box::pin(body(&nursery));
    let end = poll_fn(|cx| {
        if value.is_none() {
            match body.as_mut().poll(cx) {
                Poll::Pending => {}
                Poll::Ready(Ok(result)) => value = Some(result),
                Poll::Ready(Err(why)) => {
                    return Poll::Ready(Err(Failure::Error(why)));
                }
            }
        }
        match nursery.poll_children(cx) {
            Poll::Ready(Ok(())) if value.is_none() => Poll::Pending,
            end => end,
        }
    });
    let end = end.await;
    // Destructors are foreign code. What panics in one must not keep the
    // nursery from waiting for its tasks.
    let _ = catch(|| drop(body));
    if end.is_err() {
        nursery.children.borrow().abort();
        // Each turn of this loop is another failure. The first one counts.
        while let Err(next) = poll_fn(|cx| nursery.poll_children(cx)).await {
            let _ = catch(|| drop(next));
        }
        let _ = catch(|| drop(value.take()));
    }
    end.map(|()| value.expect("the body has ended"))
}
// ANCHOR_END: nursery

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::future::pending;
    use std::rc::Rc;
    use std::time::Duration;

    use super::*;
    use crate::proof::hostile::{Guest, Moment, OnDrop, caught, panics};
    use crate::proof::watchdog;
    use crate::runtimes::executor::Executor;
    use crate::runtimes::executor::yield_now::yield_now;

    type Owned = Rc<()>;

    fn watched(test: fn()) {
        let limit = Duration::from_secs(30);
        assert_eq!(watchdog(limit, test), Ok(()));
    }

    async fn waits(_owned: Owned) -> Result<(), &'static str> {
        pending().await
    }

    async fn turns(owned: Owned, turns: u32) -> Result<(), &'static str> {
        for _ in 0..turns {
            yield_now().await;
        }
        drop(owned);
        Ok(())
    }

    #[test]
    fn it_returns_after_its_tasks_have_ended() {
        watched(|| {
            let executor = Executor::default();
            let owned = Owned::default();
            let seen = owned.clone();
            let end = nursery(executor.spawner(), async |nursery| {
                nursery.start(turns(owned.clone(), 5));
                nursery.start(turns(owned, 2));
                Ok(42)
            });
            assert_eq!(executor.run(end), Ok(42));
            assert_eq!(Rc::strong_count(&seen), 1);
        });
    }

    #[test]
    fn a_body_goes_on_when_no_task_is_left() {
        watched(|| {
            let executor = Executor::default();
            let owned = Owned::default();
            let seen = owned.clone();
            let end = nursery::<_, &str>(executor.spawner(), async |nursery| {
                yield_now().await;
                nursery.start(turns(owned, 0));
                while Rc::strong_count(&seen) > 1 {
                    yield_now().await;
                }
                yield_now().await;
                Ok(42)
            });
            assert_eq!(executor.run(end), Ok(42));
        });
    }

    #[test]
    fn a_failure_says_what_happened() {
        let texts = [
            Failure::Error("no eggs"),
            Failure::Panic("no pan".into()),
            Failure::Cancelled,
        ];
        let texts = texts.map(|failure| failure.to_string());
        let expected =
            ["no eggs", "a task panicked: no pan", "the executor was dropped"];
        assert_eq!(texts, expected);
    }

    #[test]
    fn an_error_of_a_task_ends_the_body_and_the_siblings_first() {
        watched(|| {
            let executor = Executor::default();
            let owned = Owned::default();
            let seen = owned.clone();
            let end = nursery::<(), _>(executor.spawner(), async |nursery| {
                nursery.start(waits(owned.clone()));
                nursery.start(async {
                    yield_now().await;
                    Err("no eggs")
                });
                waits(owned).await
            });
            assert_eq!(executor.run(end), Err(Failure::Error("no eggs")));
            assert_eq!(Rc::strong_count(&seen), 1);
            assert_eq!(executor.run_until_stalled(), 0);
        });
    }

    #[test]
    fn an_error_of_the_body_ends_the_tasks() {
        watched(|| {
            let executor = Executor::default();
            let owned = Owned::default();
            let seen = owned.clone();
            let end = nursery::<(), _>(executor.spawner(), async |nursery| {
                nursery.start(waits(owned));
                Err("no pan")
            });
            assert_eq!(executor.run(end), Err(Failure::Error("no pan")));
            assert_eq!(Rc::strong_count(&seen), 1);
        });
    }

    #[test]
    fn a_panic_of_a_task_is_not_swallowed() {
        watched(|| {
            let executor = Executor::default();
            let owned = Owned::default();
            let seen = owned.clone();
            let end =
                nursery::<(), &str>(executor.spawner(), async |nursery| {
                    nursery.start(waits(owned));
                    nursery.start(async { panic!("no eggs") });
                    Ok(())
                });
            let panic = Failure::Panic("no eggs".into());
            assert_eq!(executor.run(end), Err(panic));
            assert_eq!(Rc::strong_count(&seen), 1);
        });
    }

    #[test]
    fn a_panic_of_the_body_ends_the_tasks_too() {
        watched(|| {
            let executor = Executor::default();
            let owned = Owned::default();
            let seen = owned.clone();
            let end =
                nursery::<(), &str>(executor.spawner(), async |nursery| {
                    nursery.start(waits(owned));
                    yield_now().await;
                    panics();
                    Ok(())
                });
            assert!(caught(|| executor.run(end)).is_err());
            assert_eq!(executor.run_until_stalled(), 0);
            assert_eq!(Rc::strong_count(&seen), 1);
        });
    }

    /// An error that may have a hostile destructor.
    #[derive(Debug)]
    struct Hostile(&'static str, #[expect(dead_code)] OnDrop);

    /// A value that does nothing when it is dropped.
    fn good() -> OnDrop {
        OnDrop::new(|| ())
    }

    /// How `body` ends in a nursery that has a task with a local, and whether
    /// the local is gone by then. Two more tasks fail at the same time, the
    /// second one with an error that has `value`.
    fn with_hostile<T>(
        value: OnDrop,
        body: impl AsyncFnOnce(&Nursery<Hostile>) -> Result<T, Hostile>,
    ) -> (&'static str, bool) {
        let executor = Executor::default();
        let owned = Owned::default();
        let seen = owned.clone();
        let end = nursery(executor.spawner(), async |nursery| {
            nursery.start(async move {
                let _owned = owned;
                pending().await
            });
            for error in [Hostile("one", good()), Hostile("two", value)] {
                nursery.start(async move {
                    yield_now().await;
                    Err(error)
                });
            }
            body(nursery).await
        });
        let run = || match executor.run(end) {
            Err(Failure::Error(Hostile(name, _))) => name,
            _ => "another end",
        };
        let end = caught(run).unwrap_or("a panic");
        (end, Rc::strong_count(&seen) == 1)
    }

    #[test]
    fn an_error_whose_destructor_panics_does_not_end_the_wait() {
        watched(|| {
            let end = with_hostile(OnDrop::panics(), async |_| Ok(()));
            assert_eq!(end, ("one", true));
            let fails = async |_: &Nursery<_>| {
                yield_now().await;
                yield_now().await;
                Err::<(), _>(Hostile("the body", good()))
            };
            let end = with_hostile(OnDrop::panics(), fails);
            assert_eq!(end, ("the body", true));
        });
    }

    #[test]
    fn a_value_whose_destructor_panics_leaves_the_failure() {
        watched(|| {
            let body = async |_: &Nursery<_>| Ok(OnDrop::panics());
            assert_eq!(with_hostile(good(), body), ("one", true));
        });
    }

    #[test]
    fn a_body_whose_destructor_panics_does_not_end_the_wait() {
        watched(|| {
            let body = async |_: &Nursery<_>| {
                let _local = OnDrop::panics();
                pending::<Result<(), _>>().await
            };
            assert_eq!(with_hostile(good(), body), ("one", true));
        });
    }

    #[test]
    fn a_nursery_that_is_dropped_aborts_and_cannot_wait() {
        watched(|| {
            let executor = Executor::default();
            let owned = Owned::default();
            let seen = owned.clone();
            let spawner = executor.spawner();
            let task = executor.spawner().spawn(async move {
                nursery::<(), _>(spawner, async |nursery| {
                    nursery.start(waits(owned));
                    pending().await
                })
                .await
            });
            executor.run_until_stalled();
            assert_eq!(Rc::strong_count(&seen), 2);
            let mut cx = Context::from_waker(std::task::Waker::noop());
            task.abort();
            assert!(executor.run_once(&mut cx), "the nursery is dropped");
            assert_eq!(
                Rc::strong_count(&seen),
                2,
                "its task has its turn later"
            );
            assert_eq!(executor.run_until_stalled(), 0);
            assert_eq!(Rc::strong_count(&seen), 1);
        });
    }

    #[test]
    fn a_waker_that_panics_does_not_keep_a_task_from_its_abort() {
        watched(|| {
            let executor = Executor::default();
            let owned = Owned::default();
            let seen = owned.clone();
            let end = nursery::<(), _>(executor.spawner(), async |nursery| {
                nursery.start(waits(owned.clone()));
                nursery.start(waits(owned));
                pending().await
            });
            let mut end = Box::pin(end);
            let mut cx = Context::from_waker(std::task::Waker::noop());
            assert!(end.as_mut().poll(&mut cx).is_pending());
            // The first abort wakes whoever runs the executor.
            let guest = Guest::new();
            guest.next(Moment::Wake, panics);
            let runner = guest.waker();
            executor.run_once(&mut Context::from_waker(&runner));
            let _ = caught(|| drop(end));
            assert_eq!(guest.wakes(), 1);
            assert_eq!(executor.run_until_stalled(), 0);
            assert_eq!(Rc::strong_count(&seen), 1);
        });
    }

    #[test]
    fn without_an_executor_the_nursery_fails() {
        watched(|| {
            let spawner = Executor::default().spawner();
            let other = Executor::default();
            let end = nursery::<(), &str>(spawner, async |nursery| {
                nursery.start(async { Ok(()) });
                Ok(())
            });
            assert_eq!(other.run(end), Err(Failure::Cancelled));
        });
    }

    #[test]
    fn a_waker_whose_clone_panics_leaves_no_task_behind() {
        watched(|| {
            let executor = Executor::default();
            let owned = Owned::default();
            let seen = owned.clone();
            let spawner = executor.spawner();
            let started = Cell::new(false);
            let end = nursery::<(), _>(spawner, async |nursery| {
                nursery.start(waits(owned));
                started.set(true);
                pending().await
            });
            let guest = Guest::new();
            guest.next(Moment::Clone, panics);
            let waker = guest.waker();
            let mut end = Box::pin(end);
            let mut cx = Context::from_waker(&waker);
            assert!(
                caught(|| end.as_mut().poll(&mut cx).is_pending()).is_err()
            );
            assert!(started.get());
            drop(end);
            assert_eq!(executor.run_until_stalled(), 0);
            assert_eq!(Rc::strong_count(&seen), 1);
        });
    }
}
