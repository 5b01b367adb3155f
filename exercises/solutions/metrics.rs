//! How long a task waits in the queue.

use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use exercises::sync::Mutex;

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
        let now = self.clock.load(Ordering::Relaxed);
        let mut state = self.state.lock().expect("nothing panics under it");
        state.woken.get_or_insert(now);
        let task = state.task.take();
        drop(state);
        if let Some(task) = task {
            task.wake();
        }
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
        let meter = self.meter.clone();
        let waker = Some(cx.waker().clone());
        let now = meter.clock.load(Ordering::Relaxed);
        let mut state = meter.state.lock().expect("nothing panics under it");
        state.report.polls += 1;
        if let Some(woken) = state.woken.take() {
            state.report.waited += now - woken;
        }
        let old = mem::replace(&mut state.task, waker);
        drop(state);
        drop(old);
        let waker = Waker::from(meter);
        Pin::new(&mut self.future).poll(&mut Context::from_waker(&waker))
    }
}

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
