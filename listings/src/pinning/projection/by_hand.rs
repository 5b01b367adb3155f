//! The same wrapper for any future: it gets at its field with `unsafe`.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Instant;

use super::report::Report;

/// A future that times the polls of another one; see [`timed`].
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Timed<F> {
    future: F,
    report: Report,
}

/// Returns a future that gives the value of `future` and a report.
///
/// Cancel safety: dropping it drops `future`, and the report is lost.
pub fn timed<F: Future>(future: F) -> Timed<F> {
    Timed { future, report: Report::default() }
}

// ANCHOR: project
impl<F> Timed<F> {
    fn project(self: Pin<&mut Self>) -> (Pin<&mut F>, &mut Report) {
        // SAFETY: we move nothing out of `this`. `report` is never pinned.
        // `future` is pinned here and stays, because (1) we do not
        // implement `Unpin` by hand, (2) we have no `Drop` and are not
        // packed, (3) no function moves `future` out, (4) it is dropped
        // where it is, with `self`.
        unsafe {
            let this = self.get_unchecked_mut();
            (Pin::new_unchecked(&mut this.future), &mut this.report)
        }
    }
}
// ANCHOR_END: project

// ANCHOR: poll
impl<F: Future> Future for Timed<F> {
    type Output = (F::Output, Report);

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let (future, report) = self.project();
        let start = Instant::now();
        let answer = future.poll(cx);
        report.add(start.elapsed());
        answer.map(|value| (value, *report))
    }
}
// ANCHOR_END: poll

#[cfg(test)]
mod tests {
    use super::*;
    use crate::futures::poll::countdown::countdown;
    use crate::pinning::projection::listed::Listed;
    use std::cell::{Cell, RefCell};
    use std::pin::pin;
    use std::task::Waker;
    use std::thread::sleep;
    use std::time::Duration;

    use crate::pinning::self_reference::greeting::greeting;

    #[test]
    fn a_future_that_points_into_itself_is_timed_without_a_box() {
        let places = Cell::default();
        let (value, report) = pollster::block_on(timed(greeting(&places)));
        assert_eq!((value.as_str(), report.polls), ("hello again", 2));
    }

    #[test]
    fn the_time_in_the_poll_counts() {
        let blocks = Duration::from_millis(5);
        let future = timed(async { sleep(blocks) });
        let (_, report) = pollster::block_on(future);
        assert!(report.longest >= blocks);
    }

    #[test]
    fn the_inner_future_stays_and_is_dropped_in_its_place() {
        let list = RefCell::default();
        {
            let mut future = pin!(timed(Listed::new(&list)));
            let mut cx = Context::from_waker(Waker::noop());
            assert!(future.as_mut().poll(&mut cx).is_pending());
            assert_eq!(list.borrow().len(), 1);
            let answer = future.as_mut().poll(&mut cx);
            assert!(answer.map(|(found, _)| found) == Poll::Ready(true));
        }
        assert!(list.borrow().is_empty());
    }

    #[test]
    fn it_may_be_moved_when_the_inner_future_may() {
        fn may_move<T: Unpin>(value: T) -> T {
            value
        }
        let future = may_move(timed(countdown(1)));
        assert_eq!(pollster::block_on(future).0, "liftoff");
    }
}
