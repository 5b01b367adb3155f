//! A future that times the polls of another one, which has to be `Unpin`.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Instant;

use super::report::Report;

// ANCHOR: timed
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
pub fn timed<F: Future + Unpin>(future: F) -> Timed<F> {
    Timed { future, report: Report::default() }
}
// ANCHOR_END: timed

// ANCHOR: poll
impl<F: Future + Unpin> Future for Timed<F> {
    type Output = (F::Output, Report);

    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Self::Output> {
        let start = Instant::now();
        let answer = Pin::new(&mut self.future).poll(cx);
        self.report.add(start.elapsed());
        answer.map(|value| (value, self.report))
    }
}
// ANCHOR_END: poll

#[cfg(test)]
mod tests {
    use super::*;
    use crate::futures::poll::countdown::countdown;
    use std::thread::sleep;
    use std::time::Duration;

    #[test]
    fn each_poll_is_counted() {
        let (value, report) = pollster::block_on(timed(countdown(3)));
        assert_eq!((value, report.polls), ("liftoff", 4));
    }

    #[test]
    fn the_time_in_the_poll_counts() {
        let blocks = Duration::from_millis(5);
        let future = Box::pin(async { sleep(blocks) });
        let (_, report) = pollster::block_on(timed(future));
        assert!(report.longest >= blocks);
    }

    #[test]
    fn an_async_block_needs_a_box() {
        let block = Box::pin(async { countdown(2).await });
        let (value, report) = pollster::block_on(timed(block));
        assert_eq!((value, report.polls), ("liftoff", 3));
    }
}
