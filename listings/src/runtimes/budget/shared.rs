//! A budget that all futures of a task share. Each poll of the task has a new
//! one.

use std::cell::Cell;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

// ANCHOR: budgeted
thread_local! {
    /// What is left for the task that this thread polls. `None`: no limit.
    static LEFT: Cell<Option<u32>> = const { Cell::new(None) };
}

pin_project! {
    /// A task's future, each poll of which has a budget; see [`budgeted`].
    #[must_use = "futures do nothing unless polled"]
    pub struct Budgeted<F> {
        limit: u32,
        #[pin]
        future: F,
    }
}

impl<F: Future> Future for Budgeted<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let _restore = Restore(LEFT.replace(Some(*this.limit)));
        this.future.poll(cx)
    }
}

/// When it is dropped, also by a panic, the budget is again what it was
/// before this poll.
struct Restore(Option<u32>);

impl Drop for Restore {
    fn drop(&mut self) {
        LEFT.set(self.0);
    }
}
// ANCHOR_END: budgeted

// ANCHOR: cooperative
pin_project! {
    /// A future that the budget of its task pays for; see [`cooperative`].
    #[must_use = "futures do nothing unless polled"]
    pub struct Cooperative<F> {
        #[pin]
        future: F,
    }
}

impl<F: Future> Future for Cooperative<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        if LEFT.get() == Some(0) {
            // The task wants to go on, after the others.
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let value = ready!(self.project().future.poll(cx));
        LEFT.set(LEFT.get().map(|left| left.saturating_sub(1)));
        Poll::Ready(value)
    }
}
// ANCHOR_END: cooperative

/// Gives each poll of `future` a budget of `limit` operations. An operation is
/// a [`cooperative`] future that is ready. With a `limit` of 0, none is ever
/// ready.
pub fn budgeted<F: Future>(limit: u32, future: F) -> Budgeted<F> {
    Budgeted { limit, future }
}

/// Lets the budget of the task pay for `future`. Where nothing is left, it is
/// pending and has woken its task. Outside of [`budgeted`] there is no limit.
///
/// Cancel safety: that of `future`, which is not polled when nothing is left.
pub fn cooperative<F: Future>(future: F) -> Cooperative<F> {
    Cooperative { future }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, poll_fn, ready};
    use std::pin::pin;
    use std::task::Waker;
    use std::time::Duration;

    use super::*;
    use crate::proof::hostile::{Caught, Guest, Moment, caught, panics};
    use crate::proof::watchdog;
    use crate::wakers::block_on::flag::block_on;
    use crate::wakers::block_on::job::count_polls;
    use crate::wakers::contract::count::{Look, look};

    async fn steps(steps: u32) {
        for _ in 0..steps {
            cooperative(ready(())).await;
        }
    }

    /// How often a task is polled.
    fn polls<F: Future<Output: Send> + Send + 'static>(future: F) -> u64 {
        let run = || block_on(count_polls(future));
        watchdog(Duration::from_secs(30), run).expect("it is woken").1
    }

    #[test]
    fn a_poll_does_what_its_budget_allows() {
        assert_eq!(polls(budgeted(128, steps(128))), 1);
        assert_eq!(polls(budgeted(128, steps(129))), 2);
        assert_eq!(polls(budgeted(128, steps(1000))), 8);
    }

    #[test]
    fn all_futures_of_a_task_share_the_budget() {
        let both = async { futures::join!(steps(100), steps(100)) };
        assert_eq!(polls(budgeted(128, both)), 2);
    }

    #[test]
    fn without_a_budget_nothing_is_counted() {
        assert_eq!(polls(steps(1000)), 1);
    }

    #[test]
    fn an_operation_that_is_pending_costs_nothing() {
        let task = async {
            let mut never = pin!(cooperative(pending::<()>()));
            let look = poll_fn(|cx| Poll::Ready(never.as_mut().poll(cx)));
            let first = look.await;
            steps(3).await;
            first
        };
        assert_eq!(polls(budgeted(3, task)), 1);
    }

    #[test]
    fn a_spent_budget_wakes_and_does_not_touch_the_future() {
        let touched =
            cooperative(poll_fn(|_| -> Poll<()> { panic!("polled") }));
        let spent = Look { pending: true, wakes: 1, kept: 0 };
        assert_eq!(look(budgeted(0, touched)), spent);
    }

    #[test]
    fn a_task_inside_a_task_has_its_own_budget() {
        let task = async {
            steps(1).await;
            budgeted(5, steps(5)).await;
            steps(1).await;
        };
        assert_eq!(polls(budgeted(2, task)), 1);
    }

    #[test]
    fn a_panic_in_a_task_leaves_no_budget_behind() {
        let guest = Guest::new();
        guest.next(Moment::WakeByRef, panics);
        let waker = guest.waker();
        let mut cx = Context::from_waker(&waker);
        let mut task = pin!(budgeted(1, steps(2)));
        let end = caught(|| task.as_mut().poll(&mut cx));
        assert_eq!(end, Err(Caught::Guest));
        assert_eq!(LEFT.get(), None);
        let mut again = pin!(steps(1000));
        let mut cx = Context::from_waker(Waker::noop());
        assert!(again.as_mut().poll(&mut cx).is_ready());
    }
}
