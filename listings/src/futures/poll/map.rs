//! A future around another future: it polls what is inside and changes the
//! value on its way out.

use std::fmt;
// ANCHOR: map
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// A future that changes what another one gives; see [`map`].
#[must_use = "futures do nothing unless polled"]
pub struct Map<Fut, F> {
    inside: Option<(Fut, F)>,
}

/// Returns a future that gives `f(value)` when `future` gives `value`.
///
/// Cancel safe if `future` is. Dropping a `Map` drops `future` and `f`.
pub fn map<Fut, F, T>(future: Fut, f: F) -> Map<Fut, F>
where
    Fut: Future + Unpin,
    F: FnOnce(Fut::Output) -> T + Unpin,
{
    Map { inside: Some((future, f)) }
}

impl<Fut, F, T> Future for Map<Fut, F>
where
    Fut: Future + Unpin,
    F: FnOnce(Fut::Output) -> T + Unpin,
{
    type Output = T;

    /// # Panics
    /// When it is polled again after it was ready.
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        let inside = self.inside.as_mut();
        let (future, _) = inside.expect("`Map` polled after completion");
        let value = ready!(Pin::new(future).poll(cx));
        let (_, f) = self.inside.take().expect("it was just polled");
        Poll::Ready(f(value))
    }
}
// ANCHOR_END: map

impl<Fut: fmt::Debug, F> fmt::Debug for Map<Fut, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let future = self.inside.as_ref().map(|(future, _)| future);
        f.debug_struct("Map").field("future", &future).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::futures::poll::countdown::countdown;
    use crate::futures::poll::manual::manual;
    use crate::futures::poll::poll_fn::poll_fn;
    use crate::proof::watchdog;
    use std::cell::Cell;
    use std::pin::pin;
    use std::task::Waker;
    use std::time::Duration;

    #[test]
    fn map_changes_the_value_once_it_is_there() {
        let calls = Cell::new(0);
        let (manual, completer) = manual();
        let mut future = map(manual, |n: u32| {
            calls.set(calls.get() + 1);
            n * 2
        });
        let mut cx = Context::from_waker(Waker::noop());
        assert!(Pin::new(&mut future).poll(&mut cx).is_pending());
        assert_eq!(calls.get(), 0);
        completer.complete(21);
        let answer = Pin::new(&mut future).poll(&mut cx);
        assert_eq!((answer, calls.get()), (Poll::Ready(42), 1));
    }

    #[test]
    fn the_wake_of_the_inner_future_reaches_the_runner() {
        let limit = Duration::from_secs(10);
        let length = watchdog(limit, || {
            let inner = map(countdown(3), str::len);
            pollster::block_on(map(inner, |n| n + 1))
        });
        assert_eq!(length, Ok("liftoff".len() + 1));
    }

    #[test]
    fn the_inner_future_sees_the_waker_of_the_outer_poll() {
        let (mine, other) = (Waker::noop(), waker_of_pollster());
        let same = |expected: &Waker, given: &Waker| {
            let asked =
                poll_fn(|cx| Poll::Ready(cx.waker().will_wake(expected)));
            let mut future = map(asked, |same| same);
            Pin::new(&mut future).poll(&mut Context::from_waker(given))
        };
        assert_eq!(same(mine, mine), Poll::Ready(true));
        assert_eq!(same(mine, &other), Poll::Ready(false));
    }

    fn waker_of_pollster() -> Waker {
        pollster::block_on(poll_fn(|cx| Poll::Ready(cx.waker().clone())))
    }

    #[test]
    fn the_inner_future_is_dropped_when_it_is_done() {
        let held = std::rc::Rc::new(());
        let also = held.clone();
        let inner =
            poll_fn(move |_| Poll::Ready(std::rc::Rc::strong_count(&also)));
        let mut future = map(inner, |count| count);
        let mut cx = Context::from_waker(Waker::noop());
        let answer = Pin::new(&mut future).poll(&mut cx);
        assert_eq!(answer, Poll::Ready(2));
        assert_eq!(std::rc::Rc::strong_count(&held), 1);
    }

    #[test]
    fn dropping_it_drops_the_future_and_the_closure() {
        let (in_future, in_closure) =
            (std::rc::Rc::new(()), std::rc::Rc::new(()));
        let (one, two) = (in_future.clone(), in_closure.clone());
        let inner = poll_fn(move |_| {
            let _ = &one;
            Poll::<()>::Pending
        });
        let future = map(inner, move |()| drop(two));
        assert_eq!(std::rc::Rc::strong_count(&in_future), 2);
        assert_eq!(std::rc::Rc::strong_count(&in_closure), 2);
        drop(future);
        assert_eq!(std::rc::Rc::strong_count(&in_future), 1);
        assert_eq!(std::rc::Rc::strong_count(&in_closure), 1);
    }

    #[test]
    fn its_debug_shows_the_future_while_it_is_there() {
        let future = map(countdown(3), str::len);
        let expected = "Map { future: Some(Countdown { left: 3 }), .. }";
        assert_eq!(format!("{future:?}"), expected);
    }

    #[test]
    fn an_async_block_can_be_mapped_once_it_is_pinned() {
        let block = pin!(async { 20 + 1 });
        assert_eq!(pollster::block_on(map(block, |n| n * 2)), 42);
    }

    #[test]
    #[should_panic(expected = "`Map` polled after completion")]
    fn a_poll_after_ready_panics() {
        let mut cx = Context::from_waker(Waker::noop());
        let mut future = map(countdown(0), str::len);
        let _ = Pin::new(&mut future).poll(&mut cx);
        let _ = Pin::new(&mut future).poll(&mut cx);
    }
}
