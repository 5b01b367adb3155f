//! Exercise to runtimes/scheduling.html: how long does a task wait in the queue?

use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use exercises::sync::Mutex;

// ANCHOR: stub
/// What was measured.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Report {
    pub polls: u32,
    /// The sum of the waits. A wait lasts from the first wake after a poll
    /// began to the next poll.
    pub waited: u64,
}

/// Is the waker of the future inside.
pub struct Meter {
    /// Tells the time, and somebody else moves it.
    clock: Arc<AtomicU64>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    woken: Option<u64>,
    task: Option<Waker>,
    report: Report,
}

impl Wake for Meter {
    fn wake(self: Arc<Self>) {
        todo!("note the time, if it is the first wake, and wake the task")
    }
}

/// A future with a meter.
pub struct Metered<F> {
    future: F,
    pub meter: Arc<Meter>,
}

impl<F: Future + Unpin> Future for Metered<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        todo!("measure, keep the waker, and give the future another one")
    }
}
// ANCHOR_END: stub

impl Meter {
    /// What was measured so far.
    pub fn report(&self) -> Report {
        self.state.lock().expect("nothing panics under it").report
    }
}

/// Puts a meter on `future`. It has been woken by being made.
pub fn metered<F: Future + Unpin>(
    future: F,
    clock: Arc<AtomicU64>,
) -> Metered<F> {
    let woken = Some(clock.load(Ordering::Relaxed));
    let state = Mutex::new(State { woken, ..State::default() });
    Metered { future, meter: Arc::new(Meter { clock, state }) }
}
