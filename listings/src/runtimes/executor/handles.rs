//! Waiting for the value of a task. When the task panics, nobody hears of it.

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use super::spawner::Spawner;

// ANCHOR: join
/// What a task and its handle share.
struct Join<T> {
    value: Cell<Option<T>>,
    waiting: Cell<Option<Waker>>,
}

impl<T> Join<T> {
    fn finish(&self, value: T) {
        self.value.set(Some(value));
        if let Some(waker) = self.waiting.take() {
            waker.wake();
        }
    }
}
// ANCHOR_END: join

// ANCHOR: spawn
/// Makes `future` a task, and returns a future of its output.
pub fn spawn<F: Future + 'static>(
    spawner: &Spawner,
    future: F,
) -> JoinHandle<F::Output> {
    let join = Join { value: Cell::new(None), waiting: Cell::new(None) };
    let join = Rc::new(join);
    let handle = JoinHandle(join.clone());
    spawner.add(async move { join.finish(future.await) });
    handle
}
// ANCHOR_END: spawn

// ANCHOR: handle
/// A future of what a task returns.
pub struct JoinHandle<T>(Rc<Join<T>>);

impl<T> Future for JoinHandle<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        let join = &self.0;
        join.waiting.set(Some(cx.waker().clone()));
        match join.value.take() {
            Some(value) => Poll::Ready(value),
            None => Poll::Pending,
        }
    }
}
// ANCHOR_END: handle

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::super::spawner::Executor;
    use super::super::yield_now::yield_now;
    use super::*;

    #[test]
    fn a_handle_gives_what_the_task_returned() {
        let executor = Executor::default();
        let handle = spawn(&executor.spawner(), async {
            yield_now().await;
            42
        });
        assert_eq!(executor.run(handle), 42);
    }

    #[test]
    fn a_panic_in_a_task_comes_out_of_run() {
        let executor = Executor::default();
        drop(spawn(&executor.spawner(), async { panic!("no eggs") }));
        let run = AssertUnwindSafe(|| executor.run_until_stalled());
        assert!(catch_unwind(run).is_err());
    }
}
