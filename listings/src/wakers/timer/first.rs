//! The first of many futures.

// ANCHOR: first
use std::pin::Pin;
use std::task::{Context, Poll};

/// A future of whichever is ready first; see [`first`].
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct First<F> {
    futures: Vec<F>,
}

/// Returns a future of the first value and of the number of the future that
/// gave it. The others are dropped then. In a draw the lowest number wins.
///
/// Cancel safety: that of the futures; it holds nothing of its own.
///
/// # Panics
/// When `futures` is empty: then there is no first one.
pub fn first<F>(futures: Vec<F>) -> First<F> {
    assert!(!futures.is_empty(), "`first` needs a future");
    First { futures }
}

impl<F: Future + Unpin> Future for First<F> {
    type Output = (usize, F::Output);

    /// # Panics
    /// When it is polled again after it was ready.
    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<(usize, F::Output)> {
        assert!(!self.futures.is_empty(), "`First` polled after completion");
        for (number, future) in self.futures.iter_mut().enumerate() {
            if let Poll::Ready(value) = Pin::new(future).poll(cx) {
                self.futures.clear();
                return Poll::Ready((number, value));
            }
        }
        Poll::Pending
    }
}
// ANCHOR_END: first

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::task::Waker;
    use std::time::Duration;

    use super::*;
    use crate::futures::poll::manual::{Manual, manual};
    use crate::futures::poll::ready::ready;
    use crate::proof::hostile::{Caught, OnDrop, caught};
    use crate::proof::watchdog;
    use crate::wakers::block_on::flag::block_on;
    use crate::wakers::contract::count::Counter;
    use crate::wakers::timer::{sleeper, stopped};

    const LIMIT: Duration = Duration::from_secs(30);
    const SOON: Duration = Duration::from_millis(5);
    const HOUR: Duration = Duration::from_secs(60 * 60);

    #[test]
    fn the_shortest_of_many_timers_is_the_first() {
        let times = [HOUR, HOUR, SOON, HOUR];
        let run = move || {
            let ours = times.map(stopped::sleep).into();
            let naive = times.map(sleeper::sleep).into();
            (block_on(first(ours)), block_on(first(naive)))
        };
        assert_eq!(watchdog(LIMIT, run), Ok(((2, ()), (2, ()))));
    }

    #[test]
    fn in_a_draw_the_lowest_number_wins() {
        assert_eq!(block_on(first(vec![ready('a'), ready('b')])), (0, 'a'));
    }

    #[test]
    fn each_pending_poll_leaves_the_waker_with_all_and_ready_drops_all() {
        let (futures, completers): (Vec<Manual<_>>, Vec<_>) =
            (0..3).map(|_| manual()).unzip();
        let (counter, waker) = Counter::new();
        let mut future = first(futures);
        let mut cx = Context::from_waker(&waker);
        assert!(Pin::new(&mut future).poll(&mut cx).is_pending());
        assert_eq!(counter.wakers(), 1 + 3);
        let mut completers = completers.into_iter();
        let (_zero, one) = (completers.next(), completers.next());
        one.expect("there are three").complete(7);
        assert_eq!(counter.wakes(), 1);
        let answer = Pin::new(&mut future).poll(&mut cx);
        assert_eq!(answer, Poll::Ready((1, 7)));
        assert!(future.futures.is_empty());
    }

    /// A future that is ready at once, or never, and has a destructor.
    struct Loser(Option<u32>, #[expect(dead_code)] OnDrop);

    impl Future for Loser {
        type Output = u32;

        fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<u32> {
            self.0.map_or(Poll::Pending, Poll::Ready)
        }
    }

    #[test]
    fn a_loser_whose_destructor_panics_keeps_no_other_alive() {
        let (dropped, is_dropped) = channel();
        let mut future = first(vec![
            Loser(None, OnDrop::panics()),
            Loser(Some(7), OnDrop::new(|| ())),
            Loser(None, OnDrop::new(move || dropped.send(()).unwrap())),
        ]);
        let mut cx = Context::from_waker(Waker::noop());
        let end = caught(|| Pin::new(&mut future).poll(&mut cx).is_ready());
        assert_eq!(end, Err(Caught::Guest));
        assert_eq!(is_dropped.recv(), Ok(()));
        assert!(future.futures.is_empty());
    }

    #[test]
    #[should_panic(expected = "`first` needs a future")]
    fn of_none_there_is_no_first() {
        drop(first(Vec::<Manual<()>>::new()));
    }

    #[test]
    #[should_panic(expected = "`First` polled after completion")]
    fn a_poll_after_ready_panics() {
        let mut future = first(vec![ready(1)]);
        let mut cx = Context::from_waker(Waker::noop());
        let _ = Pin::new(&mut future).poll(&mut cx);
        let _ = Pin::new(&mut future).poll(&mut cx);
    }
}
