//! A channel for one value of any type, which either end can close.

use std::error::Error;
use std::fmt;
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

// ANCHOR: state
enum State<T> {
    /// Nothing has happened yet.
    Empty,
    /// The receiver came first.
    Waiting(Waker),
    /// The sender came first.
    Sent(T),
    /// The value was taken, or one of the ends has gone.
    Closed,
}

impl<T> State<T> {
    /// Leaves a waker, and returns what was there.
    fn wait(&mut self, waker: &Waker) -> Option<State<T>> {
        match self {
            State::Waiting(old) if old.will_wake(waker) => None,
            _ => Some(mem::replace(self, State::Waiting(waker.clone()))),
        }
    }
}

struct Inner<T>(Mutex<State<T>>);

impl<T> Inner<T> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        // A panic under the lock leaves a whole state: `Closed` at worst.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn into_state(self) -> State<T> {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// Closes, and returns what was there.
    fn close(&self) -> State<T> {
        mem::replace(&mut *self.lock(), State::Closed)
    }
}
// ANCHOR_END: state

// ANCHOR: ends
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
    let inner = Arc::new(Inner(Mutex::new(State::Empty)));
    (Sender { inner: Some(inner.clone()) }, Receiver { inner: Some(inner) })
}

// ANCHOR: sender
impl<T> Sender<T> {
    /// Gives the value, and wakes the receiver if it waits.
    ///
    /// # Errors
    /// The value, when the receiver has been dropped.
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

    /// Whether the receiver has been dropped, so that a value is in vain.
    pub fn is_closed(&self) -> bool {
        let inner = self.inner.as_ref();
        inner.is_none_or(|inner| matches!(*inner.lock(), State::Closed))
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        let Some(inner) = self.inner.take() else {
            return;
        };
        if let State::Waiting(waker) = inner.close() {
            waker.wake();
        }
    }
}
// ANCHOR_END: sender

// ANCHOR: receiver
impl<T> Future for Receiver<T> {
    type Output = Result<T, Closed>;

    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<T, Closed>> {
        let Some(inner) = self.inner.take() else {
            return Poll::Ready(Err(Closed));
        };
        let end = match Arc::try_unwrap(inner) {
            // The sender has let go. Who is alone needs no lock.
            Ok(inner) => inner.into_state(),
            Err(inner) => {
                let mut state = inner.lock();
                if let State::Empty | State::Waiting(_) = *state {
                    let old = state.wait(cx.waker());
                    drop(state);
                    self.inner = Some(inner);
                    drop(old);
                    return Poll::Pending;
                }
                mem::replace(&mut *state, State::Closed)
            }
        };
        match end {
            State::Sent(value) => Poll::Ready(Ok(value)),
            _ => Poll::Ready(Err(Closed)),
        }
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        if let Some(inner) = self.inner.take() {
            // A value or a waker: its destructor is not ours.
            drop(inner.close());
        }
    }
}
// ANCHOR_END: receiver

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::task::Wake;
    use std::thread;
    use std::time::Duration;

    use futures::join;

    use super::*;
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

    struct Bad;

    impl Wake for Bad {
        fn wake(self: Arc<Self>) {
            panic!("on purpose");
        }
    }

    #[test]
    fn a_waker_that_panics_loses_no_value() {
        let (sender, mut receiver) = channel();
        let bad = Waker::from(Arc::new(Bad));
        assert_eq!(poll(&mut receiver, &bad), Poll::Pending);
        let send = AssertUnwindSafe(|| sender.send(7));
        assert!(catch_unwind(send).is_err());
        let answer = poll(&mut receiver, Waker::noop());
        assert_eq!(answer, Poll::Ready(Ok(7)));
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

    /// The waker of a task that holds the sender.
    struct Holds(#[expect(dead_code, reason = "held to drop")] Sender<u32>);

    impl Wake for Holds {
        fn wake(self: Arc<Self>) {}
    }

    #[test]
    fn the_last_waker_of_a_task_may_drop_the_sender() {
        let run = || {
            let (sender, mut receiver) = channel();
            let last = Waker::from(Arc::new(Holds(sender)));
            assert_eq!(poll(&mut receiver, &last), Poll::Pending);
            drop(last);
            let (counter, waker) = Counter::new();
            assert_eq!(poll(&mut receiver, &waker), Poll::Pending);
            assert_eq!(counter.wakes(), 1);
            poll(&mut receiver, &waker)
        };
        assert_eq!(watchdog(LIMIT, run), Ok(Poll::Ready(Err(Closed))));
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
}
