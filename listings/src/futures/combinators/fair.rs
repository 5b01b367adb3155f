//! A race in which the caller says who is asked first.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use super::race::Winner;

// ANCHOR: race
/// Gives what the first of the two gives. When both are ready in the same
/// poll, the left one wins if `left_first` and else the right one.
///
/// Cancel safe if both futures are: dropping the race drops both.
pub async fn race<A, B>(
    left_first: bool,
    mut left: A,
    mut right: B,
) -> Winner<A::Output, B::Output>
where
    A: Future + Unpin,
    B: Future + Unpin,
{
    poll_fn(|cx| {
        if left_first && let Poll::Ready(value) = Pin::new(&mut left).poll(cx) {
            return Poll::Ready(Winner::Left(value));
        }
        if let Poll::Ready(value) = Pin::new(&mut right).poll(cx) {
            return Poll::Ready(Winner::Right(value));
        }
        if left_first {
            return Poll::Pending;
        }
        Pin::new(&mut left).poll(cx).map(Winner::Left)
    })
    .await
}
// ANCHOR_END: race

#[cfg(test)]
mod tests {
    use super::*;
    use crate::futures::poll::countdown::countdown;
    use crate::futures::poll::manual::manual;
    use crate::futures::poll::ready::ready;
    use crate::proof::hostile::Guest;
    use std::pin::pin;
    use std::task::{Context, Waker};

    #[test]
    fn a_draw_goes_to_the_one_that_is_asked_first() {
        let winner = |left_first| {
            pollster::block_on(race(left_first, ready(1), ready(2)))
        };
        assert_eq!(winner(true), Winner::Left(1));
        assert_eq!(winner(false), Winner::Right(2));
    }

    #[test]
    fn each_of_the_two_is_polled_once_a_poll() {
        for left_first in [true, false] {
            let (mut left, mut right) = (0, 0);
            let one = poll_fn(|_| {
                left += 1;
                Poll::<()>::Pending
            });
            let two = poll_fn(|_| {
                right += 1;
                Poll::<()>::Pending
            });
            {
                let mut both = pin!(race(left_first, one, two));
                let mut cx = Context::from_waker(Waker::noop());
                for _ in 0..3 {
                    assert!(both.as_mut().poll(&mut cx).is_pending());
                }
            }
            assert_eq!((left, right), (3, 3));
        }
    }

    #[test]
    fn either_of_them_wakes_it() {
        let runs = [(true, true), (true, false), (false, true), (false, false)];
        for (left_first, left_is_done) in runs {
            let guest = Guest::new();
            let waker = guest.waker();
            let mut cx = Context::from_waker(&waker);
            let ((left, of_left), (right, of_right)) = (manual(), manual());
            let mut both = pin!(race(left_first, left, right));
            assert!(both.as_mut().poll(&mut cx).is_pending());
            assert_eq!(guest.wakes(), 0);
            let winner = if left_is_done {
                of_left.complete(7);
                Winner::Left(7)
            } else {
                of_right.complete(8);
                Winner::Right(8)
            };
            assert_eq!(guest.wakes(), 1);
            assert_eq!(both.as_mut().poll(&mut cx), Poll::Ready(winner));
        }
    }

    #[test]
    fn without_a_draw_it_makes_no_difference() {
        for left_first in [true, false] {
            let both = race(left_first, countdown(2), countdown(5));
            assert_eq!(pollster::block_on(both), Winner::Left("liftoff"));
        }
    }
}
