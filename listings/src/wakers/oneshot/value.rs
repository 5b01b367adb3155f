//! A channel with a place for the value and none for a waker.

// ANCHOR: channel
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

#[derive(Debug)]
struct Inner {
    value: Option<u32>,
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
pub fn channel() -> (Sender, Receiver) {
    let inner = Arc::new(Mutex::new(Inner { value: None }));
    (Sender { inner: inner.clone() }, Receiver { inner })
}
// ANCHOR_END: channel

// ANCHOR: send
impl Sender {
    /// Gives the value.
    pub fn send(self, value: u32) {
        let mut inner = self.inner.lock().expect("nothing panics in it");
        inner.value = Some(value);
    }
}
// ANCHOR_END: send

// ANCHOR: poll
impl Future for Receiver {
    type Output = u32;

    fn poll(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<u32> {
        let mut inner = self.inner.lock().expect("nothing panics in it");
        match inner.value.take() {
            Some(value) => Poll::Ready(value),
            None => Poll::Pending,
        }
    }
}
// ANCHOR_END: poll

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wakers::contract::count::{Look, look};

    #[test]
    fn a_value_that_came_first_is_there() {
        let (sender, mut receiver) = channel();
        sender.send(7);
        let mut cx = Context::from_waker(std::task::Waker::noop());
        let answer = Pin::new(&mut receiver).poll(&mut cx);
        assert_eq!(answer, Poll::Ready(7));
    }

    #[test]
    fn a_receiver_that_came_first_keeps_no_waker() {
        let (_sender, receiver) = channel();
        let forgotten = Look { pending: true, wakes: 0, kept: 0 };
        assert_eq!(look(receiver), forgotten);
    }
}
