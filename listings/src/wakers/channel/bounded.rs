//! A bounded channel, whose senders may be cancelled, and which either end
//! can close.

use std::collections::VecDeque;
use std::error::Error;
use std::fmt;
use std::future::poll_fn;
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};

pub use super::unbounded::SendError;
pub use super::unbounded::TryRecvError;
use super::unbounded::wake;
use super::waiters::Waiters;
use crate::wakers::contract::wake_all::wake_all;

struct State<T> {
    queue: VecDeque<T>,
    /// How many places are neither filled nor given to a sender.
    free: usize,
    /// The senders that wait for a place.
    waiters: Waiters,
    /// The newest waker of the receiver, while it waits.
    receiver: Option<Waker>,
    senders: usize,
    /// The receiver has gone, or wants no more.
    closed: bool,
}

impl<T> State<T> {
    /// Gives a place to the sender that has waited longest, which is to be
    /// woken. If none waits, the place is free.
    fn give_place(&mut self) -> Option<Waker> {
        let Some((_, waker)) = self.waiters.serve() else {
            self.free += 1;
            return None;
        };
        Some(waker)
    }

    /// The next value, and the sender that gets its place; or the end.
    /// Pending while there may be more.
    fn next(&mut self) -> Poll<Option<(T, Option<Waker>)>> {
        match self.queue.pop_front() {
            Some(value) => Poll::Ready(Some((value, self.give_place()))),
            None if self.senders == 0 || self.closed => Poll::Ready(None),
            None => Poll::Pending,
        }
    }
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

impl<T> Shared<T> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        // A panic under the lock leaves a whole state.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// [`Sender::try_send`] did not send, and here is the value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum TrySendError<T> {
    /// Every place is taken, or promised to a sender that waits.
    Full(T),
    /// The receiver has been dropped or has closed the channel.
    Closed(T),
}

impl<T> fmt::Debug for TrySendError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TrySendError::Full(_) => "Full(..)",
            TrySendError::Closed(_) => "Closed(..)",
        })
    }
}

impl<T> fmt::Display for TrySendError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TrySendError::Full(_) => "the channel is full",
            TrySendError::Closed(_) => "the channel is closed",
        })
    }
}

impl<T> Error for TrySendError<T> {}

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

impl<T> fmt::Debug for Sending<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sending").finish_non_exhaustive()
    }
}

/// A channel that holds at most `capacity` values.
///
/// The sender can be cloned. Values arrive in the order in which they were
/// put into the channel. Places are given in the order in which senders came,
/// but a sender uses its place when it is polled next.
///
/// # Panics
/// When the capacity is 0.
pub fn channel<T>(capacity: usize) -> (Sender<T>, Receiver<T>) {
    assert!(capacity > 0, "a channel without a place carries nothing");
    let shared = Arc::new(Shared(Mutex::new(State {
        queue: VecDeque::new(),
        free: capacity,
        waiters: Waiters::default(),
        receiver: None,
        senders: 1,
        closed: false,
    })));
    (Sender { shared: shared.clone() }, Receiver { shared })
}

/// A value on its way into the channel; see [`Sender::send`].
#[must_use = "futures do nothing unless polled"]
pub struct Sending<'a, T> {
    sender: &'a Sender<T>,
    value: Option<T>,
    /// Its number in the line, if it had to wait.
    number: Option<u64>,
}

// No pin leads to the value.
impl<T> Unpin for Sending<'_, T> {}

impl<T> Sender<T> {
    /// Waits for a place and puts `value` there. Senders that wait get their
    /// places in the order in which they came.
    ///
    /// The future gives an error, with the value, when the receiver has been
    /// dropped or has closed the channel. It panics when it is polled after
    /// it was ready.
    ///
    /// Cancel safety: if the future is dropped before it is ready, the value
    /// was not sent and is dropped, and its turn goes to the next in line.
    pub fn send(&self, value: T) -> Sending<'_, T> {
        Sending { sender: self, value: Some(value), number: None }
    }

    // ANCHOR: try_send
    /// Puts `value` into the channel if a place is free. Never waits.
    ///
    /// # Errors
    /// The value, when every place is taken or promised, or the receiver has
    /// been dropped or has closed the channel.
    pub fn try_send(&self, value: T) -> Result<(), TrySendError<T>> {
        let mut state = self.shared.lock();
        if state.closed {
            return Err(TrySendError::Closed(value));
        }
        if state.free == 0 {
            return Err(TrySendError::Full(value));
        }
        state.free -= 1;
        state.queue.push_back(value);
        let receiver = state.receiver.take();
        drop(state);
        wake(receiver);
        Ok(())
    }
    // ANCHOR_END: try_send

    /// Whether the receiver has been dropped or has closed the channel.
    pub fn is_closed(&self) -> bool {
        self.shared.lock().closed
    }
}

// ANCHOR: poll
impl<T> Sending<'_, T> {
    /// Whether the wait is over: this sender has a place, or nothing is let
    /// in any more.
    fn is_over(&self, state: &State<T>) -> bool {
        let has_place = match self.number {
            None => state.free > 0,
            Some(number) => !state.waiters.contains(number),
        };
        has_place || state.closed
    }

    /// Puts the value into its place, and wakes the receiver.
    fn put(
        &mut self,
        mut state: MutexGuard<'_, State<T>>,
    ) -> Result<(), SendError<T>> {
        let value = self.value.take().expect("polled after it was ready");
        let number = self.number.take();
        if state.closed {
            return Err(SendError(value));
        }
        if number.is_none() {
            state.free -= 1;
        }
        state.queue.push_back(value);
        let receiver = state.receiver.take();
        drop(state);
        wake(receiver);
        Ok(())
    }
}
// ANCHOR_END: poll

impl<T> Future for Sending<'_, T> {
    type Output = Result<(), SendError<T>>;

    fn poll(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), SendError<T>>> {
        let this = self.get_mut();
        let shared = &this.sender.shared;
        let state = shared.lock();
        if this.is_over(&state) {
            return Poll::Ready(this.put(state));
        }
        drop(state);

        // A clone is the waker's own code, so no lock is held meanwhile.
        let waker = cx.waker().clone();
        let mut state = shared.lock();
        // A place may have become free since.
        if this.is_over(&state) {
            return Poll::Ready(this.put(state));
        }
        let old = match this.number {
            Some(number) => Some(state.waiters.renew(number, waker)),
            None => {
                assert!(this.value.is_some(), "polled after it was ready");
                this.number = Some(state.waiters.join(waker));
                None
            }
        };
        drop(state);
        drop(old);
        Poll::Pending
    }
}

// ANCHOR: cancelled
impl<T> Drop for Sending<'_, T> {
    fn drop(&mut self) {
        if let Some(number) = self.number {
            self.sender.leave(number);
        }
    }
}

impl<T> Sender<T> {
    // `#[cold]` says that it is seldom called: most sends do not wait.
    #[cold]
    fn leave(&self, number: u64) {
        let mut state = self.shared.lock();
        let waker = state.waiters.leave(number);
        let was_served = waker.is_none();
        // A place that was given and is not used goes to the next.
        let next = if was_served { state.give_place() } else { None };
        drop(state);
        drop(waker);
        wake_all(next);
    }
}
// ANCHOR_END: cancelled

impl<T> Receiver<T> {
    /// Waits for the next value. `None` when all have been taken and every
    /// sender is gone, or the channel was closed.
    ///
    /// It panics when the waker of the sender that gets the place does. The
    /// value is dropped then.
    ///
    /// Cancel safety: dropping the future loses no value. The channel keeps
    /// the waker of its last poll until something comes.
    pub async fn recv(&mut self) -> Option<T> {
        poll_fn(|cx| self.poll_recv(cx)).await
    }

    /// One poll of [`recv`](Receiver::recv). The newest waker is woken.
    pub fn poll_recv(&mut self, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let mut looked = self.shared.lock().next();
        if looked.is_pending() {
            let newest = cx.waker().clone();
            let old = self.shared.lock().receiver.replace(newest);
            drop(old);
            looked = self.shared.lock().next();
        }
        let next = ready!(looked);
        Poll::Ready(next.map(|(value, sender)| {
            wake(sender);
            value
        }))
    }

    /// The next value, if one is there. Never waits.
    ///
    /// # Errors
    /// [`TryRecvError`], when there is none.
    pub fn try_recv(&mut self) -> Result<T, TryRecvError> {
        let looked = self.shared.lock().next();
        match looked {
            Poll::Ready(Some((value, sender))) => {
                wake(sender);
                Ok(value)
            }
            Poll::Ready(None) => Err(TryRecvError::Closed),
            Poll::Pending => Err(TryRecvError::Empty),
        }
    }

    /// Lets nothing more in. What has been sent can still be received. A
    /// sender that waits is woken and gets its value back.
    pub fn close(&mut self) {
        let mut state = self.shared.lock();
        state.closed = true;
        let senders = state.waiters.take_all();
        drop(state);
        wake_all(senders);
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

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        state.senders -= 1;
        if state.senders == 0 {
            let receiver = state.receiver.take();
            drop(state);
            wake_all(receiver);
        }
    }
}

// ANCHOR: close
impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        state.closed = true;
        let values = mem::take(&mut state.queue);
        let receiver = state.receiver.take();
        let senders = state.waiters.take_all();
        drop(state);
        // Wakers and values run code of their own: no lock is held now. The
        // values are dropped last, and also when a waker panics.
        wake_all(senders);
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

    fn send<T>(
        sending: &mut Sending<'_, T>,
        waker: &Waker,
    ) -> Poll<Result<(), SendError<T>>> {
        Pin::new(sending).poll(&mut Context::from_waker(waker))
    }

    fn recv<T>(receiver: &mut Receiver<T>, waker: &Waker) -> Poll<Option<T>> {
        receiver.poll_recv(&mut Context::from_waker(waker))
    }

    const SENT: Poll<Result<(), SendError<u32>>> = Poll::Ready(Ok(()));

    fn full() -> (Sender<u32>, Receiver<u32>) {
        let (sender, receiver) = channel(1);
        assert!(sender.try_send(1).is_ok());
        (sender, receiver)
    }

    #[test]
    fn senders_that_wait_are_served_in_the_order_they_came() {
        let (sender, mut receiver) = full();
        let noop = Waker::noop();
        let counters = [(); 3].map(|_| Counter::new());
        let mut all = [2, 3, 4].map(|value| sender.send(value));
        for (sending, (_, waker)) in all.iter_mut().zip(&counters) {
            assert!(send(sending, waker).is_pending());
        }
        for (n, mine) in (1..).zip(&mut all) {
            assert_eq!(recv(&mut receiver, noop), Poll::Ready(Some(n)));
            let wakes = counters.each_ref().map(|c| c.0.wakes());
            assert_eq!(wakes.iter().sum::<u32>(), n);
            assert_eq!(wakes[n as usize - 1], 1);
            assert_eq!(send(mine, noop), SENT);
        }
        assert_eq!(recv(&mut receiver, noop), Poll::Ready(Some(4)));
        assert_eq!(recv(&mut receiver, noop), Poll::Pending);
    }

    #[test]
    fn nobody_overtakes_a_sender_whose_place_was_given() {
        let (sender, mut receiver) = full();
        let noop = Waker::noop();
        let (mut second, mut third) = (sender.send(2), sender.send(3));
        assert!(send(&mut second, noop).is_pending());
        assert_eq!(recv(&mut receiver, noop), Poll::Ready(Some(1)));
        assert_eq!(sender.try_send(9), Err(TrySendError::Full(9)));
        assert!(send(&mut third, noop).is_pending());
        assert_eq!(send(&mut second, noop), SENT);
        assert_eq!(recv(&mut receiver, noop), Poll::Ready(Some(2)));
        assert_eq!(send(&mut third, noop), SENT);
    }

    #[test]
    fn a_spurious_poll_keeps_the_place_in_the_line() {
        let (sender, mut receiver) = full();
        let noop = Waker::noop();
        let (mut second, mut third) = (sender.send(2), sender.send(3));
        assert!(send(&mut second, noop).is_pending());
        assert!(send(&mut third, noop).is_pending());
        assert!(send(&mut second, noop).is_pending());
        assert_eq!(recv(&mut receiver, noop), Poll::Ready(Some(1)));
        assert!(send(&mut third, noop).is_pending());
        assert_eq!(send(&mut second, noop), SENT);
    }

    #[test]
    fn the_newest_waker_of_a_sender_is_woken() {
        let (sender, mut receiver) = full();
        let ((a, waker_a), (b, waker_b)) = (Counter::new(), Counter::new());
        let mut second = sender.send(2);
        assert!(send(&mut second, &waker_a).is_pending());
        assert!(send(&mut second, &waker_b).is_pending());
        assert_eq!((a.wakers(), b.wakers()), (1, 2));
        assert!(recv(&mut receiver, Waker::noop()).is_ready());
        assert_eq!((a.wakes(), b.wakes()), (0, 1));
    }

    #[test]
    fn a_sender_cancelled_in_the_line_leaves_it() {
        let (sender, mut receiver) = full();
        let ((a, waker_a), (b, waker_b)) = (Counter::new(), Counter::new());
        let (mut second, mut third) = (sender.send(2), sender.send(3));
        assert!(send(&mut second, &waker_a).is_pending());
        assert!(send(&mut third, &waker_b).is_pending());
        drop(second);
        assert_eq!((a.wakers(), b.wakers()), (1, 2));
        assert!(recv(&mut receiver, Waker::noop()).is_ready());
        assert_eq!((a.wakes(), b.wakes()), (0, 1));
        assert_eq!(send(&mut third, &waker_b), SENT);
    }

    #[test]
    fn a_sender_cancelled_with_a_place_gives_it_on() {
        let (sender, mut receiver) = full();
        let ((a, waker_a), (b, waker_b)) = (Counter::new(), Counter::new());
        let (mut second, mut third) = (sender.send(2), sender.send(3));
        assert!(send(&mut second, &waker_a).is_pending());
        assert!(send(&mut third, &waker_b).is_pending());
        assert!(recv(&mut receiver, Waker::noop()).is_ready());
        assert_eq!((a.wakes(), b.wakes()), (1, 0));
        drop(second);
        assert_eq!((a.wakes(), b.wakes()), (1, 1));
        assert_eq!(send(&mut third, &waker_b), SENT);
    }

    #[test]
    fn a_place_that_nobody_in_the_line_takes_is_free_again() {
        let (sender, mut receiver) = full();
        let mut second = sender.send(2);
        assert!(send(&mut second, Waker::noop()).is_pending());
        assert!(recv(&mut receiver, Waker::noop()).is_ready());
        drop(second);
        assert_eq!(sender.try_send(3), Ok(()));
        assert_eq!(sender.try_send(4), Err(TrySendError::Full(4)));
    }

    #[test]
    fn a_send_that_is_done_or_never_began_frees_nothing() {
        let (sender, mut receiver) = full();
        drop(sender.send(2));
        assert_eq!(sender.try_send(2), Err(TrySendError::Full(2)));
        let mut second = sender.send(2);
        assert!(send(&mut second, Waker::noop()).is_pending());
        assert!(recv(&mut receiver, Waker::noop()).is_ready());
        assert_eq!(send(&mut second, Waker::noop()), SENT);
        drop(second);
        assert_eq!(sender.try_send(3), Err(TrySendError::Full(3)));
    }

    #[test]
    fn a_poll_after_ready_panics_and_takes_no_place() {
        let (sender, _receiver) = channel(2);
        let mut first = sender.send(1);
        assert_eq!(send(&mut first, Waker::noop()), SENT);
        let again = AssertUnwindSafe(|| send(&mut first, Waker::noop()));
        assert!(catch_unwind(again).is_err());
        assert_eq!(sender.try_send(2), Ok(()));
    }

    #[test]
    fn a_dropped_receiver_gives_every_waiting_sender_its_value_back() {
        let value = Arc::new(());
        let (sender, mut receiver) = channel(1);
        assert!(sender.try_send(value.clone()).is_ok());
        let (a, waker_a) = Counter::new();
        let (r, waker_r) = Counter::new();
        let mut second = sender.send(value.clone());
        let mut third = sender.send(value.clone());
        assert!(send(&mut second, &waker_a).is_pending());
        assert!(send(&mut third, &waker_a).is_pending());
        assert!(recv(&mut receiver, &waker_r).is_ready());
        assert!(recv(&mut receiver, &waker_r).is_pending());
        assert!(!sender.is_closed());
        drop(receiver);
        assert!(sender.is_closed());
        // The second had a place already, the third waited for one.
        assert_eq!((a.wakes(), r.wakes(), r.wakers()), (2, 0, 1));
        for mine in [&mut second, &mut third] {
            let Poll::Ready(Err(SendError(back))) = send(mine, &waker_a) else {
                panic!("it is closed");
            };
            assert!(Arc::ptr_eq(&back, &value));
        }
        drop((second, third));
        assert_eq!(Arc::strong_count(&value), 1);
    }

    #[test]
    fn values_nobody_took_are_dropped_with_the_receiver() {
        let value = Arc::new(());
        let (sender, receiver) = channel(4);
        for _ in 0..3 {
            assert!(sender.try_send(value.clone()).is_ok());
        }
        assert_eq!((Arc::strong_count(&value), receiver.waiting()), (4, 3));
        drop(receiver);
        assert_eq!(Arc::strong_count(&value), 1);
        let closed = sender.try_send(value).expect_err("it is closed");
        assert!(matches!(closed, TrySendError::Closed(_)));
    }

    #[test]
    fn a_receiver_that_closes_still_gets_what_was_sent() {
        let (sender, mut receiver) = full();
        let (a, waker_a) = Counter::new();
        let mut second = sender.send(2);
        assert!(send(&mut second, &waker_a).is_pending());
        receiver.close();
        assert_eq!(a.wakes(), 1);
        let back = Poll::Ready(Err(SendError(2)));
        assert_eq!(send(&mut second, &waker_a), back);
        let noop = Waker::noop();
        assert_eq!(recv(&mut receiver, noop), Poll::Ready(Some(1)));
        assert_eq!(recv(&mut receiver, noop), Poll::Ready(None));
    }

    #[test]
    fn after_the_last_sender_comes_what_was_sent_and_then_the_end() {
        let (sender, mut receiver) = full();
        let second = sender.clone();
        drop(sender);
        let (r, waker) = Counter::new();
        assert_eq!(recv(&mut receiver, &waker), Poll::Ready(Some(1)));
        assert_eq!(recv(&mut receiver, &waker), Poll::Pending);
        drop(second);
        assert_eq!(r.wakes(), 1);
        assert_eq!(recv(&mut receiver, &waker), Poll::Ready(None));
    }

    #[test]
    fn a_cancelled_recv_loses_nothing() {
        let (sender, mut receiver) = channel(1);
        {
            let mut cancelled = Box::pin(receiver.recv());
            let mut cx = Context::from_waker(Waker::noop());
            assert!(cancelled.as_mut().poll(&mut cx).is_pending());
            assert!(sender.try_send(7).is_ok());
        }
        let got = recv(&mut receiver, Waker::noop());
        assert_eq!(got, Poll::Ready(Some(7)));
    }

    struct Bad;

    impl Wake for Bad {
        fn wake(self: Arc<Self>) {
            panic!("on purpose");
        }
    }

    #[test]
    fn a_waker_of_the_receiver_that_panics_loses_no_value() {
        let (sender, mut receiver) = channel(1);
        let bad = Waker::from(Arc::new(Bad));
        assert_eq!(recv(&mut receiver, &bad), Poll::Pending);
        let mut first = sender.send(7);
        let poll = AssertUnwindSafe(|| send(&mut first, Waker::noop()));
        assert!(catch_unwind(poll).is_err());
        let got = recv(&mut receiver, Waker::noop());
        assert_eq!(got, Poll::Ready(Some(7)));
    }

    #[test]
    fn a_waker_of_a_sender_that_panics_does_not_stop_the_next() {
        let (sender, mut receiver) = full();
        let (counter, waker) = Counter::new();
        let bad = Waker::from(Arc::new(Bad));
        let (mut second, mut third) = (sender.send(2), sender.send(3));
        assert!(send(&mut second, &bad).is_pending());
        assert!(send(&mut third, &waker).is_pending());
        let poll = AssertUnwindSafe(|| recv(&mut receiver, Waker::noop()));
        assert!(catch_unwind(poll).is_err());
        // The value went with the panic.
        assert_eq!(recv(&mut receiver, Waker::noop()), Poll::Pending);
        // Its task is broken and dropped, and the place goes on.
        drop(second);
        assert_eq!(counter.wakes(), 1);
        assert_eq!(send(&mut third, &waker), SENT);
    }

    #[test]
    fn a_close_wakes_every_sender_even_if_one_panics() {
        let (sender, receiver) = full();
        let (counter, waker) = Counter::new();
        let bad = Waker::from(Arc::new(Bad));
        let mut all = [2, 3, 4].map(|value| sender.send(value));
        for (sending, waker) in all.iter_mut().zip([&waker, &bad, &waker]) {
            assert!(send(sending, waker).is_pending());
        }
        let close = AssertUnwindSafe(|| drop(receiver));
        assert!(catch_unwind(close).is_err());
        assert_eq!(counter.wakes(), 2);
    }

    #[test]
    fn a_sender_that_panics_while_it_waits_gives_its_place_on() {
        let run = || {
            let (sender, mut receiver) = full();
            let other = sender.clone();
            let (says, hears) = std::sync::mpsc::channel();
            let (go, went) = std::sync::mpsc::channel();
            let thread = thread::spawn(move || {
                let mut second = other.send(2);
                assert!(send(&mut second, Waker::noop()).is_pending());
                says.send(()).expect("the test listens");
                went.recv().expect("the test says so");
                panic!("on purpose");
            });
            hears.recv().expect("the thread waits in the line");
            let first = recv(&mut receiver, Waker::noop());
            go.send(()).expect("the thread listens");
            let third = async { sender.send(3).await.is_ok() };
            let sent = block_on(third);
            assert!(thread.join().is_err());
            drop(sender);
            (first, sent, block_on(receiver.recv()), block_on(receiver.recv()))
        };
        let first = Poll::Ready(Some(1));
        assert_eq!(watchdog(LIMIT, run), Ok((first, true, Some(3), None)));
    }

    /// The waker of a task that holds a sender.
    struct Holds(#[expect(dead_code, reason = "held to drop")] Sender<u32>);

    impl Wake for Holds {
        fn wake(self: Arc<Self>) {}
    }

    #[test]
    fn the_last_waker_of_a_task_may_drop_a_sender() {
        let run = || {
            let (sender, mut receiver) = full();
            let last = Waker::from(Arc::new(Holds(sender.clone())));
            let mut second = sender.send(2);
            assert!(send(&mut second, &last).is_pending());
            drop(last);
            // The first replaces it, the second cancels with it.
            assert!(send(&mut second, Waker::noop()).is_pending());
            let last = Waker::from(Arc::new(Holds(sender.clone())));
            assert!(send(&mut second, &last).is_pending());
            drop(last);
            drop(second);
            assert!(recv(&mut receiver, Waker::noop()).is_ready());
            let last = Waker::from(Arc::new(Holds(sender)));
            assert!(recv(&mut receiver, &last).is_pending());
            drop(last);
            recv(&mut receiver, Waker::noop())
        };
        assert_eq!(watchdog(LIMIT, run), Ok(Poll::Ready(None)));
    }

    /// A task that receives on the spot, inside `wake`.
    struct OnTheSpot(Mutex<(Receiver<u32>, Vec<u32>)>);

    impl Wake for OnTheSpot {
        fn wake(self: Arc<Self>) {
            let (receiver, got) = &mut *self.0.lock().unwrap();
            while let Poll::Ready(Some(it)) = recv(receiver, Waker::noop()) {
                got.push(it);
            }
        }
    }

    #[test]
    fn a_waker_may_receive_on_the_spot() {
        let run = || {
            let (sender, receiver) = channel(1);
            let task = Arc::new(OnTheSpot(Mutex::new((receiver, vec![]))));
            let waker = Waker::from(task.clone());
            let first = recv(&mut task.0.lock().unwrap().0, &waker);
            assert_eq!(first, Poll::Pending);
            assert_eq!(sender.try_send(7), Ok(()));
            std::mem::take(&mut task.0.lock().unwrap().1)
        };
        assert_eq!(watchdog(LIMIT, run), Ok(vec![7]));
    }

    /// A task that sends on the spot, inside `wake`.
    struct SendsOnTheSpot(Mutex<(Sending<'static, u32>, Vec<bool>)>);

    impl Wake for SendsOnTheSpot {
        fn wake(self: Arc<Self>) {
            let (sending, sent) = &mut *self.0.lock().unwrap();
            if let Poll::Ready(it) = send(sending, Waker::noop()) {
                sent.push(it.is_ok());
            }
        }
    }

    #[test]
    fn a_waker_may_send_on_the_spot_or_hear_that_it_is_closed() {
        // Woken by a receive, by one that gives up, and by both kinds of end.
        for (step, is_sent) in [(0, true), (1, true), (2, false), (3, false)] {
            let run = move || {
                let (sender, mut receiver) = full();
                let sender: &_ = Box::leak(Box::new(sender));
                let mut before = (step == 1).then(|| sender.send(2));
                if let Some(it) = &mut before {
                    assert!(send(it, Waker::noop()).is_pending());
                }
                let task = Mutex::new((sender.send(7), vec![]));
                let task = Arc::new(SendsOnTheSpot(task));
                let waker = Waker::from(task.clone());
                let poll = send(&mut task.0.lock().unwrap().0, &waker);
                assert!(poll.is_pending());
                match step {
                    2 => receiver.close(),
                    3 => drop(receiver),
                    _ => {
                        assert!(recv(&mut receiver, Waker::noop()).is_ready());
                        drop(before);
                        let seven = recv(&mut receiver, Waker::noop());
                        assert_eq!(seven, Poll::Ready(Some(7)));
                    }
                }
                std::mem::take(&mut task.0.lock().unwrap().1)
            };
            assert_eq!(watchdog(LIMIT, run), Ok(vec![is_sent]), "{step}");
        }
    }

    /// A value that owns a sender of its own channel.
    struct Own(#[expect(dead_code, reason = "held to drop")] Sender<Own>);

    #[test]
    fn a_value_that_nobody_took_may_own_a_sender() {
        let run = || {
            let (sender, receiver) = channel(1);
            assert!(sender.try_send(Own(sender.clone())).is_ok());
            drop(receiver);
            sender.try_send(Own(sender.clone())).is_err()
        };
        assert_eq!(watchdog(LIMIT, run), Ok(true));
    }

    #[test]
    fn wakers_that_come_back_in_clone_and_drop_meet_no_lock() {
        let run = || {
            let (sender, mut receiver) = full();
            let sender: &'static Sender<u32> = Box::leak(Box::new(sender));
            let guest = Guest::new();
            for moment in [Moment::Clone, Moment::Drop] {
                guest.next(moment, || {
                    assert!(!sender.is_closed());
                    assert!(sender.try_send(9).is_err());
                });
            }
            let mut second = sender.send(2);
            assert!(send(&mut second, &guest.waker()).is_pending());
            guest.next(Moment::Drop, || {
                assert!(sender.try_send(9).is_err());
            });
            drop(second);
            guest.next(Moment::Clone, || assert!(!sender.is_closed()));
            guest.next(Moment::Drop, || assert!(!sender.is_closed()));
            assert_eq!(
                recv(&mut receiver, Waker::noop()),
                Poll::Ready(Some(1))
            );
            assert!(recv(&mut receiver, &guest.waker()).is_pending());
            drop(receiver);
            (guest.handles(), guest.deeds_left())
        };
        assert_eq!(watchdog(LIMIT, run), Ok((0, 0)));
    }

    #[test]
    fn a_waker_that_panics_in_a_panic_does_not_end_the_process() {
        let run = || {
            let (sender, mut receiver) = channel::<u32>(1);
            let guest = Guest::new();
            assert!(recv(&mut receiver, &guest.waker()).is_pending());
            guest.next(Moment::Wake, panics);
            let worker = || {
                let _held = sender;
                std::panic::resume_unwind(Box::new("the worker's own"));
            };
            let own = Caught::Other("the worker's own".to_string());
            assert_eq!(caught::<()>(worker), Err(own));
            assert_eq!((guest.wakes(), guest.deeds_left()), (1, 0));
            recv(&mut receiver, Waker::noop())
        };
        assert_eq!(watchdog(LIMIT, run), Ok(Poll::Ready(None)));
    }

    #[test]
    fn a_waker_that_panics_as_a_send_goes_in_a_panic_ends_no_process() {
        let run = || {
            let (sender, mut receiver) = full();
            let guest = Guest::new();
            let (mut second, mut third) = (sender.send(2), sender.send(3));
            assert!(send(&mut second, Waker::noop()).is_pending());
            assert!(send(&mut third, &guest.waker()).is_pending());
            assert!(recv(&mut receiver, Waker::noop()).is_ready());
            guest.next(Moment::Wake, panics);
            let worker = || {
                let _held = second;
                std::panic::resume_unwind(Box::new("the worker's own"));
            };
            let own = Caught::Other("the worker's own".to_string());
            assert_eq!(caught::<()>(worker), Err(own));
            assert_eq!((guest.wakes(), guest.deeds_left()), (1, 0));
            send(&mut third, Waker::noop()).is_ready()
        };
        assert_eq!(watchdog(LIMIT, run), Ok(true));
    }

    #[test]
    fn a_drop_that_panics_loses_no_value_and_no_place() {
        let run = || {
            let (sender, mut receiver) = channel(1);
            let sender: &'static Sender<u32> = Box::leak(Box::new(sender));
            let (counter, waker) = Counter::new();
            let guest = Guest::new();
            guest.next(Moment::Clone, move || {
                assert!(sender.try_send(1).is_ok());
                let second = Box::leak(Box::new(sender.send(2)));
                assert!(send(second, &waker).is_pending());
            });
            guest.next(Moment::Drop, panics);
            let bad = guest.waker();
            let got = caught(|| recv(&mut receiver, &bad));
            let got = got.unwrap_or_else(|_| recv(&mut receiver, &bad));
            let _ = caught(|| drop(bad));
            (got, counter.wakes(), guest.deeds_left())
        };
        assert_eq!(watchdog(LIMIT, run), Ok((Poll::Ready(Some(1)), 1, 0)));
    }

    #[test]
    fn a_place_that_comes_while_the_waker_is_cloned_is_taken() {
        let run = || {
            let (sender, mut receiver) = full();
            let guest = Guest::new();
            let mut second = sender.send(2);
            guest.next(Moment::Clone, move || {
                assert_eq!(receiver.try_recv(), Ok(1));
                assert_eq!(receiver.try_recv(), Err(TryRecvError::Empty));
                // It goes: what is sent after that comes back.
            });
            let sent = send(&mut second, &guest.waker());
            (sent, guest.deeds_left(), guest.handles())
        };
        let back = Poll::Ready(Err(SendError(2)));
        assert_eq!(watchdog(LIMIT, run), Ok((back, 0, 0)));
    }

    #[test]
    fn a_waker_that_panics_in_its_clone_takes_no_place() {
        let (sender, mut receiver) = full();
        let guest = Guest::new();
        guest.next(Moment::Clone, panics);
        let waker = guest.waker();
        let mut second = sender.send(2);
        let poll_it = || send(&mut second, &waker).is_ready();
        assert_eq!(caught(poll_it), Err(Caught::Guest));
        assert!(send(&mut second, &waker).is_pending());
        assert_eq!(receiver.try_recv(), Ok(1));
        assert_eq!(send(&mut second, &waker), SENT);
        drop((second, waker));
        assert_eq!(guest.handles(), 0);
    }

    #[test]
    fn places_are_used_when_a_sender_is_polled_and_not_in_their_order() {
        let (sender, mut receiver) = channel(2);
        assert!(sender.try_send(1).is_ok());
        assert!(sender.try_send(2).is_ok());
        let (mut a, mut b) = (sender.send(3), sender.send(4));
        assert!(send(&mut a, Waker::noop()).is_pending());
        assert!(send(&mut b, Waker::noop()).is_pending());
        assert_eq!(receiver.try_recv(), Ok(1));
        assert_eq!(receiver.try_recv(), Ok(2));
        assert_eq!(send(&mut b, Waker::noop()), SENT);
        assert_eq!(send(&mut a, Waker::noop()), SENT);
        assert_eq!(receiver.try_recv(), Ok(4));
        assert_eq!(receiver.try_recv(), Ok(3));
    }

    #[test]
    fn many_senders_on_many_threads_are_all_heard_each_in_order() {
        let run = || {
            let (sender, mut receiver) = channel(2);
            for thread in 0..4 {
                let sender = sender.clone();
                thread::spawn(move || {
                    for n in 0..100 {
                        block_on(sender.send((thread, n))).expect("it is open");
                    }
                });
            }
            drop(sender);
            let mut next = [0; 4];
            block_on(async {
                while let Some((thread, n)) = receiver.recv().await {
                    assert!(receiver.waiting() <= 2);
                    assert_eq!(next[thread], n);
                    next[thread] += 1;
                }
            });
            next
        };
        assert_eq!(watchdog(LIMIT, run), Ok([100; 4]));
    }

    #[test]
    fn senders_that_give_up_all_the_time_stop_nobody() {
        let run = || {
            let (sender, mut receiver) = channel(1);
            for _ in 0..2 {
                let sender = sender.clone();
                thread::spawn(move || {
                    for _ in 0..200 {
                        // One poll, and it is dropped with or without a place.
                        let mut it = sender.send(false);
                        let _ = send(&mut it, Waker::noop());
                    }
                });
            }
            for _ in 0..2 {
                let sender = sender.clone();
                thread::spawn(move || {
                    for _ in 0..50 {
                        block_on(sender.send(true)).expect("it is open");
                    }
                });
            }
            drop(sender);
            let mut heard = 0;
            block_on(async {
                while let Some(it) = receiver.recv().await {
                    heard += u32::from(it);
                }
            });
            heard
        };
        assert_eq!(watchdog(LIMIT, run), Ok(100));
    }

    #[test]
    fn of_a_receiver_dropped_at_any_time_no_value_is_lost_and_nobody_waits() {
        let run = || {
            let value = Arc::new(());
            let (sender, mut receiver) = channel(1);
            let threads = [(); 3].map(|()| {
                let (sender, copy) = (sender.clone(), value.clone());
                thread::spawn(move || {
                    while block_on(sender.send(copy.clone())).is_ok() {}
                })
            });
            drop(sender);
            for _ in 0..20 {
                assert!(block_on(receiver.recv()).is_some());
            }
            drop(receiver);
            for it in threads {
                it.join().expect("a send does not panic");
            }
            Arc::strong_count(&value)
        };
        assert_eq!(watchdog(LIMIT, run), Ok(1));
    }

    #[test]
    fn the_errors_say_what_happened() {
        let (full, closed) = (TrySendError::Full(7), TrySendError::Closed(7));
        assert_eq!(full.to_string(), "the channel is full");
        assert_eq!(closed.to_string(), "the channel is closed");
    }
}
