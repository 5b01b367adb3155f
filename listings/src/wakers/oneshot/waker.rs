//! A channel with a place for a value and a place for a waker. It clones,
//! wakes and drops that waker while it holds its lock.

// ANCHOR: channel
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

#[derive(Debug, Default)]
struct Inner {
    value: Option<u32>,
    waker: Option<Waker>,
}

/// The end that gives the value.
#[derive(Debug)]
pub struct Sender {
    inner: Arc<Mutex<Inner>>,
}

/// The end that waits for it.
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Receiver {
    inner: Arc<Mutex<Inner>>,
}

/// A channel for one number.
///
/// It hangs when a waker's code, such as its `wake`, uses the channel, because
/// wakers are cloned, woken and dropped under the channel's lock.
pub fn channel() -> (Sender, Receiver) {
    let inner = Arc::new(Mutex::new(Inner::default()));
    (Sender { inner: inner.clone() }, Receiver { inner })
}
// ANCHOR_END: channel

// ANCHOR: send
impl Sender {
    /// Gives the value and wakes the receiver if it waits.
    pub fn send(self, value: u32) {
        let mut inner = self.inner.lock().expect("nothing panics in it");
        inner.value = Some(value);
        if let Some(waker) = inner.waker.take() {
            waker.wake();
        }
    }
}
// ANCHOR_END: send

// ANCHOR: poll
impl Future for Receiver {
    type Output = u32;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u32> {
        let mut inner = self.inner.lock().expect("nothing panics in it");
        if let Some(value) = inner.value.take() {
            return Poll::Ready(value);
        }
        inner.waker = Some(cx.waker().clone());
        Poll::Pending
    }
}
// ANCHOR_END: poll

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::hostile::{Guest, OnDrop};
    use crate::wakers::contract::count::Counter;

    fn poll(receiver: &mut Receiver, waker: &Waker) -> Poll<u32> {
        Pin::new(receiver).poll(&mut Context::from_waker(waker))
    }

    #[test]
    fn a_value_that_came_first_is_there() {
        let (sender, mut receiver) = channel();
        sender.send(7);
        assert_eq!(poll(&mut receiver, Waker::noop()), Poll::Ready(7));
    }

    #[test]
    fn a_receiver_that_came_first_is_woken() {
        let (sender, mut receiver) = channel();
        let (counter, waker) = Counter::new();
        assert_eq!(poll(&mut receiver, &waker), Poll::Pending);
        sender.send(7);
        assert_eq!(counter.wakes(), 1);
        assert_eq!(poll(&mut receiver, &waker), Poll::Ready(7));
    }

    #[test]
    fn a_sender_that_goes_away_wakes_nobody() {
        let (sender, mut receiver) = channel();
        let (counter, waker) = Counter::new();
        assert_eq!(poll(&mut receiver, &waker), Poll::Pending);
        drop(sender);
        assert_eq!(counter.wakes(), 0);
        assert_eq!(poll(&mut receiver, &waker), Poll::Pending);
    }

    #[test]
    fn a_waker_whose_destructor_sends_waits_for_our_lock() {
        let limit = std::time::Duration::from_millis(200);
        let end = crate::proof::watchdog(limit, || {
            let (sender, mut receiver) = channel();
            let guest = Guest::new();
            let send = OnDrop::new(move || sender.send(7));
            let last = guest.waker_holding(send);
            assert_eq!(poll(&mut receiver, &last), Poll::Pending);
            drop(last);
            // Replaces the last waker of that task, which ends with it.
            poll(&mut receiver, Waker::noop())
        });
        assert!(end.is_err());
    }

    /// A task whose waker polls on the spot.
    struct OnTheSpot(Mutex<(Receiver, Option<u32>)>);

    impl std::task::Wake for OnTheSpot {
        fn wake(self: Arc<Self>) {
            let (receiver, value) = &mut *self.0.lock().unwrap();
            if let Poll::Ready(it) = poll(receiver, Waker::noop()) {
                *value = Some(it);
            }
        }
    }

    #[test]
    fn a_waker_that_polls_on_the_spot_waits_for_our_lock() {
        let limit = std::time::Duration::from_millis(200);
        let run = || {
            let (sender, receiver) = channel();
            let task = Arc::new(OnTheSpot(Mutex::new((receiver, None))));
            let waker = Waker::from(task.clone());
            let first = poll(&mut task.0.lock().unwrap().0, &waker);
            assert_eq!(first, Poll::Pending);
            sender.send(7);
            task.0.lock().unwrap().1
        };
        let end = crate::proof::watchdog(limit, run);
        assert!(end.is_err());
    }
}
