//! The same wrapper with `pin-project-lite`: no `unsafe` in sight.

// ANCHOR: timed
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Instant;

use pin_project_lite::pin_project;

use super::report::Report;

pin_project! {
    /// A future that times the polls of another one; see [`timed`].
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled"]
    pub struct Timed<F> {
        #[pin]
        future: F,
        report: Report,
    }
}

/// Returns a future that gives the value of `future` and a report.
///
/// Cancel safety: dropping it drops `future`, and the report is lost.
pub fn timed<F: Future>(future: F) -> Timed<F> {
    Timed { future, report: Report::default() }
}

impl<F: Future> Future for Timed<F> {
    type Output = (F::Output, Report);

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let start = Instant::now();
        let answer = this.future.poll(cx);
        this.report.add(start.elapsed());
        answer.map(|value| (value, *this.report))
    }
}
// ANCHOR_END: timed

#[cfg(test)]
mod tests {
    use super::*;
    use crate::futures::poll::countdown::countdown;
    use crate::pinning::projection::{by_hand, listed::Listed};
    use std::cell::RefCell;
    use std::thread::sleep;
    use std::time::Duration;

    #[test]
    fn the_inner_future_stays_and_is_dropped_in_its_place() {
        let list = RefCell::default();
        let (found, report) = pollster::block_on(timed(Listed::new(&list)));
        assert_eq!((found, report.polls), (true, 2));
        assert!(list.borrow().is_empty());
    }

    #[test]
    fn the_longest_poll_is_at_least_as_long_as_what_blocks_in_it() {
        let blocks = Duration::from_millis(20);
        let future = async {
            countdown(2).await;
            sleep(blocks);
            countdown(2).await
        };
        let (_, report) = pollster::block_on(timed(future));
        assert_eq!(report.polls, 5);
        assert!(report.longest >= blocks);
    }

    #[test]
    fn the_macro_adds_nothing_to_the_struct() {
        let (ours, its) = (by_hand::timed(countdown(1)), timed(countdown(1)));
        assert_eq!(size_of_val(&ours), size_of_val(&its));
    }
}
