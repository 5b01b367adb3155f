//! A channel for many values, from many senders to one receiver, no limit.

use std::collections::VecDeque;
use std::error::Error;
use std::fmt;
use std::future::poll_fn;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

// ANCHOR: state
struct State<T> {
    queue: VecDeque<T>,
    /// The newest waker of the receiver, while it waits.
    receiver: Option<Waker>,
    senders: usize,
    /// The receiver has gone, or wants no more.
    closed: bool,
}

struct Shared<T>(Mutex<State<T>>);

/// One of the ends that give values; see [`channel`].
pub struct Sender<T> {
    shared: Arc<Shared<T>>,
}

/// The end that takes the values; see [`channel`].
pub struct Receiver<T> {
    shared: Arc<Shared<T>>,
}
// ANCHOR_END: state

impl<T> Shared<T> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        // A panic under the lock leaves a whole state.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The receiver has gone, and here is the value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SendError<T>(pub T);

impl<T> fmt::Debug for SendError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SendError(..)")
    }
}

impl<T> fmt::Display for SendError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the receiver was dropped or has closed the channel")
    }
}

impl<T> Error for SendError<T> {}

/// [`Receiver::try_recv`] has no value to give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TryRecvError {
    /// None is there now.
    Empty,
    /// No other will come.
    Closed,
}

impl fmt::Display for TryRecvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TryRecvError::Empty => "the channel is empty",
            TryRecvError::Closed => "the channel is empty and closed",
        })
    }
}

impl Error for TryRecvError {}

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

/// A channel for any number of values.
///
/// The sender can be cloned. Values arrive in the order in which they were
/// sent.
pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let shared = Arc::new(Shared(Mutex::new(State {
        queue: VecDeque::new(),
        receiver: None,
        senders: 1,
        closed: false,
    })));
    (Sender { shared: shared.clone() }, Receiver { shared })
}

// ANCHOR: send
impl<T> Sender<T> {
    /// Gives a value, and wakes the receiver if it waits.
    ///
    /// # Errors
    /// The value, when the receiver has been dropped or has closed the
    /// channel.
    pub fn send(&self, value: T) -> Result<(), SendError<T>> {
        let mut state = self.shared.lock();
        if state.closed {
            return Err(SendError(value));
        }
        state.queue.push_back(value);
        let receiver = state.receiver.take();
        drop(state);
        wake(receiver);
        Ok(())
    }
}

pub(super) fn wake(waker: Option<Waker>) {
    if let Some(waker) = waker {
        waker.wake();
    }
}
// ANCHOR_END: send

// ANCHOR: next
impl<T> State<T> {
    /// The next value, or the end. Pending while there may be more.
    fn next(&mut self) -> Poll<Option<T>> {
        match self.queue.pop_front() {
            Some(value) => Poll::Ready(Some(value)),
            None if self.senders == 0 || self.closed => Poll::Ready(None),
            None => Poll::Pending,
        }
    }
}
// ANCHOR_END: next

// ANCHOR: recv
impl<T> Receiver<T> {
    /// Waits for the next value. `None` when all have been taken and every
    /// sender is gone, or the channel was closed.
    ///
    /// Cancel safety: dropping the future loses no value. The channel keeps
    /// the waker of its last poll until something comes.
    pub async fn recv(&mut self) -> Option<T> {
        poll_fn(|cx| self.poll_recv(cx)).await
    }

    /// One poll of [`recv`](Receiver::recv). The newest waker is woken.
    pub fn poll_recv(&mut self, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let looked = self.shared.lock().next();
        if looked.is_ready() {
            return looked;
        }
        // A clone is the waker's own code, so no lock is held meanwhile.
        let newest = cx.waker().clone();
        let old = self.shared.lock().receiver.replace(newest);
        drop(old);
        // Something may have come since.
        self.shared.lock().next()
    }
}
// ANCHOR_END: recv

impl<T> Receiver<T> {
    /// The next value, if one is there. Never waits.
    ///
    /// # Errors
    /// [`TryRecvError`], when there is none.
    pub fn try_recv(&mut self) -> Result<T, TryRecvError> {
        match self.shared.lock().next() {
            Poll::Ready(Some(value)) => Ok(value),
            Poll::Ready(None) => Err(TryRecvError::Closed),
            Poll::Pending => Err(TryRecvError::Empty),
        }
    }

    /// Lets nothing more in. What has been sent can still be received.
    pub fn close(&mut self) {
        self.shared.lock().closed = true;
    }

    /// How many values wait to be taken.
    pub fn waiting(&self) -> usize {
        self.shared.lock().queue.len()
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Sender<T> {
        self.shared.lock().senders += 1;
        Sender { shared: self.shared.clone() }
    }
}

// ANCHOR: close
impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        state.senders -= 1;
        if state.senders == 0 {
            let receiver = state.receiver.take();
            drop(state);
            wake(receiver);
        }
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        state.closed = true;
        let values = mem::take(&mut state.queue);
        let receiver = state.receiver.take();
        drop(state);
        // Their destructors are not our code: no lock is held now.
        drop((values, receiver));
    }
}
// ANCHOR_END: close

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::task::Wake;
    use std::thread;
    use std::time::Duration;

    use super::*;
    use crate::proof::hostile::{Caught, Guest, Moment, caught, panics};
    use crate::proof::watchdog;
    use crate::wakers::block_on::flag::block_on;
    use crate::wakers::contract::count::Counter;

    const LIMIT: Duration = Duration::from_secs(30);

    fn poll<T>(receiver: &mut Receiver<T>, waker: &Waker) -> Poll<Option<T>> {
        receiver.poll_recv(&mut Context::from_waker(waker))
    }

    #[test]
    fn values_arrive_in_order_and_then_the_end() {
        let (sender, mut receiver) = channel();
        let second = sender.clone();
        assert!(sender.send(1).is_ok());
        assert!(second.send(2).is_ok());
        assert!(sender.send(3).is_ok());
        assert_eq!(receiver.waiting(), 3);
        drop((sender, second));
        let mut next = || poll(&mut receiver, Waker::noop());
        assert_eq!(next(), Poll::Ready(Some(1)));
        assert_eq!(next(), Poll::Ready(Some(2)));
        assert_eq!(next(), Poll::Ready(Some(3)));
        assert_eq!(next(), Poll::Ready(None));
        assert_eq!(next(), Poll::Ready(None));
    }

    #[test]
    fn a_receiver_that_waits_is_woken_once_for_many_values() {
        let (sender, mut receiver) = channel();
        let (counter, waker) = Counter::new();
        assert_eq!(poll(&mut receiver, &waker), Poll::Pending);
        for value in 0..10 {
            assert!(sender.send(value).is_ok());
        }
        assert_eq!((counter.wakes(), counter.wakers()), (1, 1));
        for value in 0..10 {
            assert_eq!(poll(&mut receiver, &waker), Poll::Ready(Some(value)));
        }
    }

    #[test]
    fn the_newest_waker_of_the_receiver_is_woken() {
        let (sender, mut receiver) = channel();
        let ((a, waker_a), (b, waker_b)) = (Counter::new(), Counter::new());
        assert_eq!(poll(&mut receiver, &waker_a), Poll::Pending);
        assert_eq!(poll(&mut receiver, &waker_b), Poll::Pending);
        assert_eq!(poll(&mut receiver, &waker_b), Poll::Pending);
        assert_eq!((a.wakers(), b.wakers()), (1, 2));
        assert!(sender.send(7).is_ok());
        assert_eq!((a.wakes(), b.wakes()), (0, 1));
    }

    #[test]
    fn the_last_sender_that_goes_wakes_the_receiver() {
        let (sender, mut receiver) = channel::<u32>();
        let second = sender.clone();
        let (counter, waker) = Counter::new();
        assert_eq!(poll(&mut receiver, &waker), Poll::Pending);
        drop(sender);
        assert_eq!(counter.wakes(), 0);
        drop(second);
        assert_eq!(counter.wakes(), 1);
        assert_eq!(poll(&mut receiver, &waker), Poll::Ready(None));
    }

    #[test]
    fn a_dropped_receiver_drops_what_waits_and_gives_back_what_comes() {
        let value = Arc::new(());
        let (sender, mut receiver) = channel();
        let (counter, waker) = Counter::new();
        assert!(poll(&mut receiver, &waker).is_pending());
        assert!(sender.send(value.clone()).is_ok());
        assert_eq!(Arc::strong_count(&value), 2);
        drop(receiver);
        assert_eq!((Arc::strong_count(&value), counter.wakers()), (1, 1));
        let SendError(back) = sender.send(value).expect_err("it is closed");
        assert_eq!(Arc::strong_count(&back), 1);
    }

    #[test]
    fn a_cancelled_recv_loses_nothing() {
        let (sender, mut receiver) = channel();
        {
            let mut cancelled = Box::pin(receiver.recv());
            let mut cx = Context::from_waker(Waker::noop());
            assert!(cancelled.as_mut().poll(&mut cx).is_pending());
            assert!(sender.send(7).is_ok());
        }
        assert_eq!(poll(&mut receiver, Waker::noop()), Poll::Ready(Some(7)));
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
        assert_eq!(poll(&mut receiver, Waker::noop()), Poll::Ready(Some(7)));
    }

    #[test]
    fn a_sender_that_panics_closes() {
        let run = || {
            let (sender, mut receiver) = channel();
            let thread = thread::spawn(move || {
                assert!(sender.send(7).is_ok());
                panic!("on purpose");
            });
            let got = block_on(async {
                [receiver.recv().await, receiver.recv().await]
            });
            assert!(thread.join().is_err());
            got
        };
        assert_eq!(watchdog(LIMIT, run), Ok([Some(7), None]));
    }

    /// The waker of a task that holds a sender.
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
            // The sender goes with the old waker, before the last look.
            poll(&mut receiver, Waker::noop())
        };
        assert_eq!(watchdog(LIMIT, run), Ok(Poll::Ready(None)));
    }

    /// A value that owns a sender of its own channel.
    struct Own(#[expect(dead_code, reason = "held to drop")] Sender<Own>);

    #[test]
    fn a_value_that_nobody_took_may_own_a_sender() {
        let run = || {
            let (sender, receiver) = channel();
            assert!(sender.send(Own(sender.clone())).is_ok());
            let waker = Guest::new();
            drop(receiver);
            drop(sender);
            waker.handles()
        };
        assert_eq!(watchdog(LIMIT, run), Ok(0));
    }

    #[test]
    fn a_waker_that_goes_with_the_receiver_may_own_the_sender() {
        let run = || {
            let guest = Guest::new();
            let (sender, mut receiver) = channel::<u32>();
            let last = guest.waker_holding(sender);
            assert_eq!(poll(&mut receiver, &last), Poll::Pending);
            drop(last);
            drop(receiver);
            guest.handles()
        };
        assert_eq!(watchdog(LIMIT, run), Ok(0));
    }

    #[test]
    fn a_waker_that_comes_back_in_its_clone_meets_no_lock() {
        let run = || {
            let (sender, mut receiver) = channel();
            let guest = Guest::new();
            guest.next(Moment::Clone, move || {
                sender.send(7).expect("it is open");
            });
            let got = poll(&mut receiver, &guest.waker());
            (got, guest.deeds_left())
        };
        assert_eq!(watchdog(LIMIT, run), Ok((Poll::Ready(Some(7)), 0)));
    }

    #[test]
    fn a_drop_that_panics_loses_no_value() {
        let run = || {
            let (sender, mut receiver) = channel();
            let guest = Guest::new();
            guest.next(Moment::Clone, move || {
                sender.send(7).expect("it is open");
            });
            guest.next(Moment::Drop, panics);
            let bad = guest.waker();
            let got = caught(|| poll(&mut receiver, &bad));
            let got = got.unwrap_or_else(|_| poll(&mut receiver, &bad));
            let _ = caught(|| drop(bad));
            (got, guest.deeds_left())
        };
        assert_eq!(watchdog(LIMIT, run), Ok((Poll::Ready(Some(7)), 0)));
    }

    #[test]
    fn a_waker_that_panics_in_its_clone_breaks_nothing() {
        let (sender, mut receiver) = channel();
        let guest = Guest::new();
        guest.next(Moment::Clone, panics);
        let waker = guest.waker();
        let poll_it = || poll(&mut receiver, &waker).is_ready();
        assert_eq!(caught(poll_it), Err(Caught::Guest));
        assert!(sender.send(7).is_ok());
        assert_eq!(poll(&mut receiver, &waker), Poll::Ready(Some(7)));
    }

    #[test]
    fn a_receiver_looks_without_waiting_and_closes() {
        let (sender, mut receiver) = channel();
        assert_eq!(receiver.try_recv(), Err(TryRecvError::Empty));
        assert!(sender.send(1).is_ok());
        receiver.close();
        assert_eq!(sender.send(2), Err(SendError(2)));
        assert_eq!(receiver.try_recv(), Ok(1));
        assert_eq!(receiver.try_recv(), Err(TryRecvError::Closed));
        assert_eq!(poll(&mut receiver, Waker::noop()), Poll::Ready(None));
    }

    #[test]
    fn many_senders_on_many_threads_are_all_heard_each_in_order() {
        let run = || {
            let (sender, mut receiver) = channel();
            for thread in 0..4 {
                let sender = sender.clone();
                thread::spawn(move || {
                    for n in 0..100 {
                        assert!(sender.send((thread, n)).is_ok());
                    }
                });
            }
            drop(sender);
            let mut next = [0; 4];
            block_on(async {
                while let Some((thread, n)) = receiver.recv().await {
                    assert_eq!(next[thread], n);
                    next[thread] += 1;
                }
            });
            next
        };
        assert_eq!(watchdog(LIMIT, run), Ok([100; 4]));
    }

    #[test]
    fn the_errors_say_what_happened() {
        let closed = "the receiver was dropped or has closed the channel";
        assert_eq!(SendError(7).to_string(), closed);
        let (empty, closed) = (TryRecvError::Empty, TryRecvError::Closed);
        assert_eq!(empty.to_string(), "the channel is empty");
        assert_eq!(closed.to_string(), "the channel is empty and closed");
    }
}
