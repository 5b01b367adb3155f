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

// ANCHOR: join
/// What a task and its handle share.
struct Join<T> {
    result: Cell<Option<Result<T, JoinError>>>,
    waiting: Cell<Option<Waker>>,
    /// Somebody called `abort`.
    aborted: Cell<bool>,
    /// There was a result, even if the handle has taken it.
    ended: Cell<bool>,
}

impl<T> Join<T> {
    fn finish(&self, result: Result<T, JoinError>) {
        self.result.set(Some(result));
        self.ended.set(true);
        if let Some(waker) = self.waiting.take() {
            // A panic in a foreign waker must not end the loop.
            let _ = catch(|| waker.wake());
        }
    }
}
// ANCHOR_END: join

// ANCHOR: task
/// A future, and who waits for its output. Empty when it has ended.
pub struct Task<F: Future>(Option<(Pin<Box<F>>, Rc<Join<F::Output>>)>);

impl<F: Future> Future for Task<F> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Some((future, join)) = &mut self.0 else { return Poll::Ready(()) };
        if join.aborted.get() {
            return Poll::Ready(());
        }
        match catch(|| future.as_mut().poll(cx)) {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(value)) => self.end(Ok(value)),
            Err(message) => self.end(Err(JoinError::Panic(message))),
        }
        Poll::Ready(())
    }
}

impl<F: Future> Task<F> {
    /// Drops the future, then tells the handle.
    fn end(&mut self, result: Result<F::Output, JoinError>) {
        let Some((future, join)) = self.0.take() else { return };
        let _ = catch(|| drop(future));
        join.finish(result);
        // The last one drops the result: nobody waits for it.
        let _ = catch(|| drop(join));
    }
}

impl<F: Future> Drop for Task<F> {
    fn drop(&mut self) {
        self.end(Err(JoinError::Cancelled));
    }
}
// ANCHOR_END: task

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
            ended: Cell::new(false),
        });
        let task = Task(Some((Box::pin(future), join.clone())));
        JoinHandle { join, task: self.add(task) }
    }
}

// ANCHOR: handle
/// A future of how a task ends. Dropped, it leaves the task alone.
#[must_use = "dropping a handle leaves its task running"]
pub struct JoinHandle<T> {
    join: Rc<Join<T>>,
    /// Wakes the task.
    task: Waker,
}

impl<T> JoinHandle<T> {
    /// Asks for the task to be dropped, at its next turn. A task that
    /// has ended keeps its value.
    pub fn abort(&self) {
        self.join.aborted.set(true);
        self.task.wake_by_ref();
    }
}

impl<T> Future for JoinHandle<T> {
    type Output = Result<T, JoinError>;

    /// # Panics
    /// When it is polled again after it was ready.
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let join = &self.join;
        // A clone or a drop may run any code; a `Cell` is not borrowed.
        join.waiting.set(Some(cx.waker().clone()));
        match join.result.take() {
            Some(result) => Poll::Ready(result),
            None if join.ended.get() => panic!("polled after it was ready"),
            None => Poll::Pending,
        }
    }
}

impl<T> Drop for JoinHandle<T> {
    /// Takes its waker along.
    fn drop(&mut self) {
        self.join.waiting.set(None);
    }
}
// ANCHOR_END: handle

impl fmt::Display for JoinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            JoinError::Cancelled => f.write_str("the task was cancelled"),
            JoinError::Panic(message) => {
                write!(f, "the task panicked: {message}")
            }
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
