//! Exercise to wakers/notify.html: write a `Notify`: a wake without a
//! value.

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

// ANCHOR: stub
impl Notify {
    /// Tells the future that has waited longest. If none waits, the next one
    /// need not wait. Two such calls are kept as one.
    pub fn notify_one(&self) {
        todo!("tell the first in the line, or keep a permit")
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
        todo!("take a permit, or a place in the line")
    }
}

// And if a future that was told is dropped before it is polled again?
// ANCHOR_END: stub
