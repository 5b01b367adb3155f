//! What a task costs the others, and what the others cost it: its polls, its
//! longest poll and its longest wait in the queue.

use std::fmt;
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use pin_project_lite::pin_project;

// ANCHOR: report
/// How a task was polled. A poll that panicked is not in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How often it was polled.
    pub polls: u32,
    /// The time that its longest poll took. Nobody else ran on its thread.
    pub longest_poll: Duration,
    /// The longest time from a wake to the poll that followed.
    pub longest_wait: Duration,
}

/// Keeps the report of a task, and is the waker that its future gets.
pub struct Meter<C> {
    clock: C,
    state: Mutex<State>,
}

struct State {
    /// When it was woken, if that was after the last poll began.
    woken: Option<Duration>,
    /// Wakes the task.
    task: Option<Waker>,
    report: Report,
}
// ANCHOR_END: report

impl<C> Meter<C> {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was measured so far.
    pub fn report(&self) -> Report {
        self.lock().report
    }
}

// ANCHOR: wake
impl<C: Fn() -> Duration + Send + Sync> Wake for Meter<C> {
    fn wake(self: Arc<Self>) {
        let now = (self.clock)();
        let mut state = self.lock();
        // The first wake counts: from then on the task stands in the queue.
        state.woken.get_or_insert(now);
        let task = state.task.take();
        drop(state);
        if let Some(task) = task {
            task.wake();
        }
    }
}
// ANCHOR_END: wake

// ANCHOR: poll
impl<C: Fn() -> Duration> Meter<C> {
    /// Notes that a poll begins. Returns the time.
    fn begin(&self, waker: &Waker) -> Duration {
        let (now, waker) = ((self.clock)(), Some(waker.clone()));
        let mut state = self.lock();
        if let Some(woken) = state.woken.take() {
            let waited = now.saturating_sub(woken);
            let longest = &mut state.report.longest_wait;
            *longest = waited.max(*longest);
        }
        let old = mem::replace(&mut state.task, waker);
        drop(state);
        drop(old);
        now
    }

    /// Notes that the poll that began at `start` has ended.
    fn end(&self, start: Duration) {
        let took = (self.clock)().saturating_sub(start);
        let report = &mut self.lock().report;
        report.polls += 1;
        report.longest_poll = took.max(report.longest_poll);
    }
}
// ANCHOR_END: poll

// ANCHOR: measured
pin_project! {
    /// A future that measures another one; see [`measured`].
    #[must_use = "futures do nothing unless polled"]
    pub struct Measured<F, C> {
        #[pin]
        future: F,
        meter: Attached<C>,
    }
}

impl<F, C> Future for Measured<F, C>
where
    F: Future,
    C: Fn() -> Duration + Send + Sync + 'static,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let meter = &this.meter.0;
        let start = meter.begin(cx.waker());
        let waker = Waker::from(meter.clone());
        let answer = this.future.poll(&mut Context::from_waker(&waker));
        meter.end(start);
        answer
    }
}
// ANCHOR_END: measured

/// Returns `future` with a meter, and the meter to read. The task is in the
/// queue from now on.
///
/// Cancel safety: dropping it drops `future`. The meter keeps its report.
pub fn measured<F: Future, C: Fn() -> Duration>(
    future: F,
    clock: C,
) -> (Measured<F, C>, Arc<Meter<C>>) {
    let woken = Some(clock());
    let state = State { woken, task: None, report: Report::default() };
    let meter = Arc::new(Meter { clock, state: Mutex::new(state) });
    (Measured { future, meter: Attached(meter.clone()) }, meter)
}

/// Takes the waker of the task out of the meter when the future is dropped.
struct Attached<C>(Arc<Meter<C>>);

impl<C> Drop for Attached<C> {
    fn drop(&mut self) {
        let task = self.0.lock().task.take();
        drop(task);
    }
}

impl<C> fmt::Debug for Meter<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Meter").field(&self.report()).finish()
    }
}

impl<F, C> fmt::Debug for Measured<F, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Measured").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use super::super::arrival::Arrival;
    use super::super::clock::Clock;
    use super::super::executor::Executor;
    use super::*;
    use crate::proof::hostile::{Caught, Guest, Moment, caught, panics};
    use crate::proof::watchdog;
    use crate::runtimes::executor::yield_now::yield_now;
    use crate::wakers::block_on::job::ask;

    fn millis(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn polls_the_longest_poll_and_the_longest_wait_are_kept() {
        let clock = Clock::default();
        let (works, now) = (clock.clone(), clock.clone());
        let (future, meter) = measured(
            async move {
                works.work(2);
                yield_now().await;
                works.work(7);
                yield_now().await;
                works.work(3);
            },
            move || now.now(),
        );
        let mut future = pin!(future);
        let mut cx = Context::from_waker(Waker::noop());
        for wait in [5, 11] {
            clock.work(wait);
            assert!(future.as_mut().poll(&mut cx).is_pending());
        }
        assert!(future.as_mut().poll(&mut cx).is_ready());
        let report = Report {
            polls: 3,
            longest_poll: millis(7),
            // The wake came inside the poll, so the rest of the poll counts.
            longest_wait: millis(11),
        };
        assert_eq!(meter.report(), report);
    }

    #[test]
    fn a_poll_that_panicked_is_not_in_the_report() {
        let clock = Clock::default();
        let (works, now) = (clock.clone(), clock.clone());
        let future = async move {
            works.work(2);
            panics();
        };
        let (future, meter) = measured(future, move || now.now());
        let mut future = pin!(future);
        let mut cx = Context::from_waker(Waker::noop());
        let poll = caught(|| future.as_mut().poll(&mut cx));
        assert_eq!(poll, Err(Caught::Guest));
        assert_eq!(meter.report(), Report::default());
    }

    #[test]
    fn the_first_of_several_wakes_counts() {
        let clock = Clock::default();
        let now = clock.clone();
        let guest = Guest::new();
        let waker = guest.waker();
        let kept = Arc::new(Mutex::new(None));
        let keep = kept.clone();
        let future = std::future::poll_fn(move |cx| {
            *keep.lock().unwrap() = Some(cx.waker().clone());
            Poll::<()>::Pending
        });
        let (future, meter) = measured(future, move || now.now());
        let mut future = pin!(future);
        let mut cx = Context::from_waker(&waker);
        assert!(future.as_mut().poll(&mut cx).is_pending());
        let inner: Waker = kept.lock().unwrap().take().unwrap();
        clock.work(100);
        inner.wake_by_ref();
        clock.work(4);
        inner.wake_by_ref();
        assert_eq!(guest.wakes(), 1, "the second wake has nothing to add");
        clock.work(4);
        assert!(future.as_mut().poll(&mut cx).is_pending());
        assert_eq!(meter.report().longest_wait, millis(8));
    }

    #[test]
    fn two_tasks_wait_for_each_others_polls() {
        let (executor, clock) =
            (Executor::<Arrival>::default(), Clock::default());
        let mut meters = Vec::new();
        for turn in [10, 30] {
            let (works, now) = (clock.clone(), clock.clone());
            let future = async move {
                for _ in 0..3 {
                    works.work(turn);
                    yield_now().await;
                }
            };
            let (future, meter) = measured(future, move || now.now());
            drop(executor.spawner().spawn(future));
            meters.push(meter);
        }
        assert_eq!(executor.run_until_stalled(), 0);
        let [short, long] = [meters[0].report(), meters[1].report()];
        assert_eq!((short.polls, long.polls), (4, 4));
        assert_eq!(short.longest_wait, long.longest_poll);
        assert_eq!(long.longest_wait, short.longest_poll);
    }

    #[test]
    fn a_measured_future_is_woken_from_another_thread() {
        let run = || {
            let clock = Clock::default();
            let (future, meter) = measured(ask(|| 42), move || clock.now());
            let answer = Executor::<Arrival>::default().run(future);
            (answer, meter.report().polls >= 1)
        };
        assert_eq!(watchdog(millis(30_000), run), Ok((42, true)));
    }

    #[test]
    fn a_waker_that_reads_the_report_meets_no_lock() {
        let run = || {
            let clock = Clock::default();
            let (future, meter) = measured(yield_now(), move || clock.now());
            let guest = Guest::new();
            for moment in [Moment::Clone, Moment::Wake, Moment::Drop] {
                let meter = meter.clone();
                guest.next(moment, move || {
                    meter.report();
                });
            }
            let waker = guest.waker();
            let mut future = Box::pin(future);
            let mut cx = Context::from_waker(&waker);
            assert!(future.as_mut().poll(&mut cx).is_pending());
            assert!(future.as_mut().poll(&mut cx).is_ready());
            drop(future);
            drop(waker);
            guest.deeds_left()
        };
        assert_eq!(watchdog(millis(30_000), run), Ok(0));
    }

    #[test]
    fn a_measured_future_that_is_dropped_leaves_no_waker() {
        let clock = Clock::default();
        let future = std::future::pending::<()>();
        let (future, meter) = measured(future, move || clock.now());
        let guest = Guest::new();
        let waker = guest.waker();
        let mut future = Box::pin(future);
        let mut cx = Context::from_waker(&waker);
        assert!(future.as_mut().poll(&mut cx).is_pending());
        drop(future);
        assert_eq!(guest.handles(), 1);
        assert_eq!(meter.report().polls, 1);
    }
}
