//! Workloads for several workers, each for any runtime.

use std::future::poll_fn;
use std::hint::black_box;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Poll, Waker};
use std::thread;
use std::time::Duration;

use listings::runtimes::threads;
use listings::wakers::mutex::fair;

use super::ablation::{no_slot, steal_one, unpadded, wake_always};
use super::channels::{self, Channels};
use super::measure::{record, wall};
use super::pools::{Ours, Smol, Spawn, Tokio, Workers};
use super::runtimes::Yields;
use super::table::{Run, Table, Workload, workload};

/// How many tasks there are at once where there are many.
const TASKS: usize = 1000;
/// How many workers.
const WORKERS: usize = 2;

/// Starts the workload as a task, so that a worker runs it.
fn on_a_worker<R, F>(runtime: &R, work: impl FnOnce(R::Spawner) -> F)
where
    R: Workers,
    F: Future<Output = ()> + Send + 'static,
{
    let spawner = runtime.spawner();
    let task = spawner.start(work(spawner.clone()));
    runtime.run(task);
}

async fn all<H: Future>(handles: Vec<H>) {
    for handle in handles {
        black_box(handle.await);
    }
}

/// Spawns a thousand tasks, then awaits all of them. Operation: a task.
fn spawn<R: Workers>(runtime: &R, operations: usize) {
    on_a_worker(runtime, |spawner| async move {
        for _ in 0..operations / TASKS {
            let task = |i| spawner.start(async move { black_box(i) });
            all((0..TASKS).map(task).collect()).await;
        }
    });
}

/// Ten tasks spawn a hundred each. Operation: a task.
fn fan_out<R: Workers>(runtime: &R, operations: usize) {
    on_a_worker(runtime, |spawner| async move {
        for _ in 0..operations / TASKS {
            let parent = |_| {
                let inner = spawner.clone();
                spawner.start(async move {
                    let task = |i| inner.start(async move { black_box(i) });
                    all((0..TASKS / 10).map(task).collect()).await;
                })
            };
            all((0..10).map(parent).collect()).await;
        }
    });
}

/// A thousand tasks yield to each other. Operation: a yield.
fn yields<R: Workers>(runtime: &R, operations: usize) {
    on_a_worker(runtime, |spawner| async move {
        let task = |_| spawner.start(Yields(operations / TASKS));
        all((0..TASKS).map(task).collect()).await;
    });
}

/// A task and the thread that is no worker send a number back and forth,
/// through two channels. Operation: there and back.
fn across<R: Workers, C: Channels>(runtime: &R, operations: usize) {
    let (mut to_task, mut from_main) = C::channel(1);
    let (mut to_main, mut from_task) = C::channel(1);
    let task = runtime.spawner().start(async move {
        while let Some(number) = C::next(&mut from_main).await {
            C::send(&mut to_main, number + 1).await;
        }
    });
    runtime.run(async move {
        for i in 0..operations as u64 {
            C::send(&mut to_task, i).await;
            black_box(C::next(&mut from_task).await);
        }
        drop(to_task);
        task.await;
    });
}

/// Where a task waits until another one calls it, perhaps on another thread.
#[derive(Default)]
struct Turn(Mutex<(bool, Option<Waker>)>);

impl Turn {
    fn lock(&self) -> MutexGuard<'_, (bool, Option<Waker>)> {
        self.0.lock().expect("no holder panics")
    }

    fn call(&self) {
        let mut turn = self.lock();
        turn.0 = true;
        let waker = turn.1.take();
        drop(turn);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    async fn wait(&self) {
        poll_fn(|cx| {
            let mut turn = self.lock();
            if std::mem::take(&mut turn.0) {
                return Poll::Ready(());
            }
            turn.1 = Some(cx.waker().clone());
            Poll::Pending
        })
        .await
    }
}

/// A thousand tasks in a ring; each waits for its turn and wakes the next.
/// Operation: a turn.
fn ring<R: Workers>(runtime: &R, operations: usize) {
    let turns: Arc<[Turn]> = (0..TASKS).map(|_| Turn::default()).collect();
    on_a_worker(runtime, |spawner| async move {
        let task = |i: usize| {
            let turns = turns.clone();
            spawner.start(async move {
                for _ in 0..operations / TASKS {
                    turns[i].wait().await;
                    turns[(i + 1) % TASKS].call();
                }
            })
        };
        let handles = (0..TASKS).map(task).collect();
        turns[0].call();
        all(handles).await;
    });
}

/// One task sends numbers to another, through a channel that holds 100.
/// Operation: a number.
fn one_to_one<R: Workers, C: Channels>(runtime: &R, operations: usize) {
    let (mut sender, mut receiver) = C::channel(100);
    on_a_worker(runtime, |spawner| async move {
        let sending = spawner.start(async move {
            for i in 0..operations as u64 {
                C::send(&mut sender, i).await;
            }
        });
        while let Some(i) = C::next(&mut receiver).await {
            black_box(i);
        }
        sending.await;
    });
}

/// Four tasks send and four receive through one channel, which is of
/// async-channel for every runtime: ours and Tokio's have one receiver.
/// Operation: a number.
fn four_to_four<R: Workers>(runtime: &R, operations: usize) {
    on_a_worker(runtime, |spawner| async move {
        let (sender, receiver) = async_channel::bounded(100);
        let sending = |_| {
            let sender = sender.clone();
            spawner.start(async move {
                for i in 0..operations / 4 {
                    sender.send(i).await.expect("somebody receives");
                }
            })
        };
        let receiving = |_| {
            let receiver = receiver.clone();
            spawner.start(async move {
                while let Ok(i) = receiver.recv().await {
                    black_box(i);
                }
            })
        };
        let mut handles: Vec<_> = (0..4).map(receiving).collect();
        handles.extend((0..4).map(sending));
        drop((sender, receiver));
        all(handles).await;
    });
}

/// A mutex around a number.
trait Shared: Send + Sync + 'static {
    fn new() -> Self;
    /// Holds the lock while the others have a turn.
    fn hold(&self) -> impl Future<Output = ()> + Send;
}

macro_rules! shared {
    ($mutex:ty) => {
        impl Shared for $mutex {
            fn new() -> Self {
                <$mutex>::new(0)
            }
            async fn hold(&self) {
                let mut guard = self.lock().await;
                *guard += 1;
                Yields(1).await;
                *guard += 1;
            }
        }
    };
}

shared!(fair::Mutex<u64>);
shared!(tokio::sync::Mutex<u64>);
shared!(smol::lock::Mutex<u64>);

/// Eight tasks want one mutex. Operation: a lock, held over a yield.
fn mutex<R: Workers, M: Shared>(runtime: &R, operations: usize) {
    let mutex = Arc::new(M::new());
    on_a_worker(runtime, |spawner| async move {
        let task = |_| {
            let mutex = mutex.clone();
            spawner.start(async move {
                for _ in 0..operations / 8 {
                    mutex.hold().await;
                }
            })
        };
        all((0..8).map(task).collect()).await;
    });
}

/// Tasks that compute for about 100 µs. Operation: a task.
fn compute<R: Workers>(runtime: &R, operations: usize) {
    on_a_worker(runtime, |spawner| async move {
        let task = |i| spawner.start(async move { black_box(work(i)) });
        all((0..operations).map(task).collect()).await;
    });
}

fn work(seed: usize) -> u64 {
    let mut number = seed as u64 | 1;
    for _ in 0..50_000 {
        number ^= number << 13;
        number ^= number >> 7;
        number ^= number << 17;
    }
    number
}

const WORKLOADS: &[Workload] = &[
    workload("spawn", "spawn 1000, await all", 10_000, 1.0),
    workload("fan-out", "10 tasks spawn 100 each", 10_000, 1.0),
    workload("yield", "1000 tasks yield", 20_000, 1.0),
    workload("across", "to a thread and back", 100, 1.0),
    workload("ring", "a ring of 1000 tasks", 4_000, 1.0),
    workload("one-to-one", "own channel, 1 to 1", 10_000, 1.0),
    workload("four-to-four", "one channel, 4 to 4", 4_000, 1.0),
    workload("mutex", "8 tasks, own mutex", 2_000, 1.0),
    workload("compute", "tasks of 100 us", 100, 1.0),
];

/// The table of two workers.
pub const TABLE: Table = Table {
    name: "threads",
    columns: &["tokio", "ours", "smol"],
    workloads: WORKLOADS,
    crates: &["tokio", "smol"],
    find: |workload, runtime| match runtime {
        "ours" => on::<Ours, channels::Ours, fair::Mutex<u64>>(workload),
        "tokio" => {
            on::<Tokio, channels::Tokio, tokio::sync::Mutex<u64>>(workload)
        }
        "smol" => on::<Smol, channels::Smol, smol::lock::Mutex<u64>>(workload),
        _ => None,
    },
};

/// Our pool without one of its ideas.
pub const ABLATION: Table = Table {
    name: "threads-ablation",
    columns: &["ours", "no-slot", "one", "always", "unpadded", "shared"],
    workloads: WORKLOADS,
    crates: &[],
    find: |workload, without| match without {
        "ours" => ablated::<threads::Pool>(workload),
        "no-slot" => ablated::<no_slot::pool::Pool>(workload),
        "one" => ablated::<steal_one::pool::Pool>(workload),
        "always" => ablated::<wake_always::pool::Pool>(workload),
        "unpadded" => ablated::<unpadded::pool::Pool>(workload),
        "shared" => ablated::<threads::shared::Pool>(workload),
        _ => None,
    },
};

fn ablated<R: Workers>(workload: &str) -> Option<Run> {
    on::<R, channels::Ours, fair::Mutex<u64>>(workload)
}

fn on<R: Workers, C: Channels, M: Shared>(workload: &str) -> Option<Run> {
    let work: fn(&R, usize) = match workload {
        "spawn" => spawn,
        "fan-out" => fan_out,
        "yield" => yields,
        "across" => across::<R, C>,
        "ring" => ring,
        "one-to-one" => one_to_one::<R, C>,
        "four-to-four" => four_to_four,
        "mutex" => mutex::<R, M>,
        "compute" => compute,
        _ => return None,
    };
    let runtime = R::new(WORKERS);
    Some(Box::new(move |operations| work(&runtime, operations)))
}

/// How much sooner two workers are done with tasks that compute than one is.
pub fn speedup() {
    const ROUNDS: usize = 11;
    const NAMES: [&str; 4] = ["threads", "tokio", "ours", "smol"];
    fn both<R: Workers>() -> [Run; 2] {
        [1, 2].map(|workers| {
            let runtime = R::new(workers);
            Box::new(move |operations| compute(&runtime, operations)) as Run
        })
    }
    // What this machine can give: threads that have their tasks from the start.
    let threads = [1_usize, 2].map(|workers| {
        let one = |tasks| (0..tasks).for_each(|i| _ = black_box(work(i)));
        Box::new(move |operations: usize| {
            thread::scope(|scope| {
                for _ in 0..workers {
                    scope.spawn(move || one(operations / workers));
                }
            });
        }) as Run
    });
    let runtimes = [threads, both::<Tokio>(), both::<Ours>(), both::<Smol>()];
    let mut samples = vec![[const { Vec::new() }; 2]; NAMES.len()];
    for _ in 0..ROUNDS {
        for (of, runs) in samples.iter_mut().zip(&runtimes) {
            for (of, run) in of.iter_mut().zip(runs) {
                let start = wall();
                run(2000);
                of.push(wall() - start);
            }
        }
    }
    let mut text = format!("{:24}{:>9}", "", "aim");
    for name in NAMES {
        text += &format!("{name:>9}");
    }
    text += &format!("\n{:24}{:>9.2}", "tasks of 100 us", 1.9);
    for of in samples {
        let [one, two] = of.map(median).map(|time| time.as_secs_f64());
        text += &format!("{:>9.2}", one / two);
    }
    let how = format!(
        "How many times as fast two workers are as one, by the clock on the \
         wall.\nMedians of {ROUNDS} runs in turn. The aim is for ours."
    );
    record("speedup", &text, &how, TABLE.crates);
}

/// The one in the middle.
pub fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
