//! Exercise to wakers/channel.html: a notify, which says that something
//! happened, without a value.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};

/// Something to wait for that can happen again and again.
#[derive(Default)]
pub struct Notify {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// A `notify_one` that found nobody, kept for the next who comes.
    permit: bool,
    /// Who waits, in the order they came: each has a number.
    waiting: BTreeMap<u64, Waker>,
    /// The number of the next who comes.
    next: u64,
    /// Who was told, and does not know yet.
    told: BTreeSet<u64>,
}

/// A future that is ready when it was told; see [`Notify::notified`].
#[must_use = "futures do nothing unless polled"]
pub struct Notified<'a> {
    notify: &'a Notify,
    /// Its number, from its first pending poll until it is ready.
    number: Option<u64>,
}

// ANCHOR: stub
impl Notify {
    /// Tells the one that has waited longest. If nobody waits, the next one
    /// who comes need not wait. Two such calls are kept as one.
    pub fn notify_one(&self) {
        todo!("tell the first in the line, or keep a permit")
    }

    /// Waits until it is told. It is in the line from its first poll on.
    ///
    /// Cancel safety: a future that was told and is dropped before it is
    /// ready tells the next one.
    pub fn notified(&self) -> Notified<'_> {
        Notified { notify: self, number: None }
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

// And if one that was told is dropped before it knows?
// ANCHOR_END: stub
