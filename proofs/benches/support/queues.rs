//! The parts of an executor that the fast one does otherwise than the simple
//! one: where woken tasks wait, and where tasks are kept.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::Arc;
use std::task::Waker;

use listings::runtimes::executor::ready::{Ready, Signal};
use listings::runtimes::fast_executor::queue::Queue;

use super::table::{Run, Table, workload};

/// How many tasks are woken before the first is polled.
const CROWD: usize = 1000;

/// The simple one: a lock, and a set. Operation: a wake.
fn set(tasks: usize, operations: usize) {
    let ready: Arc<Ready> = Arc::default();
    let wakers: Vec<Waker> = (0..tasks as u64)
        .map(|key| Arc::new(Signal { key, ready: ready.clone() }).into())
        .collect();
    for _ in 0..operations / tasks {
        wakers.iter().for_each(Waker::wake_by_ref);
        for key in ready.take(Waker::noop()) {
            black_box(key);
        }
    }
}

/// The fast one on its own thread: a list without a lock. Operation: a wake.
fn door(tasks: usize, operations: usize) {
    let queue = Queue::new();
    let _here = queue.enter();
    let wakers: Vec<Waker> = (0..tasks).map(|key| queue.waker(key)).collect();
    wake_and_pop(&queue, &wakers, operations);
}

/// The fast one from outside: a lock, and a list. Operation: a wake.
fn inbox(tasks: usize, operations: usize) {
    let queue = Queue::new();
    let wakers: Vec<Waker> = (0..tasks).map(|key| queue.waker(key)).collect();
    wake_and_pop(&queue, &wakers, operations);
}

fn wake_and_pop(queue: &Queue, wakers: &[Waker], operations: usize) {
    for _ in 0..operations / wakers.len() {
        wakers.iter().for_each(Waker::wake_by_ref);
        while let Some(key) = queue.pop() {
            black_box(key);
        }
    }
}

/// A thousand tasks, each taken out of a map to be polled, and put back.
fn map(operations: usize) {
    let mut tasks: BTreeMap<u64, Box<usize>> =
        (0..CROWD).map(|key| (key as u64, Box::new(key))).collect();
    for operation in 0..operations {
        let key = (operation % CROWD) as u64;
        if let Some(task) = tasks.remove(&key) {
            tasks.insert(key, black_box(task));
        }
    }
}

/// The same in slots, where a task stays while it is polled.
fn slots(operations: usize) {
    let mut tasks: Vec<Option<Box<usize>>> =
        (0..CROWD).map(|key| Some(Box::new(key))).collect();
    for operation in 0..operations {
        if let Some(task) = &mut tasks[operation % CROWD] {
            black_box(task);
        }
    }
}

/// A waker for each new task. Operation: a task.
fn new_wakers(operations: usize) {
    let ready: Arc<Ready> = Arc::default();
    for key in 0..operations as u64 {
        let signal = Arc::new(Signal { key, ready: ready.clone() });
        black_box(Waker::from(signal));
    }
}

/// The waker stays in the slot when its task goes.
fn kept_wakers(operations: usize) {
    let queue = Queue::new();
    let waker = queue.waker(1);
    for _ in 0..operations {
        black_box(&waker);
    }
}

/// The table of the chapter on the fast executor.
pub const TABLE: Table = Table {
    name: "fast-executor",
    columns: &["simple", "inbox", "ours"],
    workloads: &[
        workload("wake-one", "wake one, take it", 100_000, 1.0),
        workload("wake-crowd", "wake 1000, take them", 100_000, 1.0),
        workload("place", "find a task to poll", 100_000, 1.0),
        workload("waker", "a waker for a new task", 100_000, 1.0),
    ],
    crates: &[],
    find: |workload, column| {
        let run: Run = match (column, workload) {
            ("simple", "wake-one") => Box::new(|n| set(1, n)),
            ("simple", "wake-crowd") => Box::new(|n| set(CROWD, n)),
            ("simple", "place") => Box::new(map),
            ("simple", "waker") => Box::new(new_wakers),
            ("inbox", "wake-one") => Box::new(|n| inbox(1, n)),
            ("inbox", "wake-crowd") => Box::new(|n| inbox(CROWD, n)),
            ("ours", "wake-one") => Box::new(|n| door(1, n)),
            ("ours", "wake-crowd") => Box::new(|n| door(CROWD, n)),
            ("ours", "place") => Box::new(slots),
            ("ours", "waker") => Box::new(kept_wakers),
            _ => return None,
        };
        Some(run)
    },
};
