//! Two futures of which the first to be ready wins.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

// ANCHOR: race
/// A future of whichever is ready first; see [`race`].
#[must_use = "futures do nothing unless polled"]
pub struct Race<A, B> {
    both: Option<(A, B)>,
}

/// Which of two was first, and what it gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Winner<A, B> {
    /// The first argument won.
    Left(A),
    /// The second argument won.
    Right(B),
}

/// Returns a future that is ready as soon as one of the two is. The other is
/// dropped then, before the value is given.
///
/// Cancel safe if both futures are: dropping the race drops both.
pub fn race<A, B>(left: A, right: B) -> Race<A, B> {
    Race { both: Some((left, right)) }
}

impl<A: Future + Unpin, B: Future + Unpin> Future for Race<A, B> {
    type Output = Winner<A::Output, B::Output>;

    /// # Panics
    /// When it is polled again after it was ready.
    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Self::Output> {
        let both = self.both.as_mut();
        let (left, right) = both.expect("`Race` polled after completion");
        let winner = if let Poll::Ready(value) = Pin::new(left).poll(cx) {
            Winner::Left(value)
        } else if let Poll::Ready(value) = Pin::new(right).poll(cx) {
            Winner::Right(value)
        } else {
            return Poll::Pending;
        };
        self.both = None;
        Poll::Ready(winner)
    }
}
// ANCHOR_END: race

impl<A, B> fmt::Debug for Race<A, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let done = self.both.is_none();
        f.debug_struct("Race").field("done", &done).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::futures::poll::countdown::countdown;
    use crate::futures::poll::manual::manual;
    use crate::futures::poll::ready::ready;
    use crate::proof::hostile::Guest;
    use std::future::poll_fn;
    use std::rc::Rc;
    use std::task::Waker;

    #[test]
    fn the_shorter_one_wins() {
        let winner = pollster::block_on(race(countdown(5), countdown(2)));
        assert_eq!(winner, Winner::Right("liftoff"));
    }

    #[test]
    fn the_left_one_wins_a_draw_every_time() {
        for _ in 0..100 {
            let winner = pollster::block_on(race(ready(1), ready(2)));
            assert_eq!(winner, Winner::Left(1));
        }
    }

    #[test]
    fn the_loser_is_dropped_before_the_value_is_given() {
        let held = Rc::new(());
        let also = held.clone();
        let loser = poll_fn(move |_| {
            let _ = &also;
            Poll::<()>::Pending
        });
        let mut both = race(loser, ready(7));
        let mut cx = Context::from_waker(Waker::noop());
        let answer = Pin::new(&mut both).poll(&mut cx);
        assert_eq!(answer, Poll::Ready(Winner::Right(7)));
        assert_eq!(Rc::strong_count(&held), 1);
    }

    #[test]
    fn either_of_them_wakes_it() {
        for left_is_done in [true, false] {
            let guest = Guest::new();
            let waker = guest.waker();
            let mut cx = Context::from_waker(&waker);
            let ((left, of_left), (right, of_right)) = (manual(), manual());
            let mut both = race(left, right);
            assert!(Pin::new(&mut both).poll(&mut cx).is_pending());
            assert_eq!(guest.wakes(), 0);
            let winner = if left_is_done {
                of_left.complete(7);
                Winner::Left(7)
            } else {
                of_right.complete(8);
                Winner::Right(8)
            };
            assert_eq!(guest.wakes(), 1);
            let answer = Pin::new(&mut both).poll(&mut cx);
            assert_eq!(answer, Poll::Ready(winner));
        }
    }

    #[test]
    #[should_panic(expected = "`Race` polled after completion")]
    fn a_poll_after_ready_panics() {
        let mut cx = Context::from_waker(Waker::noop());
        let mut both = race(ready(1), ready(2));
        let _ = Pin::new(&mut both).poll(&mut cx);
        let _ = Pin::new(&mut both).poll(&mut cx);
    }
}
