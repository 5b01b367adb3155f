//! A future that says how it is treated.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use crate::why;

/// A future that says how it is treated; see [`probe`].
pub struct Probe<T> {
    state: Arc<Mutex<ProbeState<T>>>,
}

/// The other end of a [`Probe`]: it decides and it sees.
pub struct Remote<T> {
    state: Arc<Mutex<ProbeState<T>>>,
}

struct ProbeState<T> {
    value: Option<T>,
    waker: Option<Waker>,
    polls: u32,
    over: bool,
    dropped: bool,
}

/// A future that is ready when [`Remote::set`] gives it a value.
pub fn probe<T>() -> (Probe<T>, Remote<T>) {
    let state = ProbeState {
        value: None,
        waker: None,
        polls: 0,
        over: false,
        dropped: false,
    };
    let state = Arc::new(Mutex::new(state));
    (Probe { state: state.clone() }, Remote { state })
}

impl<T> Future for Probe<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        let mut state =
            self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.over {
            drop(state);
            let rule = "A future that was ready has given its value. Do not \
                        poll it again: remember that it is done.";
            panic!("{}", why("futures/poll.html#after-ready", rule));
        }
        state.polls += 1;
        if let Some(value) = state.value.take() {
            state.over = true;
            return Poll::Ready(value);
        }
        let old = state.waker.replace(cx.waker().clone());
        drop(state);
        drop(old);
        Poll::Pending
    }
}

impl<T> Drop for Probe<T> {
    fn drop(&mut self) {
        let mut state =
            self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.dropped = true;
        let waker = state.waker.take();
        drop(state);
        drop(waker);
    }
}

impl<T> Remote<T> {
    /// Makes the future ready, and wakes whoever polled it last.
    pub fn set(&self, value: T) {
        let waker = {
            let mut state = self.state.lock().unwrap();
            state.value = Some(value);
            state.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// How often the future was polled.
    pub fn polls(&self) -> u32 {
        self.state.lock().unwrap().polls
    }

    /// Whether the future was dropped.
    pub fn is_dropped(&self) -> bool {
        self.state.lock().unwrap().dropped
    }
}
