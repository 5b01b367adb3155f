//! A channel for one value of any type, which either end can close.

use std::error::Error;
use std::fmt;
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use crate::wakers::contract::wake_all::wake_all;

// ANCHOR: state
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

/// Whether the waker that is stored wakes the same task as `waker`.
fn waits<T>(state: &Mutex<State<T>>, waker: &Waker) -> bool {
    match &*state.lock().expect("nothing panics in it") {
        State::Waiting(kept) => kept.will_wake(waker),
        _ => false,
    }
}

/// Closes, and returns what was there. The caller drops it, with the lock
/// free.
fn close<T>(state: &Mutex<State<T>>) -> State<T> {
    let mut state = state.lock().expect("nothing panics in it");
    mem::replace(&mut *state, State::Closed)
}
// ANCHOR_END: state

// ANCHOR: ends
/// The end that gives the value; see [`channel`].
pub struct Sender<T> {
    state: Arc<Mutex<State<T>>>,
}

/// The end that waits for the value; see [`channel`].
#[must_use = "futures do nothing unless polled"]
pub struct Receiver<T> {
    state: Arc<Mutex<State<T>>>,
}
// ANCHOR_END: ends

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
    let state = Arc::new(Mutex::new(State::Empty));
    (Sender { state: state.clone() }, Receiver { state })
}

// ANCHOR: sender
impl<T> Sender<T> {
    /// Gives the value, and wakes the receiver if it waits.
    ///
    /// # Errors
    /// The value, when the receiver has been dropped.
    ///
    /// # Panics
    /// When the receiver's waker panics. The value has been sent then.
    pub fn send(self, value: T) -> Result<(), T> {
        let mut state = self.state.lock().expect("nothing panics in it");
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
        let state = self.state.lock().expect("nothing panics in it");
        matches!(*state, State::Closed)
    }
}
// ANCHOR_END: sender

// ANCHOR: sender_drop
impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        let mut state = self.state.lock().expect("nothing panics in it");
        if let State::Sent(_) = *state {
            return;
        }
        let before = mem::replace(&mut *state, State::Closed);
        drop(state);
        if let State::Waiting(waker) = before {
            // Not `wake`: we may be here because our thread panics, and a
            // second panic would end the process.
            wake_all([waker]);
        }
    }
}
// ANCHOR_END: sender_drop

// ANCHOR: receiver
impl<T> Future for Receiver<T> {
    type Output = Result<T, Closed>;

    fn poll(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<T, Closed>> {
        if waits(&self.state, cx.waker()) {
            return Poll::Pending;
        }
        let mut waiting = State::Waiting(cx.waker().clone());
        let mut state = self.state.lock().expect("nothing panics in it");
        if let State::Empty | State::Waiting(_) = *state {
            mem::swap(&mut *state, &mut waiting);
            drop(state);
            // `waiting` now holds the waker of the previous poll, if any.
            drop(waiting);
            return Poll::Pending;
        }
        drop(state);
        // Dropped before the value is taken: if this drop panics, the next poll
        // still finds the value.
        drop(waiting);
        match close(&self.state) {
            State::Sent(value) => Poll::Ready(Ok(value)),
            _ => Poll::Ready(Err(Closed)),
        }
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        // The lock is free again when the value, or the waker, is dropped.
        drop(close(&self.state));
    }
}
// ANCHOR_END: receiver

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
    use std::task::Wake;
    use std::thread;
    use std::time::Duration;

    use futures::join;

    use super::*;
    use crate::proof::hostile::{
        Caught, Guest, Moment, OnDrop, caught, panics,
    };
    use crate::proof::watchdog;
    use crate::wakers::block_on::flag::block_on;
    use crate::wakers::contract::count::{Counter, Look, look};

    const LIMIT: Duration = Duration::from_secs(30);

    fn poll<T>(
        receiver: &mut Receiver<T>,
        waker: &Waker,
    ) -> Poll<Result<T, Closed>> {
        Pin::new(receiver).poll(&mut Context::from_waker(waker))
    }

    #[test]
    fn a_value_that_came_first_is_there_and_no_waker_is_kept() {
        let (sender, receiver) = channel();
        assert_eq!(sender.send(7), Ok(()));
        let ready = Look { pending: false, wakes: 0, kept: 0 };
        assert_eq!(look(receiver), ready);
    }

    #[test]
    fn a_receiver_that_came_first_is_woken_once() {
        let (sender, mut receiver) = channel();
        let (counter, waker) = Counter::new();
        assert_eq!(poll(&mut receiver, &waker), Poll::Pending);
        assert_eq!(sender.send(7), Ok(()));
        assert_eq!((counter.wakes(), counter.wakers()), (1, 1));
        assert_eq!(poll(&mut receiver, &waker), Poll::Ready(Ok(7)));
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
    fn a_sender_dropped_first_closes() {
        let (sender, mut receiver) = channel::<u32>();
        drop(sender);
        let answer = poll(&mut receiver, Waker::noop());
        assert_eq!(answer, Poll::Ready(Err(Closed)));
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
    fn a_worker_that_panics_closes() {
        let run = || {
            let (sender, receiver) = channel::<u32>();
            let (waits, was_polled) = std::sync::mpsc::channel();
            let worker = thread::spawn(move || {
                let _sender = sender;
                was_polled.recv().expect("the receiver is polled");
                panic!("on purpose");
            });
            let tell = async { waits.send(()).expect("the worker is there") };
            let (answer, ()) = block_on(async { join!(receiver, tell) });
            assert!(worker.join().is_err());
            answer
        };
        assert_eq!(watchdog(LIMIT, run), Ok(Err(Closed)));
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
            // A clone that is not needed is dropped in the same poll.
            let waker = guest.waker();
            guest.next(Moment::Drop, panics);
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
    fn a_value_whose_destructor_panics_closes_all_the_same() {
        let (sender, receiver) = channel();
        assert!(sender.send(OnDrop::panics()).is_ok());
        assert_eq!(caught(|| drop(receiver)), Err(Caught::Guest));

        let (sender, receiver) = channel();
        drop(receiver);
        let back = sender.send(OnDrop::panics()).expect_err("it is closed");
        assert_eq!(caught(|| drop(back)), Err(Caught::Guest));
    }

    /// A task whose waker polls on the spot.
    struct OnTheSpot(Mutex<(Receiver<u32>, Option<u32>)>);

    impl Wake for OnTheSpot {
        fn wake(self: Arc<Self>) {
            let (receiver, value) = &mut *self.0.lock().unwrap();
            if let Poll::Ready(Ok(it)) = poll(receiver, Waker::noop()) {
                *value = Some(it);
            }
        }
    }

    #[test]
    fn a_waker_may_poll_on_the_spot() {
        let run = || {
            let (sender, receiver) = channel();
            let task = Arc::new(OnTheSpot(Mutex::new((receiver, None))));
            let waker = Waker::from(task.clone());
            let first = poll(&mut task.0.lock().unwrap().0, &waker);
            assert_eq!(first, Poll::Pending);
            assert_eq!(sender.send(7), Ok(()));
            task.0.lock().unwrap().1
        };
        assert_eq!(watchdog(LIMIT, run), Ok(Some(7)));
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
    fn many_values_from_other_threads_arrive() {
        let run = || {
            for value in 0..100 {
                let (sender, receiver) = channel();
                let other = thread::spawn(move || sender.send(value));
                assert_eq!(block_on(receiver), Ok(value));
                assert_eq!(other.join().expect("it sends"), Ok(()));
            }
        };
        assert_eq!(watchdog(LIMIT, run), Ok(()));
    }

    #[test]
    fn of_two_ends_dropped_at_once_none_waits() {
        let run = || {
            let (sender, mut receiver) = channel::<Arc<()>>();
            let value = Arc::new(());
            let copy = value.clone();
            let other = thread::spawn(move || drop(sender.send(copy)));
            let _ = poll(&mut receiver, Waker::noop());
            drop(receiver);
            other.join().expect("a send does not panic");
            Arc::strong_count(&value)
        };
        assert_eq!(watchdog(LIMIT, run), Ok(1));
    }

    #[test]
    fn the_error_says_what_happened() {
        assert_eq!(
            Closed.to_string(),
            "the sender was dropped without a value"
        );
    }
}
