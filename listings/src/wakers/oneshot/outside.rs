//! A oneshot channel that clones, wakes and drops the waker when its lock is
//! free.

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
/// A waker whose destructor panics in the poll that is ready takes the value
/// along.
pub fn channel() -> (Sender, Receiver) {
    let inner = Arc::new(Mutex::new(Inner::default()));
    (Sender { inner: inner.clone() }, Receiver { inner })
}

// ANCHOR: send
impl Sender {
    /// Gives the value and wakes the receiver if it waits.
    pub fn send(self, value: u32) {
        let mut inner = self.inner.lock().expect("nothing panics in it");
        inner.value = Some(value);
        let waker = inner.waker.take();
        drop(inner);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}
// ANCHOR_END: send

// ANCHOR: poll
impl Future for Receiver {
    type Output = u32;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u32> {
        let newest = cx.waker().clone();
        let mut inner = self.inner.lock().expect("nothing panics in it");
        if let Some(value) = inner.value.take() {
            return Poll::Ready(value);
        }
        let old = inner.waker.replace(newest);
        drop(inner);
        drop(old);
        Poll::Pending
    }
}
// ANCHOR_END: poll

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::proof::hostile::{Guest, Moment, OnDrop, caught, panics};
    use crate::proof::watchdog;
    use crate::wakers::contract::count::Counter;

    const LIMIT: Duration = Duration::from_secs(10);

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
    fn the_last_waker_of_a_task_may_send_in_its_destructor() {
        let run = || {
            let (sender, mut receiver) = channel();
            let guest = Guest::new();
            let send = OnDrop::new(move || sender.send(7));
            let last = guest.waker_holding(send);
            assert_eq!(poll(&mut receiver, &last), Poll::Pending);
            drop(last);
            let (counter, waker) = Counter::new();
            assert_eq!(poll(&mut receiver, &waker), Poll::Pending);
            assert_eq!(counter.wakes(), 1);
            poll(&mut receiver, &waker)
        };
        assert_eq!(watchdog(LIMIT, run), Ok(Poll::Ready(7)));
    }

    #[test]
    fn a_clone_that_panics_leaves_the_waker_of_the_poll_before() {
        let (sender, mut receiver) = channel();
        let (guest, (counter, good)) = (Guest::new(), Counter::new());
        assert_eq!(poll(&mut receiver, &good), Poll::Pending);
        guest.next(Moment::Clone, panics);
        let bad = guest.waker();
        assert!(caught(|| poll(&mut receiver, &bad)).is_err());
        sender.send(7);
        assert_eq!(counter.wakes(), 1);
        assert_eq!(poll(&mut receiver, &bad), Poll::Ready(7));
    }

    #[test]
    fn a_drop_that_panics_in_the_last_poll_takes_the_value_along() {
        let (sender, mut receiver) = channel();
        let guest = Guest::new();
        let waker = guest.waker();
        sender.send(7);
        guest.next(Moment::Drop, panics);
        assert!(caught(|| poll(&mut receiver, &waker)).is_err());
        assert_eq!(poll(&mut receiver, Waker::noop()), Poll::Pending);
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
    fn a_waker_may_poll_on_the_spot() {
        let run = || {
            let (sender, receiver) = channel();
            let task = Arc::new(OnTheSpot(Mutex::new((receiver, None))));
            let waker = Waker::from(task.clone());
            let first = poll(&mut task.0.lock().unwrap().0, &waker);
            assert_eq!(first, Poll::Pending);
            sender.send(7);
            task.0.lock().unwrap().1
        };
        assert_eq!(watchdog(LIMIT, run), Ok(Some(7)));
    }
}
