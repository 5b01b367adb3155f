//! Waiting for a task that another thread may poll.

use std::fmt;
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use crate::runtimes::executor::JoinError;
use crate::runtimes::executor::caught::catch;

/// What a task and its handle share.
pub struct Join<T>(Mutex<State<T>>);

enum State<T> {
    Running(Option<Waker>),
    Done(Result<T, JoinError>),
    /// The handle has the result, or nobody wants it.
    Taken,
}

// ANCHOR: finish
impl<T> Join<T> {
    /// Leaves the result of the task, and wakes the task that waits for it.
    pub fn finish(&self, result: Result<T, JoinError>) {
        let mut state = self.lock();
        let State::Running(waker) = &mut *state else {
            drop(state);
            // Nobody waits. The destructor of a value is foreign code.
            let _ = catch(|| drop(result));
            return;
        };
        let waker = waker.take();
        *state = State::Done(result);
        drop(state);
        if let Some(waker) = waker {
            // A panic in a foreign waker must not end the worker.
            let _ = catch(|| waker.wake());
        }
    }
}
// ANCHOR_END: finish

impl<T> Default for Join<T> {
    fn default() -> Self {
        Join(Mutex::new(State::Running(None)))
    }
}

impl<T> Join<T> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a poll gives, if that is known without leaving the waker.
    fn take_or_find(
        &self,
        waker: &Waker,
    ) -> Option<Poll<Result<T, JoinError>>> {
        let mut state = self.lock();
        match &*state {
            State::Running(Some(old)) if old.will_wake(waker) => {
                return Some(Poll::Pending);
            }
            State::Running(_) => return None,
            _ => {}
        }
        match mem::replace(&mut *state, State::Taken) {
            State::Done(result) => Some(Poll::Ready(result)),
            _ => panic!("polled after it was ready"),
        }
    }

    /// Leaves `waker` for the end of the task, and returns the one before. An
    /// error gives it back: the task has ended.
    fn leave(&self, waker: Waker) -> Result<Option<Waker>, Waker> {
        match &mut *self.lock() {
            State::Running(waiting) => Ok(waiting.replace(waker)),
            _ => Err(waker),
        }
    }
}

/// What a handle needs of a task whose output is a `T`.
pub trait Joined<T>: Send + Sync {
    /// Where the task leaves its result.
    fn join(&self) -> &Join<T>;
    /// Has the task dropped at its next turn.
    fn abort(self: Arc<Self>);
}

/// A future of what a task returns. Dropped, it leaves the task alone.
#[must_use = "dropping a handle leaves its task running"]
pub struct JoinHandle<T>(pub(super) Arc<dyn Joined<T>>);

impl<T> JoinHandle<T> {
    /// Asks for the task to be dropped, at its next turn. A task that has
    /// ended keeps its value.
    pub fn abort(&self) {
        self.0.clone().abort();
    }
}

impl<T> Future for JoinHandle<T> {
    type Output = Result<T, JoinError>;

    /// # Panics
    /// When it is polled again after it was ready.
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let join = self.0.join();
        if let Some(known) = join.take_or_find(cx.waker()) {
            return known;
        }
        // A waker is foreign code. It is cloned and dropped while nothing
        // is locked.
        match join.leave(cx.waker().clone()) {
            Ok(old) => drop(old),
            Err(waker) => {
                drop(waker);
                let end = join.take_or_find(cx.waker());
                return end.unwrap_or(Poll::Pending);
            }
        }
        Poll::Pending
    }
}

impl<T> Drop for JoinHandle<T> {
    /// Takes its waker along, and the value that it did not fetch.
    fn drop(&mut self) {
        let state = mem::replace(&mut *self.0.join().lock(), State::Taken);
        drop(state);
    }
}

impl<T> fmt::Debug for JoinHandle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinHandle").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::hostile::{Guest, Moment, OnDrop, caught, panics};

    struct Alone<T>(Join<T>);

    impl<T: Send> Joined<T> for Alone<T> {
        fn join(&self) -> &Join<T> {
            &self.0
        }

        fn abort(self: Arc<Self>) {}
    }

    fn pair<T: Send + 'static>() -> (Arc<Alone<T>>, JoinHandle<T>) {
        let alone = Arc::new(Alone(Join::default()));
        (alone.clone(), JoinHandle(alone))
    }

    fn poll<T>(
        handle: &mut JoinHandle<T>,
        waker: &Waker,
    ) -> Poll<Result<T, JoinError>> {
        Pin::new(handle).poll(&mut Context::from_waker(waker))
    }

    #[test]
    fn the_newest_waker_hears_of_the_result_and_the_same_is_not_cloned() {
        let (old, new) = (Guest::new(), Guest::new());
        let (task, mut handle) = pair();
        assert!(poll(&mut handle, &old.waker()).is_pending());
        let waker = new.waker();
        assert!(poll(&mut handle, &waker).is_pending());
        assert!(poll(&mut handle, &waker).is_pending());
        assert_eq!(new.times(Moment::Clone), 1);
        task.0.finish(Ok(42));
        assert_eq!((old.wakes(), new.wakes()), (0, 1));
        assert_eq!(poll(&mut handle, &waker), Poll::Ready(Ok(42)));
    }

    #[test]
    fn a_result_that_nobody_wants_is_dropped_where_the_task_ends() {
        let (task, handle) = pair();
        drop(handle);
        let guest = OnDrop::new(panics);
        assert!(caught(|| task.0.finish(Ok(guest))).is_ok());
    }

    #[test]
    fn a_clone_during_which_the_task_ends_loses_no_result() {
        let guest = Guest::new();
        let (task, mut handle) = pair();
        guest.next(Moment::Clone, move || task.0.finish(Ok(42)));
        assert_eq!(poll(&mut handle, &guest.waker()), Poll::Ready(Ok(42)));
    }
}
