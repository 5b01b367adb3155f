//! A race in which the caller says who is asked first.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use super::race::Winner;

// ANCHOR: race
/// Gives what the first of the two gives. When both are ready in the same
/// poll, the left one wins if `left_first` and else the right one.
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
        for is_left in [left_first, !left_first] {
            let answer = if is_left {
                Pin::new(&mut left).poll(cx).map(Winner::Left)
            } else {
                Pin::new(&mut right).poll(cx).map(Winner::Right)
            };
            if answer.is_ready() {
                return answer;
            }
        }
        Poll::Pending
    })
    .await
}
// ANCHOR_END: race

#[cfg(test)]
mod tests {
    use super::*;
    use crate::futures::poll::countdown::countdown;
    use crate::futures::poll::ready::ready;

    #[test]
    fn a_draw_goes_to_the_one_that_is_asked_first() {
        let winner = |left_first| {
            pollster::block_on(race(left_first, ready(1), ready(2)))
        };
        assert_eq!(winner(true), Winner::Left(1));
        assert_eq!(winner(false), Winner::Right(2));
    }

    #[test]
    fn without_a_draw_it_makes_no_difference() {
        for left_first in [true, false] {
            let both = race(left_first, countdown(2), countdown(5));
            assert_eq!(pollster::block_on(both), Winner::Left("liftoff"));
        }
    }
}
