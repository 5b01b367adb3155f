//! `block_on` six times.

use std::hint::black_box;

use listings::runtimes::executor::yield_now::yield_now;
use listings::wakers::block_on::{cached, flag};

use super::table::{Run, Table, workload};

/// Runs one future on this thread.
trait Runner: 'static {
    fn block_on<F: Future>(&self, future: F) -> F::Output;
}

struct Ours;
impl Runner for Ours {
    fn block_on<F: Future>(&self, future: F) -> F::Output {
        cached::block_on(future)
    }
}

struct Flag;
impl Runner for Flag {
    fn block_on<F: Future>(&self, future: F) -> F::Output {
        flag::block_on(future)
    }
}

struct Futures;
impl Runner for Futures {
    fn block_on<F: Future>(&self, future: F) -> F::Output {
        futures::executor::block_on(future)
    }
}

struct Smol;
impl Runner for Smol {
    fn block_on<F: Future>(&self, future: F) -> F::Output {
        smol::future::block_on(future)
    }
}

struct Pollster;
impl Runner for Pollster {
    fn block_on<F: Future>(&self, future: F) -> F::Output {
        pollster::block_on(future)
    }
}

struct Tokio(tokio::runtime::Runtime);
impl Runner for Tokio {
    fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.0.block_on(future)
    }
}

/// A future that is ready at once. Operation: a call.
fn at_once<R: Runner>(runner: &R, operations: usize) {
    for i in 0..operations {
        black_box(runner.block_on(async { black_box(i) }));
    }
}

/// A future that wakes itself once. Operation: a call.
fn woken_once<R: Runner>(runner: &R, operations: usize) {
    for _ in 0..operations {
        runner.block_on(yield_now());
    }
}

/// The table of the chapter on `block_on`.
pub const TABLE: Table = Table {
    name: "block-on",
    columns: &["futures", "ours", "flag", "smol", "pollster", "tokio"],
    workloads: &[
        workload("at-once", "ready at once", 1_000_000, 0.50),
        workload("woken-once", "woken once", 200_000, 1.00),
    ],
    crates: &["futures", "futures-lite", "pollster", "tokio"],
    find: |workload, runner| match runner {
        "ours" => with(Ours, workload),
        "flag" => with(Flag, workload),
        "futures" => with(Futures, workload),
        "smol" => with(Smol, workload),
        "pollster" => with(Pollster, workload),
        "tokio" => {
            let builder = &mut tokio::runtime::Builder::new_current_thread();
            with(Tokio(builder.build().expect("Tokio starts")), workload)
        }
        _ => None,
    },
};

fn with<R: Runner>(runner: R, workload: &str) -> Option<Run> {
    let work: fn(&R, usize) = match workload {
        "at-once" => at_once,
        "woken-once" => woken_once,
        _ => return None,
    };
    Some(Box::new(move |operations| work(&runner, operations)))
}
