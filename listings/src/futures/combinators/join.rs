//! Two futures that advance together, until both are done.

use std::fmt;
// ANCHOR: types
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};

/// A future of both values; see [`join`].
#[must_use = "futures do nothing unless polled"]
pub struct Join<A: Future, B: Future> {
    a: Side<A>,
    b: Side<B>,
}

enum Side<F: Future> {
    Running(F),
    Done(F::Output),
    Gone,
}

/// Returns a future that is ready when both are, with both values.
///
/// Cancel safety: none. A value that is there already is dropped with it.
pub fn join<A: Future, B: Future>(a: A, b: B) -> Join<A, B> {
    Join { a: Side::Running(a), b: Side::Running(b) }
}
// ANCHOR_END: types

// ANCHOR: poll
impl<F: Future + Unpin> Side<F> {
    /// Polls the future unless it is done. Says whether it is done now.
    fn advance(&mut self, cx: &mut Context<'_>) -> bool {
        if let Side::Running(future) = self {
            match Pin::new(future).poll(cx) {
                Poll::Ready(value) => *self = Side::Done(value),
                Poll::Pending => return false,
            }
        }
        true
    }

    fn take(&mut self) -> F::Output {
        match mem::replace(self, Side::Gone) {
            Side::Done(value) => value,
            _ => panic!("`Join` polled after completion"),
        }
    }
}

impl<A, B> Future for Join<A, B>
where
    A: Future<Output: Unpin> + Unpin,
    B: Future<Output: Unpin> + Unpin,
{
    type Output = (A::Output, B::Output);

    /// # Panics
    /// When it is polled again after it was ready.
    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Self::Output> {
        let a_is_done = self.a.advance(cx);
        let b_is_done = self.b.advance(cx);
        if a_is_done && b_is_done {
            return Poll::Ready((self.a.take(), self.b.take()));
        }
        Poll::Pending
    }
}
// ANCHOR_END: poll

impl<A: Future, B: Future> fmt::Debug for Join<A, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (a, b) = (self.a.state(), self.b.state());
        f.debug_struct("Join").field("a", &a).field("b", &b).finish()
    }
}

impl<F: Future> Side<F> {
    fn state(&self) -> &'static str {
        match self {
            Side::Running(_) => "running",
            Side::Done(_) => "done",
            Side::Gone => "gone",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::futures::poll::countdown::countdown;
    use crate::futures::poll::manual::manual;
    use crate::futures::poll::ready::ready;
    use std::rc::Rc;
    use std::task::Waker;

    fn polls<F: Future + Unpin>(mut future: F) -> u32 {
        let mut cx = Context::from_waker(Waker::noop());
        let mut polls = 1;
        while Pin::new(&mut future).poll(&mut cx).is_pending() {
            polls += 1;
        }
        polls
    }

    #[test]
    fn it_needs_as_many_polls_as_the_longer_one() {
        assert_eq!(polls(join(countdown(2), countdown(5))), 6);
        assert_eq!(polls(join(countdown(5), countdown(2))), 6);
    }

    #[test]
    fn it_gives_both_values_in_its_own_order() {
        let (late, completer) = manual();
        let mut both = join(late, ready("b"));
        let mut cx = Context::from_waker(Waker::noop());
        assert!(Pin::new(&mut both).poll(&mut cx).is_pending());
        completer.complete("a");
        let answer = Pin::new(&mut both).poll(&mut cx);
        assert_eq!(answer, Poll::Ready(("a", "b")));
    }

    #[test]
    fn a_future_that_is_done_is_not_polled_again() {
        // `ready` panics when it is.
        assert_eq!(polls(join(ready(1), countdown(3))), 4);
    }

    #[test]
    fn its_debug_says_which_side_still_runs() {
        let mut both = join(ready(1), countdown(3));
        let mut cx = Context::from_waker(Waker::noop());
        assert!(Pin::new(&mut both).poll(&mut cx).is_pending());
        let expected = r#"Join { a: "done", b: "running" }"#;
        assert_eq!(format!("{both:?}"), expected);
    }

    #[test]
    fn a_value_that_waits_for_the_other_is_dropped_with_it() {
        let value = Rc::new(());
        let mut both = join(ready(value.clone()), std::future::pending::<()>());
        let mut cx = Context::from_waker(Waker::noop());
        assert!(Pin::new(&mut both).poll(&mut cx).is_pending());
        assert_eq!(Rc::strong_count(&value), 2);
        drop(both);
        assert_eq!(Rc::strong_count(&value), 1);
    }

    #[test]
    #[should_panic(expected = "`Join` polled after completion")]
    fn a_poll_after_ready_panics() {
        let mut cx = Context::from_waker(Waker::noop());
        let mut both = join(ready(1), ready(2));
        let _ = Pin::new(&mut both).poll(&mut cx);
        let _ = Pin::new(&mut both).poll(&mut cx);
    }
}
