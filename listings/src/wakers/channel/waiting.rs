//! A bounded channel, whose senders wait in a line while it is full. A
//! cancelled one takes its place with it.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};

use super::unbounded::wake;
use super::waiters::Waiters;

// ANCHOR: state
struct State<T> {
    queue: VecDeque<T>,
    /// How many places are neither filled nor given to a sender.
    free: usize,
    /// The senders that wait for a place.
    waiters: Waiters,
    /// The newest waker of the receiver, while it waits.
    receiver: Option<Waker>,
    senders: usize,
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
}
// ANCHOR_END: state

// ANCHOR: next
impl<T> State<T> {
    /// The next value, and the sender that gets its place; or the end.
    /// Pending while there may be more.
    fn next(&mut self) -> Poll<Option<(T, Option<Waker>)>> {
        match self.queue.pop_front() {
            Some(value) => Poll::Ready(Some((value, self.give_place()))),
            None if self.senders == 0 => Poll::Ready(None),
            None => Poll::Pending,
        }
    }
}
// ANCHOR_END: next

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
    })));
    (Sender { shared: shared.clone() }, Receiver { shared })
}

// ANCHOR: sending
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
    /// Waits for a place and puts `value` there.
    pub fn send(&self, value: T) -> Sending<'_, T> {
        Sending { sender: self, value: Some(value), number: None }
    }
}
// ANCHOR_END: sending

// ANCHOR: poll
impl<T> Sending<'_, T> {
    /// Whether a place is free for this sender, or was given to it.
    fn has_place(&self, state: &State<T>) -> bool {
        match self.number {
            None => state.free > 0,
            Some(number) => !state.waiters.contains(number),
        }
    }

    /// Puts the value into its place, and wakes the receiver.
    fn put(&mut self, mut state: MutexGuard<'_, State<T>>) {
        if self.number.take().is_none() {
            state.free -= 1;
        }
        state.queue.extend(self.value.take());
        let receiver = state.receiver.take();
        drop(state);
        wake(receiver);
    }
}
// ANCHOR_END: poll

// ANCHOR: future
impl<T> Future for Sending<'_, T> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        let shared = &this.sender.shared;
        let state = shared.lock();
        if this.has_place(&state) {
            this.put(state);
            return Poll::Ready(());
        }
        drop(state);

        // A clone is the waker's own code, so no lock is held meanwhile.
        let waker = cx.waker().clone();
        let mut state = shared.lock();
        // A place may have become free since.
        if this.has_place(&state) {
            this.put(state);
            return Poll::Ready(());
        }
        let old = match this.number {
            Some(number) => Some(state.waiters.renew(number, waker)),
            None => {
                this.number = Some(state.waiters.join(waker));
                None
            }
        };
        drop(state);
        drop(old);
        Poll::Pending
    }
}
// ANCHOR_END: future

impl<T> Receiver<T> {
    /// Waits for the next value. `None` when all have been taken and every
    /// sender is gone.
    pub async fn recv(&mut self) -> Option<T> {
        poll_fn(|cx| self.poll_recv(cx)).await
    }

    /// How many values wait to be taken.
    pub fn waiting(&self) -> usize {
        self.shared.lock().queue.len()
    }
}

impl<T> Receiver<T> {
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
            wake(receiver);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::futures::combinators::once::poll_now;
    use crate::wakers::contract::count::Counter;

    fn send(sending: &mut Sending<'_, u32>, waker: &Waker) -> Poll<()> {
        Pin::new(sending).poll(&mut Context::from_waker(waker))
    }

    fn recv(receiver: &mut Receiver<u32>) -> Poll<Option<u32>> {
        receiver.poll_recv(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn a_full_channel_makes_its_sender_wait() {
        let (sender, mut receiver) = channel(1);
        let (counter, waker) = Counter::new();
        assert!(send(&mut sender.send(1), &waker).is_ready());
        let mut second = sender.send(2);
        assert!(send(&mut second, &waker).is_pending());
        assert_eq!((counter.wakes(), receiver.waiting()), (0, 1));
        assert_eq!(recv(&mut receiver), Poll::Ready(Some(1)));
        assert_eq!((counter.wakes(), receiver.waiting()), (1, 0));
        assert_eq!(recv(&mut receiver), Poll::Pending);
        assert!(send(&mut second, &waker).is_ready());
        assert_eq!(recv(&mut receiver), Poll::Ready(Some(2)));
    }

    #[test]
    fn a_place_that_was_given_is_not_for_a_sender_that_comes_later() {
        let (sender, mut receiver) = channel(1);
        let waker = Waker::noop();
        assert!(send(&mut sender.send(1), waker).is_ready());
        let (mut second, mut third) = (sender.send(2), sender.send(3));
        assert!(send(&mut second, waker).is_pending());
        assert_eq!(recv(&mut receiver), Poll::Ready(Some(1)));
        assert!(send(&mut third, waker).is_pending());
        assert!(send(&mut second, waker).is_ready());
        assert_eq!(recv(&mut receiver), Poll::Ready(Some(2)));
        assert!(send(&mut third, waker).is_ready());
    }

    #[test]
    fn a_cancelled_sender_takes_its_place_with_it() {
        let (sender, mut receiver) = channel(1);
        let waker = Waker::noop();
        assert!(send(&mut sender.send(1), waker).is_ready());
        let mut second = sender.send(2);
        assert!(send(&mut second, waker).is_pending());
        assert_eq!(recv(&mut receiver), Poll::Ready(Some(1)));
        drop(second);
        assert!(send(&mut sender.send(3), waker).is_pending());
        assert_eq!(recv(&mut receiver), Poll::Pending);
    }

    #[test]
    fn a_place_whose_value_was_taken_is_filled_again() {
        let (sender, mut receiver) = channel(1);
        for value in 1..=3 {
            assert!(send(&mut sender.send(value), Waker::noop()).is_ready());
            assert_eq!(poll_now(receiver.recv()), Some(Some(value)));
        }
    }

    #[test]
    fn the_last_sender_that_goes_wakes_the_receiver() {
        let (sender, mut receiver) = channel::<u32>(1);
        let (counter, waker) = Counter::new();
        let senders = [sender.clone(), sender.clone(), sender];
        let mut cx = Context::from_waker(&waker);
        for sender in senders {
            assert!(receiver.poll_recv(&mut cx).is_pending());
            assert_eq!(counter.wakes(), 0);
            drop(sender);
        }
        assert_eq!(counter.wakes(), 1);
        assert_eq!(poll_now(receiver.recv()), Some(None));
    }
}
