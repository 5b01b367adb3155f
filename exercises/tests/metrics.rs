include!(concat!(env!("OUT_DIR"), "/metrics.rs"));

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use exercises::{Task, differs, probe, watched, why};
use metrics::{Meter, Report, metered};

const PAGE: &str = "runtimes/scheduling.html#metrics-polls-the-longest-poll-and-the-time-in-the-queue";
const HANGS: &str = "A lock is held while the future is polled, or while a \
                     waker is called or dropped.";

fn clock() -> Arc<AtomicU64> {
    Arc::default()
}

fn passes(clock: &AtomicU64, time: u64) {
    clock.fetch_add(time, Ordering::Relaxed);
}

#[test]
fn it_counts_the_time_from_a_wake_to_the_poll() {
    watched(PAGE, HANGS, || {
        let (clock, task) = (clock(), Task::new());
        let (future, remote) = probe::<u32>();
        let mut future = metered(future, clock.clone());
        passes(&clock, 2);
        assert!(task.poll(&mut future).is_pending());
        passes(&clock, 100);
        remote.set(42);
        passes(&clock, 5);
        assert_eq!(task.poll(&mut future), Poll::Ready(42));
        let rule = "It waited 2 from the start to the first poll, and 5 from \
                    the wake to the second. The 100 before the wake are not \
                    time in the queue.";
        let report = Report { polls: 2, waited: 7 };
        assert_eq!(future.meter.report(), report, "{}", differs(PAGE, rule));
    });
}

#[test]
fn it_passes_the_wake_on_to_the_newest_waker() {
    watched(PAGE, HANGS, || {
        let [first, second] = [Task::new(), Task::new()];
        let (future, remote) = probe::<u32>();
        let mut future = metered(future, clock());
        assert!(first.poll(&mut future).is_pending());
        assert!(second.poll(&mut future).is_pending());
        remote.set(42);
        let wakes = (first.wakes(), second.wakes());
        let rule = "The task that polled last is woken.";
        assert_eq!(wakes, (0, 1), "{}", differs(PAGE, rule));
    });
}

#[test]
fn a_wake_during_the_poll_is_not_lost() {
    watched(PAGE, HANGS, || {
        let (clock, task) = (clock(), Task::new());
        let works = clock.clone();
        let mut turns = 0;
        let future = poll_fn(move |cx| {
            turns += 1;
            if turns == 3 {
                return Poll::Ready(());
            }
            cx.waker().wake_by_ref();
            passes(&works, 10);
            cx.waker().wake_by_ref();
            Poll::Pending
        });
        let mut future = metered(future, clock.clone());
        for wakes in 1..3 {
            assert!(task.poll(&mut future).is_pending());
            let woken = task.wakes() >= wakes;
            let rule = "A future that wakes itself in a poll wants another.";
            assert!(woken, "{}", why(PAGE, rule));
            passes(&clock, 1);
        }
        assert!(task.poll(&mut future).is_ready());
        let rule = "Of two wakes the first one counts: 10 and 1, twice.";
        let report = Report { polls: 3, waited: 22 };
        assert_eq!(future.meter.report(), report, "{}", differs(PAGE, rule));
    });
}

/// The waker of a task that reads its report when it is woken, and when its
/// last waker is dropped.
struct Reads(Arc<Meter>);

impl Wake for Reads {
    fn wake(self: Arc<Self>) {
        self.0.report();
    }
}

impl Drop for Reads {
    fn drop(&mut self) {
        self.0.report();
    }
}

#[test]
fn a_waker_that_reads_the_report_meets_no_lock() {
    watched(PAGE, HANGS, || {
        let (future, remote) = probe::<u32>();
        let mut future = metered(future, clock());
        let reads = || Waker::from(Arc::new(Reads(future.meter.clone())));
        let [dropped, woken] = [reads(), reads()];
        let mut poll = |waker: Waker| {
            let mut cx = Context::from_waker(&waker);
            Pin::new(&mut future).poll(&mut cx).is_pending()
        };
        let rule = "The future inside has no value yet.";
        assert!(poll(dropped) && poll(woken), "{}", why(PAGE, rule));
        remote.set(42);
        let rule = "It was polled twice.";
        let polls = future.meter.report().polls;
        assert_eq!(polls, 2, "{}", differs(PAGE, rule));
    });
}
