//! A bounded channel, whose senders wait in a line while it is full. A
//! cancelled one takes its place with it.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use super::unbounded::{keep, wake};
use super::waiters::Waiters;

// ANCHOR: state
struct State<T> {
    queue: VecDeque<T>,
    /// How many places nobody has: no value, and no sender either.
    free: usize,
    /// The senders that wait for a place.
    waiters: Waiters,
    /// The newest waker of the receiver, while it waits.
    receiver: Option<Waker>,
    senders: usize,
}

impl<T> State<T> {
    /// Gives a place to whoever has waited longest, who is to be woken. If
    /// nobody waits, the place is free.
    fn give_place(&mut self) -> Option<Waker> {
        let Some((_, waker)) = self.waiters.serve() else {
            self.free += 1;
            return None;
        };
        Some(waker)
    }
}
// ANCHOR_END: state

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
    /// Our number in the line, if we had to wait.
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
impl<T> Future for Sending<'_, T> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        let value = this.value.take().expect("polled after it was ready");
        let mut state = this.sender.shared.lock();
        match this.number {
            None if state.free > 0 => state.free -= 1,
            None => {
                this.number = Some(state.waiters.join(cx.waker()));
                this.value = Some(value);
                return Poll::Pending;
            }
            Some(number) => {
                if let Ok(old) = state.waiters.renew(number, cx.waker()) {
                    this.value = Some(value);
                    drop(state);
                    drop(old);
                    return Poll::Pending;
                }
            }
        }
        // A place was free, or was given to us.
        this.number = None;
        state.queue.push_back(value);
        let receiver = state.receiver.take();
        drop(state);
        wake(receiver);
        Poll::Ready(())
    }
}
// ANCHOR_END: poll

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

// ANCHOR: recv
impl<T> Receiver<T> {
    /// One poll of [`recv`](Receiver::recv). The newest waker is woken.
    pub fn poll_recv(&mut self, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let mut state = self.shared.lock();
        if let Some(value) = state.queue.pop_front() {
            let next = state.give_place();
            drop(state);
            wake(next);
            return Poll::Ready(Some(value));
        }
        if state.senders == 0 {
            return Poll::Ready(None);
        }
        let old = keep(&mut state.receiver, cx.waker());
        drop(state);
        drop(old);
        Poll::Pending
    }
}
// ANCHOR_END: recv

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
    fn a_place_that_was_given_is_not_for_who_comes_later() {
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
}
