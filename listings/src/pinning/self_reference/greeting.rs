//! An `async fn` that borrows its own local across an `.await`.

// ANCHOR: greeting
use std::cell::Cell;

use super::place::place_of;
use crate::futures::poll::countdown::countdown;

/// Where two locals of a [`greeting`] are.
#[derive(Clone, Copy, Debug, Default)]
pub struct Places {
    /// The address of the text: where the reference leads.
    pub text: usize,
    /// The address of the reference itself.
    pub reference: usize,
}

/// Says hello; says where it keeps its locals too. Its first poll is pending.
pub async fn greeting(places: &Cell<Places>) -> String {
    let text = String::from("hello");
    let reference = &text;
    places.set(Places {
        text: place_of(reference),
        reference: place_of(&reference),
    });
    countdown(1).await;
    format!("{reference} again")
}
// ANCHOR_END: greeting

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pinning::self_reference::place::is_inside;
    use std::collections::VecDeque;
    use std::mem;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    #[test]
    fn text_and_reference_are_inside_the_future_between_polls() {
        let places = Cell::default();
        let mut future = pin!(greeting(&places));
        let mut cx = Context::from_waker(Waker::noop());
        assert!(future.as_mut().poll(&mut cx).is_pending());
        assert!(is_inside(places.get().text, &*future));
        assert!(is_inside(places.get().reference, &*future));
        let answer = future.as_mut().poll(&mut cx);
        assert_eq!(answer, Poll::Ready("hello again".to_string()));
    }

    #[test]
    fn before_its_first_poll_a_future_may_move() {
        let places = [Cell::default(), Cell::default()];
        let mut futures = vec![greeting(&places[0]), greeting(&places[1])];
        let (a, b) = futures.split_at_mut(1);
        mem::swap(&mut a[0], &mut b[0]);
        let mut boxed = Box::pin(futures.remove(0));
        let mut cx = Context::from_waker(Waker::noop());
        assert!(boxed.as_mut().poll(&mut cx).is_pending());
        assert!(is_inside(places[1].get().text, &*boxed));
        assert!(boxed.as_mut().poll(&mut cx).is_ready());
    }

    #[test]
    fn a_future_stays_when_its_box_moves() {
        let places = Cell::default();
        let mut boxed = Box::pin(greeting(&places));
        let mut cx = Context::from_waker(Waker::noop());
        assert!(boxed.as_mut().poll(&mut cx).is_pending());
        let before = place_of(&*boxed);
        let mut list = VecDeque::from([boxed]);
        assert_eq!(place_of(&*list[0]), before);
        assert!(is_inside(places.get().text, &*list[0]));
        assert!(list[0].as_mut().poll(&mut cx).is_ready());
    }
}
