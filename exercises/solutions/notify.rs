//! A wake without a value.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

// std's, but the tests know when it is unlocked.
use exercises::sync::{Mutex, MutexGuard};

/// Something to wait for that can happen again and again.
#[derive(Default)]
pub struct Notify {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// A `notify_one` that found no future in the line, kept for the next one.
    permit: bool,
    /// The futures that wait, in the order in which they came: each has a
    /// number.
    waiting: BTreeMap<u64, Waker>,
    /// The number of the next future that comes.
    next: u64,
    /// The futures that were told and have not been polled since.
    told: BTreeSet<u64>,
}

/// A future that is ready when it was told; see [`Notify::notified`]. A poll
/// after that is ready again.
#[must_use = "futures do nothing unless polled"]
pub struct Notified<'a> {
    notify: &'a Notify,
    /// Its number, from its first pending poll until it is ready.
    number: Option<u64>,
    /// It has been ready.
    done: bool,
}

impl Notify {
    /// Tells the future that has waited longest. If none waits, the next one
    /// need not wait. Two such calls are kept as one.
    pub fn notify_one(&self) {
        let mut state = self.lock();
        let Some((number, waker)) = state.waiting.pop_first() else {
            state.permit = true;
            return;
        };
        state.told.insert(number);
        drop(state);
        waker.wake();
    }

    /// Waits until it is told. It is in the line from its first poll on.
    ///
    /// Cancel safety: a future that was told and is dropped before it is
    /// ready tells the next one.
    pub fn notified(&self) -> Notified<'_> {
        Notified { notify: self, number: None, done: false }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nothing panics under this lock")
    }
}

impl Future for Notified<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.done {
            return Poll::Ready(());
        }
        // Cloned and dropped while no lock is held: it is not our code.
        let waker = cx.waker().clone();
        let mut state = self.notify.lock();
        let told = match self.number {
            Some(number) => state.told.remove(&number),
            None => std::mem::take(&mut state.permit),
        };
        if told {
            drop(state);
            self.number = None;
            self.done = true;
            return Poll::Ready(());
        }
        let number = self.number.unwrap_or(state.next);
        state.next = state.next.max(number + 1);
        let old = state.waiting.insert(number, waker);
        drop(state);
        drop(old);
        self.number = Some(number);
        Poll::Pending
    }
}

impl Drop for Notified<'_> {
    fn drop(&mut self) {
        let Some(number) = self.number else { return };
        let mut state = self.notify.lock();
        let waker = state.waiting.remove(&number);
        let told = state.told.remove(&number);
        drop(state);
        drop(waker);
        if told {
            self.notify.notify_one();
        }
    }
}
