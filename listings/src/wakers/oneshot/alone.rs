//! A faster oneshot channel: an end that is done lets go of the state, and
//! the one that is left needs no lock.

use std::error::Error;
use std::fmt;
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};

use crate::wakers::contract::wake_all::wake_all;

enum State<T> {
    /// Nothing has happened yet.
    Empty,
    /// The receiver came first.
    Waiting(Waker),
    /// The sender came first.
    Sent(T),
    /// The value was taken, the receiver was dropped, or the sender was dropped
    /// without a send.
    Closed,
}

struct Inner<T>(Mutex<State<T>>);

impl<T> Inner<T> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.0.lock().expect("nothing panics in it")
    }

    /// Closes, and returns what was there.
    fn close(&self) -> State<T> {
        mem::replace(&mut *self.lock(), State::Closed)
    }

    /// Leaves a waker, unless the sender is done.
    fn wait(&self, waker: &Waker) -> bool {
        match &*self.lock() {
            State::Waiting(kept) if kept.will_wake(waker) => return true,
            State::Empty | State::Waiting(_) => {}
            State::Sent(_) | State::Closed => return false,
        }
        let mut waiting = State::Waiting(waker.clone());
        let mut state = self.lock();
        let waits = matches!(*state, State::Empty | State::Waiting(_));
        if waits {
            mem::swap(&mut *state, &mut waiting);
        }
        drop(state);
        // The waker that is not needed, or that of the poll before.
        drop(waiting);
        waits
    }
}

/// The end that gives the value; see [`channel`].
pub struct Sender<T> {
    /// `None` once it has sent.
    inner: Option<Arc<Inner<T>>>,
}

/// The end that waits for the value; see [`channel`].
#[must_use = "futures do nothing unless polled"]
pub struct Receiver<T> {
    /// `None` once it was ready.
    inner: Option<Arc<Inner<T>>>,
}

/// The sender was dropped, so no value will come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed;

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the sender was dropped without a value")
    }
}

impl Error for Closed {}

/// A channel for one value.
///
/// The receiver is a future of `Ok(value)`, or of [`Closed`] when the sender
/// was dropped without one. Polled again after that it gives `Closed`.
///
/// Cancel safety: dropping the receiver drops a value that was sent and not
/// taken, and closes the channel. It can be polled by reference and be
/// polled on later, by another task too; the newest waker is woken.
pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let inner = Arc::new(Inner(Mutex::new(State::Empty)));
    (Sender { inner: Some(inner.clone()) }, Receiver { inner: Some(inner) })
}

impl<T> Sender<T> {
    /// Gives the value, and wakes the receiver if it waits.
    ///
    /// # Errors
    /// The value, when the receiver has been dropped.
    ///
    /// # Panics
    /// When the receiver's waker panics. The value has been sent then.
    pub fn send(mut self, value: T) -> Result<(), T> {
        let Some(inner) = self.inner.take() else {
            return Err(value);
        };
        let mut state = inner.lock();
        if let State::Closed = *state {
            return Err(value);
        }
        let before = mem::replace(&mut *state, State::Sent(value));
        drop(state);
        if let State::Waiting(waker) = before {
            waker.wake();
        }
        Ok(())
    }

    /// Whether the receiver has been dropped, so that nobody can take a value.
    pub fn is_closed(&self) -> bool {
        let inner = self.inner.as_ref();
        inner.is_none_or(|inner| matches!(*inner.lock(), State::Closed))
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        // A sender that has sent has let go: there is no lock to take.
        let Some(inner) = self.inner.take() else {
            return;
        };
        if let State::Waiting(waker) = inner.close() {
            wake_all([waker]);
        }
    }
}

impl<T> Future for Receiver<T> {
    type Output = Result<T, Closed>;

    // ANCHOR: poll
    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<T, Closed>> {
        if let Some(inner) = &self.inner
            && Arc::strong_count(inner) > 1
            && inner.wait(cx.waker())
        {
            return Poll::Pending;
        }
        let end = self.inner.take().map(|inner| match Arc::try_unwrap(inner) {
            // The sender has let go, and nobody else can hold the lock.
            Ok(inner) => inner.0.into_inner().expect("nothing panics in it"),
            Err(inner) => inner.close(),
        });
        match end {
            Some(State::Sent(value)) => Poll::Ready(Ok(value)),
            _ => Poll::Ready(Err(Closed)),
        }
    }
    // ANCHOR_END: poll
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        if let Some(inner) = self.inner.take() {
            // A value or a waker, whose destructor is not ours.
            drop(inner.close());
        }
    }
}

impl<T> fmt::Debug for Sender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender").finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Receiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::proof::hostile::{Caught, Guest, Moment, caught, panics};
    use crate::proof::watchdog;
    use crate::wakers::contract::count::Counter;

    const LIMIT: Duration = Duration::from_secs(30);

    fn poll<T>(
        receiver: &mut Receiver<T>,
        waker: &Waker,
    ) -> Poll<Result<T, Closed>> {
        Pin::new(receiver).poll(&mut Context::from_waker(waker))
    }

    /// What is between the ends, and how many of them hold on to it.
    fn held<T>(receiver: &Receiver<T>) -> Option<usize> {
        receiver.inner.as_ref().map(Arc::strong_count)
    }

    #[test]
    fn an_end_that_is_done_has_let_go_and_its_drop_takes_no_lock() {
        let (sender, mut receiver) = channel();
        assert_eq!(held(&receiver), Some(2));
        assert_eq!(sender.send(7), Ok(()));
        assert_eq!(held(&receiver), Some(1));
        assert_eq!(poll(&mut receiver, Waker::noop()), Poll::Ready(Ok(7)));
        assert_eq!(held(&receiver), None);
    }

    #[test]
    fn the_newest_waker_is_woken() {
        let (sender, mut receiver) = channel();
        let ((a, waker_a), (b, waker_b)) = (Counter::new(), Counter::new());
        assert_eq!(poll(&mut receiver, &waker_a), Poll::Pending);
        assert_eq!(poll(&mut receiver, &waker_b), Poll::Pending);
        assert_eq!(poll(&mut receiver, &waker_b), Poll::Pending);
        assert_eq!((a.wakers(), b.wakers()), (1, 2));
        assert_eq!(sender.send(7), Ok(()));
        assert_eq!((a.wakes(), b.wakes()), (0, 1));
    }

    #[test]
    fn a_sender_dropped_later_wakes_whoever_waits() {
        let (sender, mut receiver) = channel::<u32>();
        let (counter, waker) = Counter::new();
        assert_eq!(poll(&mut receiver, &waker), Poll::Pending);
        drop(sender);
        assert_eq!(counter.wakes(), 1);
        assert_eq!(poll(&mut receiver, &waker), Poll::Ready(Err(Closed)));
    }

    #[test]
    fn a_dropped_receiver_gives_the_value_back() {
        let (sender, mut receiver) = channel();
        let (counter, waker) = Counter::new();
        assert_eq!(poll(&mut receiver, &waker), Poll::Pending);
        assert!(!sender.is_closed());
        drop(receiver);
        assert!(sender.is_closed());
        assert_eq!((counter.wakes(), counter.wakers()), (0, 1));
        assert_eq!(sender.send("back"), Err("back"));
    }

    #[test]
    fn a_value_nobody_takes_is_dropped_with_the_receiver() {
        let value = Arc::new(());
        let (sender, receiver) = channel();
        assert!(sender.send(value.clone()).is_ok());
        assert_eq!(Arc::strong_count(&value), 2);
        drop(receiver);
        assert_eq!(Arc::strong_count(&value), 1);
    }

    #[test]
    fn a_poll_after_the_end_says_closed() {
        let (sender, mut receiver) = channel();
        assert_eq!(sender.send(7), Ok(()));
        let mut again = || poll(&mut receiver, Waker::noop());
        assert_eq!(again(), Poll::Ready(Ok(7)));
        assert_eq!(again(), Poll::Ready(Err(Closed)));
    }

    #[test]
    fn a_waker_that_panics_loses_no_value() {
        let (sender, mut receiver) = channel();
        let guest = Guest::new();
        assert_eq!(poll(&mut receiver, &guest.waker()), Poll::Pending);
        guest.next(Moment::Wake, panics);
        assert_eq!(caught(|| sender.send(7)), Err(Caught::Guest));
        let answer = poll(&mut receiver, Waker::noop());
        assert_eq!((answer, guest.handles()), (Poll::Ready(Ok(7)), 0));
    }

    #[test]
    fn a_waker_that_panics_in_a_panic_does_not_end_the_process() {
        let (sender, mut receiver) = channel::<u32>();
        let guest = Guest::new();
        assert_eq!(poll(&mut receiver, &guest.waker()), Poll::Pending);
        guest.next(Moment::Wake, panics);
        let worker = || {
            let _sender = sender;
            std::panic::resume_unwind(Box::new("the worker's own"));
        };
        let own = Caught::Other("the worker's own".to_string());
        assert_eq!(caught::<()>(worker), Err(own));
        assert_eq!((guest.wakes(), guest.deeds_left()), (1, 0));
        let answer = poll(&mut receiver, Waker::noop());
        assert_eq!(answer, Poll::Ready(Err(Closed)));
    }

    #[test]
    fn a_clone_that_panics_leaves_the_channel_as_it_was() {
        let run = || {
            let (sender, mut receiver) = channel();
            let guest = Guest::new();
            let bad = guest.waker();
            let (counter, good) = Counter::new();
            assert_eq!(poll(&mut receiver, &good), Poll::Pending);
            guest.next(Moment::Clone, panics);
            let end = caught(|| poll(&mut receiver, &bad));
            assert_eq!(end, Err(Caught::Guest));
            assert!(!sender.is_closed());
            assert_eq!(sender.send(7), Ok(()));
            assert_eq!(counter.wakes(), 1);
            assert_eq!(poll(&mut receiver, &bad), Poll::Ready(Ok(7)));
            drop(bad);
            assert_eq!(guest.handles(), 0);
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
    }

    #[test]
    fn a_receiver_whose_poll_panicked_closes_when_it_is_dropped() {
        let (sender, mut receiver) = channel();
        let guest = Guest::new();
        guest.next(Moment::Clone, panics);
        let bad = guest.waker();
        assert!(caught(|| poll(&mut receiver, &bad)).is_err());
        drop(receiver);
        assert!(sender.is_closed());
        assert_eq!(sender.send(7), Err(7));
    }

    #[test]
    fn a_drop_that_panics_leaves_the_newest_waker_or_the_value() {
        let run = || {
            let (sender, mut receiver) = channel();
            let guest = Guest::new();
            let (counter, newest) = Counter::new();
            assert_eq!(poll(&mut receiver, &guest.waker()), Poll::Pending);
            // The waker of the poll before is dropped in the next.
            guest.next(Moment::Drop, panics);
            let end = caught(|| poll(&mut receiver, &newest));
            assert_eq!(end, Err(Caught::Guest));
            assert_eq!(sender.send(7), Ok(()));
            assert_eq!(counter.wakes(), 1);
            assert_eq!(poll(&mut receiver, &newest), Poll::Ready(Ok(7)));

            // A clone that is not needed is dropped in the same poll.
            let (sender, mut receiver) = channel();
            guest.next(Moment::Clone, move || {
                sender.send(7).expect("the receiver is there");
            });
            guest.next(Moment::Drop, panics);
            let waker = guest.waker();
            let end = caught(|| poll(&mut receiver, &waker));
            assert_eq!(end, Err(Caught::Guest));
            assert_eq!(poll(&mut receiver, &newest), Poll::Ready(Ok(7)));
            drop(waker);
            assert_eq!((guest.handles(), guest.deeds_left()), (0, 0));
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
    }

    #[test]
    fn a_waker_that_is_stored_already_is_not_cloned_again() {
        let (_sender, mut receiver) = channel::<u32>();
        let guest = Guest::new();
        let waker = guest.waker();
        for _ in 0..1000 {
            assert_eq!(poll(&mut receiver, &waker), Poll::Pending);
        }
        assert_eq!(guest.times(Moment::Clone), 1);
    }

    #[test]
    fn a_clone_of_a_waker_may_send() {
        let run = || {
            let (sender, mut receiver) = channel();
            let guest = Guest::new();
            guest.next(Moment::Clone, move || {
                sender.send(7).expect("the receiver is there");
            });
            let answer = poll(&mut receiver, &guest.waker());
            assert_eq!((answer, guest.handles()), (Poll::Ready(Ok(7)), 0));
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
    }

    #[test]
    fn the_last_waker_of_a_task_may_drop_the_sender() {
        let run = || {
            let guest = Guest::new();
            let (sender, mut receiver) = channel::<u32>();
            let last = guest.waker_holding(sender);
            assert_eq!(poll(&mut receiver, &last), Poll::Pending);
            drop(last);
            let (counter, waker) = Counter::new();
            assert_eq!(poll(&mut receiver, &waker), Poll::Pending);
            assert_eq!((counter.wakes(), guest.handles()), (1, 0));
            assert_eq!(poll(&mut receiver, &waker), Poll::Ready(Err(Closed)));
            // And it is the last when the receiver is dropped.
            let (sender, mut receiver) = channel::<u32>();
            let last = guest.waker_holding(sender);
            assert_eq!(poll(&mut receiver, &last), Poll::Pending);
            drop(last);
            drop(receiver);
            assert_eq!(guest.handles(), 0);
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
    }

    #[test]
    fn the_error_says_what_happened() {
        assert_eq!(
            Closed.to_string(),
            "the sender was dropped without a value"
        );
    }
}
