//! A task that is told to stop, and every end that a task can have.

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::{error, fmt};

use super::caught::catch;
use super::spawner::Spawner;

pub mod joined;

/// Why a task has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JoinError {
    /// It was aborted, or its executor was dropped.
    Cancelled,
    /// It panicked, with this message.
    Panic(String),
}

// ANCHOR: task
/// What a task and its handle share.
struct Join<T> {
    result: Cell<Option<Result<T, JoinError>>>,
    waiting: Cell<Option<Waker>>,
    /// Somebody called `abort`.
    aborted: Cell<bool>,
}

/// The future of a task that has a handle. Empty when the handle was told.
pub struct Joined<F: Future>(Option<(Pin<Box<F>>, Rc<Join<F::Output>>)>);

impl<F: Future> Future for Joined<F> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Some((future, join)) = &mut self.0 else { return Poll::Ready(()) };
        if join.aborted.get() {
            return Poll::Ready(());
        }
        let result = match catch(|| future.as_mut().poll(cx)) {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(value)) => Ok(value),
            Err(message) => Err(JoinError::Panic(message)),
        };
        self.end(result);
        Poll::Ready(())
    }
}
// ANCHOR_END: task

// ANCHOR: end
impl<F: Future> Drop for Joined<F> {
    fn drop(&mut self) {
        self.end(Err(JoinError::Cancelled));
    }
}

impl<F: Future> Joined<F> {
    /// Drops the future, then tells the handle. Does nothing the second time.
    fn end(&mut self, result: Result<F::Output, JoinError>) {
        let Some((future, join)) = self.0.take() else { return };
        let _ = catch(|| drop(future));
        join.finish(result);
        // Where the handle is gone, this drops the result.
        let _ = catch(|| drop(join));
    }
}
// ANCHOR_END: end

impl<T> Join<T> {
    fn finish(&self, result: Result<T, JoinError>) {
        self.result.set(Some(result));
        if let Some(waker) = self.waiting.take() {
            // A panic in a foreign waker must not end the loop.
            let _ = catch(|| waker.wake());
        }
    }
}

impl Spawner {
    /// Makes `future` a task. When the executor is gone, `future` is dropped
    /// and the handle says `Cancelled`.
    pub fn spawn<F: Future + 'static>(
        &self,
        future: F,
    ) -> JoinHandle<F::Output> {
        let join = Rc::new(Join {
            result: Cell::new(None),
            waiting: Cell::new(None),
            aborted: Cell::new(false),
        });
        let task = Joined(Some((Box::pin(future), join.clone())));
        JoinHandle { join, task: self.add(task), taken: false }
    }
}

// ANCHOR: handle
/// A future of how a task ends. Dropped, it leaves the task alone.
#[must_use = "dropping a handle leaves its task running"]
pub struct JoinHandle<T> {
    join: Rc<Join<T>>,
    /// Wakes the task.
    task: Waker,
    /// The result was given: a further poll panics.
    taken: bool,
}

impl<T> JoinHandle<T> {
    /// Asks for the task to be dropped, at its next turn. A task that
    /// has ended keeps its value.
    pub fn abort(&self) {
        self.join.aborted.set(true);
        self.task.wake_by_ref();
    }
}
// ANCHOR_END: handle

impl<T> Future for JoinHandle<T> {
    type Output = Result<T, JoinError>;

    /// # Panics
    /// When it is polled again after it was ready.
    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Self::Output> {
        assert!(!self.taken, "polled after it was ready");
        // A clone or a drop may run any code; a `Cell` is not borrowed.
        self.join.waiting.set(Some(cx.waker().clone()));
        let result = self.join.result.take();
        self.taken = result.is_some();
        result.map_or(Poll::Pending, Poll::Ready)
    }
}

impl<T> Drop for JoinHandle<T> {
    /// Takes its waker along, and a value that it did not give, whose
    /// destructor may panic here.
    fn drop(&mut self) {
        self.join.waiting.set(None);
    }
}

impl fmt::Display for JoinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            JoinError::Cancelled => f.write_str("the task was cancelled"),
            JoinError::Panic(text) => write!(f, "the task panicked: {text}"),
        }
    }
}

impl error::Error for JoinError {}

impl<T> fmt::Debug for JoinHandle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinHandle").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::super::spawner::Executor;
    use super::*;
    use crate::proof::laws::executor_laws;

    executor_laws!();

    #[test]
    fn the_main_future_takes_turns_with_the_tasks() {
        let (executor, log) = (Executor::default(), Log::default());
        drop(spawn(&executor, takes_turns(log.clone(), "task", 3)));
        executor.run(takes_turns(log.clone(), "main", 2));
        let turns = [("main", 1), ("task", 1), ("main", 2), ("task", 2)];
        assert_eq!(log.borrow()[..4], turns);
        assert_eq!(executor.run_until_stalled(), 0, "the task goes on later");
        assert_eq!(log.borrow()[4..], [("task", 3)]);
    }

    #[test]
    fn a_late_wake_polls_nobody() {
        let executor = Executor::default();
        let guest: Rc<RefCell<Option<Waker>>> = Rc::default();
        let keep = guest.clone();
        let done = spawn(
            &executor,
            poll_fn(move |cx| {
                keep.replace(Some(cx.waker().clone()));
                Poll::Ready(())
            }),
        );
        assert_eq!(executor.run(done), Ok(()));
        let polls = Rc::new(Cell::new(0));
        let count = polls.clone();
        drop(spawn(
            &executor,
            poll_fn(move |_| {
                count.set(count.get() + 1);
                Poll::<()>::Pending
            }),
        ));
        assert_eq!(executor.run_until_stalled(), 1);
        guest.borrow().as_ref().unwrap().wake_by_ref();
        assert_eq!(executor.run_until_stalled(), 1);
        assert_eq!(polls.get(), 1);
    }

    #[test]
    fn a_main_future_may_run_its_own_executor() {
        let executor = Executor::default();
        assert_eq!(executor.run(async { executor.run(async { 42 }) }), 42);
    }

    /// What the page says of its size, without empty lines and comments.
    #[test]
    fn it_has_at_most_250_lines_and_no_unsafe_code() {
        let files = [
            include_str!("ready.rs"),
            include_str!("spawner.rs"),
            include_str!("caught.rs"),
            include_str!("abort.rs"),
        ];
        let mut lines = 0;
        for file in files {
            let code = file.split("#[cfg(test)]").next().unwrap();
            let code: Vec<_> = code
                .lines()
                .map(str::trim)
                .filter(|l| !l.is_empty() && !l.starts_with("//"))
                .collect();
            assert!(code.iter().all(|line| !line.contains("unsafe")));
            lines += code.len();
        }
        assert!((200..=250).contains(&lines), "{lines}");
    }
}
