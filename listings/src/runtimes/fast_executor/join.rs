//! Waiting for a task: for its value, or for why it has none.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::{fmt, mem};

use super::queue::Key;
use super::slots::Shared;
use crate::runtimes::executor::JoinError;
use crate::runtimes::executor::caught::catch;

// ANCHOR: join
enum State<T> {
    Running(Option<Waker>),
    Done(Result<T, JoinError>),
    Taken,
}

/// What a task and its handle share.
pub(super) struct Join<T> {
    state: RefCell<State<T>>,
    aborted: Cell<bool>,
    key: Key,
    executor: Rc<Shared>,
}

impl<T> Join<T> {
    pub fn finish(&self, result: Result<T, JoinError>) {
        let before = self.state.replace(State::Done(result));
        if let State::Running(Some(waker)) = before {
            // A panic in a foreign waker must not end the loop.
            let _ = catch(|| waker.wake());
        }
    }
}
// ANCHOR_END: join

impl<T> Join<T> {
    pub fn new(key: Key, executor: Rc<Shared>) -> Rc<Self> {
        let state = RefCell::new(State::Running(None));
        Rc::new(Join { state, aborted: Cell::new(false), key, executor })
    }

    fn is_running(&self) -> bool {
        matches!(&*self.state.borrow(), State::Running(_))
    }
}

// ANCHOR: completion
/// The task's end of the join. It is dropped with the task.
pub(super) struct Completion<T: 'static>(pub Rc<Join<T>>);

impl<T> Completion<T> {
    pub fn finish(self, value: T) {
        self.0.finish(Ok(value));
    }
}

impl<T> Drop for Completion<T> {
    fn drop(&mut self) {
        if self.0.is_running() {
            // There is no value, and only the executor knows why.
            let join = self.0.clone();
            self.0.executor.settle_with(move |why| join.finish(Err(why)));
        }
    }
}
// ANCHOR_END: completion

// ANCHOR: handle
/// A future of what a task returns. Dropped, it leaves the task alone.
#[must_use = "dropping a handle leaves its task running"]
pub struct JoinHandle<T>(pub(super) Rc<Join<T>>);

impl<T> Future for JoinHandle<T> {
    type Output = Result<T, JoinError>;

    /// # Panics
    /// When it is polled again after it was ready.
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let Some(result) = self.0.take_or_find(cx.waker()) {
            return result;
        }
        // A waker is foreign code. It is cloned and dropped while nothing is
        // borrowed: it may run the task to its end, or drop the executor.
        match self.0.leave(cx.waker().clone()) {
            Ok(old) => drop(old),
            Err(waker) => {
                drop(waker);
                let end = self.0.take_or_find(cx.waker());
                return end.unwrap_or(Poll::Pending);
            }
        }
        Poll::Pending
    }
}

impl<T> Join<T> {
    /// What a poll gives, if that is known without leaving the waker.
    fn take_or_find(
        &self,
        waker: &Waker,
    ) -> Option<Poll<Result<T, JoinError>>> {
        let state = &mut *self.state.borrow_mut();
        match state {
            State::Running(Some(old)) if old.will_wake(waker) => {
                return Some(Poll::Pending);
            }
            State::Running(_) => return None,
            _ => {}
        }
        match mem::replace(state, State::Taken) {
            State::Done(result) => Some(Poll::Ready(result)),
            _ => panic!("polled after it was ready"),
        }
    }

    /// Leaves `waker` for the end of the task, and returns the one before. An
    /// error gives it back: the task has ended.
    fn leave(&self, waker: Waker) -> Result<Option<Waker>, Waker> {
        match &mut *self.state.borrow_mut() {
            State::Running(waiting) => Ok(waiting.replace(waker)),
            _ => Err(waker),
        }
    }
}

impl<T> JoinHandle<T> {
    /// Has the task dropped where it stands, before the next poll of any
    /// task. A task that is done keeps its value.
    pub fn abort(&self) {
        // Once: a second time might hit the next task with this key.
        if self.0.is_running() && !self.0.aborted.replace(true) {
            self.0.executor.abort(self.0.key);
        }
    }
}

impl<T> Drop for JoinHandle<T> {
    /// Takes its waker along.
    fn drop(&mut self) {
        let waker = match &mut *self.0.state.borrow_mut() {
            State::Running(waiting) => waiting.take(),
            _ => None,
        };
        drop(waker);
    }
}
// ANCHOR_END: handle

impl<T> fmt::Debug for JoinHandle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinHandle").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::super::slots::Executor;
    use super::*;
    use crate::proof::laws::executor_laws;

    executor_laws!();

    #[test]
    fn a_panic_of_a_destructor_is_the_tasks_too() {
        struct Loud;
        impl Drop for Loud {
            fn drop(&mut self) {
                panic!("dropped");
            }
        }
        let executor = Executor::default();
        for ready in [true, false] {
            let loud = Loud;
            let handle = executor.spawn(async move {
                let _loud = loud;
                if !ready {
                    pending::<()>().await;
                }
            });
            executor.run_until_stalled();
            handle.abort();
            let error = executor.run(handle).unwrap_err();
            assert_eq!(error.to_string(), "the task panicked: dropped");
        }
    }

    #[test]
    fn a_future_that_returned_and_panics_when_dropped_gives_its_panic() {
        struct Returns(#[allow(dead_code)] OnDrop);
        impl Future for Returns {
            type Output = i32;

            fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<i32> {
                Poll::Ready(42)
            }
        }
        let executor = Executor::default();
        let handle = executor.spawn(Returns(OnDrop::panics()));
        let end = executor.run(handle);
        assert!(matches!(end, Err(JoinError::Panic(_))), "{end:?}");
        // The simple executor has taken the value before it drops the future.
        let simple = crate::runtimes::executor::Executor::default();
        let handle = simple.spawner().spawn(Returns(OnDrop::panics()));
        assert_eq!(simple.run(handle), Ok(42));
    }

    #[test]
    fn an_abort_never_hits_the_next_task_with_the_key() {
        let executor = Executor::default();
        // The first aborts itself again while it is dropped.
        let own: Rc<RefCell<Option<JoinHandle<()>>>> = Rc::default();
        let seen = own.clone();
        let again = Calls(move || {
            seen.borrow().as_ref().unwrap().abort();
        });
        *own.borrow_mut() = Some(executor.spawn(waits(again)));
        // The second spawns a third while it is dropped, which gets the key
        // of the first.
        let third: Rc<RefCell<Option<JoinHandle<i32>>>> = Rc::default();
        let (spawner, spawned) = (executor.spawner(), third.clone());
        let second = executor.spawn(waits(Calls(move || {
            spawned.replace(Some(spawner.spawn(async { 42 })));
        })));
        assert_eq!(executor.run_until_stalled(), 2);
        own.borrow().as_ref().unwrap().abort();
        second.abort();
        executor.run_until_stalled();
        let third = third.take().unwrap();
        assert_eq!(third.0.key, own.borrow().as_ref().unwrap().0.key);
        assert!(matches!(executor.run(third), Ok(42)));
    }

    #[test]
    fn a_waker_that_is_stored_already_is_not_cloned_again() {
        let executor = Executor::default();
        let mut handle = executor.spawn(pending::<()>());
        let guest = Guest::new();
        let waker = guest.waker();
        let mut cx = Context::from_waker(&waker);
        for _ in 0..3 {
            assert!(Pin::new(&mut handle).poll(&mut cx).is_pending());
            assert_eq!(guest.times(Moment::Clone), 1);
        }
    }
}
