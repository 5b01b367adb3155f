//! A hundred thousand timers, half of them dropped.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

use futures::task::AtomicWaker;
use listings::runtimes::timers;

use super::measure::{of_all_threads, record};
use super::parallel::median;

/// How many are set. Every second one is dropped before it is due.
const TIMERS: usize = 100_000;
/// The first is due after this time,
const FIRST: Duration = Duration::from_millis(1000);
/// and the others are spread over this time, in no order.
const SPREAD: Duration = Duration::from_millis(500);
const ROUNDS: usize = 5;

/// What all timers of a run report to.
#[derive(Default)]
struct Sum {
    left: AtomicUsize,
    /// In nanoseconds.
    late: AtomicU64,
    main: AtomicWaker,
}

/// Notes how late its timer is, when it is woken.
struct Alarm {
    due: Instant,
    sum: Arc<Sum>,
}

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        let late = self.due.elapsed().as_nanos() as u64;
        self.sum.late.fetch_add(late, Ordering::Relaxed);
        if self.sum.left.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.sum.main.wake();
        }
    }
}

/// Sets the timers that `make` makes, drops half, and waits for the others.
/// Returns how late these were, in all.
async fn crowd<T, F>(make: impl Fn(Instant) -> T) -> Duration
where
    T: Future<Output = F>,
{
    let sum = Arc::new(Sum::default());
    sum.left.store(TIMERS / 2, Ordering::Relaxed);
    let start = Instant::now() + FIRST;
    let mut set: Vec<(Pin<Box<T>>, Waker)> = Vec::with_capacity(TIMERS);
    for i in 0..TIMERS {
        // 7919 is prime, so that every place is taken once.
        let place = i * 7919 % TIMERS;
        let due = start + SPREAD * place as u32 / TIMERS as u32;
        let mut timer = Box::pin(make(due));
        let waker = Waker::from(Arc::new(Alarm { due, sum: sum.clone() }));
        let polled = timer.as_mut().poll(&mut Context::from_waker(&waker));
        assert!(polled.is_pending(), "this machine is too slow");
        set.push((timer, waker));
    }
    let mut number = 0;
    set.retain(|_| {
        number += 1;
        number % 2 == 0
    });
    poll_fn(|cx| {
        sum.main.register(cx.waker());
        match sum.left.load(Ordering::Acquire) {
            0 => Poll::Ready(()),
            _ => Poll::Pending,
        }
    })
    .await;
    Duration::from_nanos(sum.late.load(Ordering::Relaxed))
}

fn ours() -> Duration {
    let runtime = timers::Runtime::new().expect("there is a descriptor left");
    let timers = runtime.timers().clone();
    runtime.block_on(crowd(|due| timers.sleep_until(due)))
}

fn tokio() -> Duration {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let runtime = builder.enable_time().build().expect("Tokio starts");
    runtime.block_on(crowd(|due| tokio::time::sleep_until(due.into())))
}

fn smol() -> Duration {
    smol::block_on(crowd(smol::Timer::at))
}

/// How many threads this program has.
fn threads() -> usize {
    let tasks = std::fs::read_dir("/proc/self/task");
    tasks.map_or(0, |tasks| tasks.count())
}

/// Measures it.
pub fn measure() {
    let columns: [(&str, fn() -> Duration); 3] =
        [("tokio", tokio), ("ours", ours), ("smol", smol)];
    let mut times = vec![Vec::new(); columns.len()];
    let mut late = vec![Vec::new(); columns.len()];
    let before = threads();
    ours();
    let more = threads() - before;
    for _ in 0..ROUNDS {
        for (at, (_, run)) in columns.iter().enumerate() {
            let start = of_all_threads();
            late[at].push(run());
            times[at].push(of_all_threads() - start);
        }
    }
    let mut text = format!("{:24}{:>9}", "", "aim");
    for (name, _) in columns {
        text += &format!("{name:>9}");
    }
    let times: Vec<_> =
        times.into_iter().map(|it| median(it).as_secs_f64()).collect();
    text += &format!("\n{:24}{:>9.2}", "processor time", 1.0);
    for time in &times {
        text += &format!("{:>9.2}", time / times[0]);
    }
    text += &format!("\n{:24}{:>9.2}", "mean lateness, ms", 0.2);
    for late in late {
        let mean = median(late).as_secs_f64() * 1e3 / (TIMERS / 2) as f64;
        text += &format!("{mean:>9.2}");
    }
    let how = format!(
        "{TIMERS} timers are set on one thread, every second one is dropped, \
         the others\nare due within {} ms. Processor time, tokio = 1. Medians \
         of {ROUNDS} runs in turn.\nThreads that ours started: {more}. The \
         aim is for ours.",
        SPREAD.as_millis()
    );
    record("timers", &text, &how, &["tokio", "smol"]);
}
