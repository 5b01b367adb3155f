//! A panic ends one task, and its handle says so.

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use super::caught::catch;
use super::spawner::Spawner;

/// What a task and its handle share.
struct Join<T> {
    result: Cell<Option<Result<T, Panic>>>,
    waiting: Cell<Option<Waker>>,
}

impl<T> Join<T> {
    fn finish(&self, result: Result<T, Panic>) {
        self.result.set(Some(result));
        if let Some(waker) = self.waiting.take() {
            waker.wake();
        }
    }
}

// ANCHOR: task
/// A task panicked, and this is the message.
#[derive(Debug, PartialEq)]
pub struct Panic(pub String);

/// The future of a task that has a handle.
struct Joined<F: Future> {
    future: Pin<Box<F>>,
    join: Rc<Join<F::Output>>,
}

impl<F: Future> Future for Joined<F> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let result = match catch(|| self.future.as_mut().poll(cx)) {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(value)) => Ok(value),
            Err(message) => Err(Panic(message)),
        };
        self.join.finish(result);
        Poll::Ready(())
    }
}
// ANCHOR_END: task

/// Makes `future` a task, and returns a future of how it ends.
pub fn spawn<F: Future + 'static>(
    spawner: &Spawner,
    future: F,
) -> JoinHandle<F::Output> {
    let join = Join { result: Cell::new(None), waiting: Cell::new(None) };
    let join = Rc::new(join);
    let handle = JoinHandle(join.clone());
    spawner.add(Joined { future: Box::pin(future), join });
    handle
}

/// A future of how a task ends.
pub struct JoinHandle<T>(Rc<Join<T>>);

impl<T> Future for JoinHandle<T> {
    type Output = Result<T, Panic>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let join = &self.0;
        join.waiting.set(Some(cx.waker().clone()));
        match join.result.take() {
            Some(result) => Poll::Ready(result),
            None => Poll::Pending,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::spawner::Executor;
    use super::*;

    #[test]
    fn a_panic_ends_one_task_and_its_handle_says_so() {
        let executor = Executor::default();
        let spawner = executor.spawner();
        let drops = spawn(&spawner, async { panic!("no eggs") });
        let serves = spawn(&spawner, async { 42 });
        let end: Result<(), _> = executor.run(drops);
        assert_eq!(end, Err(Panic("no eggs".into())));
        assert_eq!(executor.run(serves), Ok(42));
    }
}
