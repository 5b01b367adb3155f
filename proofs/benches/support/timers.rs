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

/// What a run took.
struct Taken {
    /// How late the timers were, in all.
    late: Duration,
    /// When the timers were set and half of them were dropped.
    set: Duration,
}

/// Sets the timers that `make` makes, drops half, and waits for the others.
async fn crowd<T, F>(make: impl Fn(Instant) -> T) -> Taken
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
    let set_and_dropped = of_all_threads();
    poll_fn(|cx| {
        sum.main.register(cx.waker());
        match sum.left.load(Ordering::Acquire) {
            0 => Poll::Ready(()),
            _ => Poll::Pending,
        }
    })
    .await;
    let late = Duration::from_nanos(sum.late.load(Ordering::Relaxed));
    Taken { late, set: set_and_dropped }
}

fn ours() -> Taken {
    let runtime = timers::Runtime::new().expect("there is a descriptor left");
    let timers = runtime.timers().clone();
    runtime.block_on(crowd(|due| timers.sleep_until(due)))
}

fn tokio() -> Taken {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let runtime = builder.enable_time().build().expect("Tokio starts");
    runtime.block_on(crowd(|due| tokio::time::sleep_until(due.into())))
}

fn smol() -> Taken {
    smol::block_on(crowd(smol::Timer::at))
}

/// How many threads this program has.
fn threads() -> usize {
    let tasks = std::fs::read_dir("/proc/self/task");
    tasks.map_or(0, |tasks| tasks.count())
}

/// How often the threads of this program have gone to sleep so far, where the
/// system counts it.
fn sleeps() -> u64 {
    let tasks = std::fs::read_dir("/proc/self/task");
    let of_one = |task: std::io::Result<std::fs::DirEntry>| {
        let file = task.ok()?.path().join("status");
        let text = std::fs::read_to_string(file).ok()?;
        let count = text.split("\nvoluntary_ctxt_switches:").nth(1)?;
        count.lines().next()?.trim().parse::<u64>().ok()
    };
    tasks.map_or(0, |tasks| tasks.filter_map(of_one).sum())
}

/// A number for each column.
struct Row {
    title: &'static str,
    aim: Option<f64>,
    /// How many decimals are said.
    decimals: usize,
    samples: Vec<Vec<f64>>,
}

impl Row {
    fn new(title: &'static str, aim: Option<f64>, decimals: usize) -> Row {
        Row { title, aim, decimals, samples: vec![Vec::new(); COLUMNS.len()] }
    }

    fn medians(&self) -> Vec<f64> {
        let of_one = |samples: &Vec<f64>| {
            let mut samples = samples.clone();
            samples.sort_by(f64::total_cmp);
            samples[samples.len() / 2]
        };
        self.samples.iter().map(of_one).collect()
    }

    /// The line of the table, in which each number is divided by `unit`.
    fn line(&self, unit: f64) -> String {
        let aim = self.aim.map_or("-".to_string(), |aim| format!("{aim:.2}"));
        let mut line = format!("\n{:24}{aim:>9}", self.title);
        for median in self.medians() {
            let number = median / unit;
            line += &format!("{number:>9.decimals$}", decimals = self.decimals);
        }
        line
    }
}

const COLUMNS: [(&str, fn() -> Taken); 3] =
    [("tokio", tokio), ("ours", ours), ("smol", smol)];

/// Measures it.
pub fn measure() {
    let mut all = Row::new("processor time", Some(1.0), 2);
    let mut set = Row::new("- to set and drop them", None, 2);
    let mut wait = Row::new("- to wait for the others", None, 2);
    let mut asleep = Row::new("sleeps of a thread", None, 0);
    let mut late = Row::new("mean lateness, ms", Some(0.2), 2);
    let before = threads();
    ours();
    let more = threads() - before;
    for _ in 0..ROUNDS {
        for (at, (_, run)) in COLUMNS.iter().enumerate() {
            let (slept, start) = (sleeps(), of_all_threads());
            let taken = run();
            let end = of_all_threads();
            asleep.samples[at].push((sleeps() - slept) as f64);
            all.samples[at].push((end - start).as_secs_f64());
            set.samples[at].push((taken.set - start).as_secs_f64());
            wait.samples[at].push((end - taken.set).as_secs_f64());
            let mean = taken.late.as_secs_f64() * 1e3 / (TIMERS / 2) as f64;
            late.samples[at].push(mean);
        }
    }
    let mut text = format!("{:24}{:>9}", "", "aim");
    for (name, _) in COLUMNS {
        text += &format!("{name:>9}");
    }
    let unit = all.medians()[0];
    for row in [&all, &set, &wait] {
        text += &row.line(unit);
    }
    text += &asleep.line(1.0);
    text += &late.line(1.0);
    let how = format!(
        "{TIMERS} timers are set on one thread, every second one is dropped, \
         the others\nare due within {} ms. Processor time, tokio = 1. Medians \
         of {ROUNDS} runs in turn.\nThreads that ours started: {more}. The \
         aim is for ours.",
        SPREAD.as_millis()
    );
    record("timers", &text, &how, &["tokio", "smol"]);
}
