//! How many workers Tokio starts, and what a panic does to them.

use std::process::Command;
use std::{env, thread};

use tokio::runtime::{Builder, Handle};

// ANCHOR: program
const WORKERS: &str = "TOKIO_WORKER_THREADS";

#[tokio::main]
async fn workers() -> usize {
    Handle::current().metrics().num_workers()
}

fn main() {
    if env::var_os(WORKERS).is_some() {
        return println!("{WORKERS}=3: {} workers", workers());
    }
    let cores = thread::available_parallelism().map_or(1, usize::from);
    println!("without: one per core: {}", workers() == cores);
    // The same program again, with the variable.
    let this = env::current_exe().expect("this program has a path");
    let again = Command::new(this).env(WORKERS, "3").status();
    assert!(again.is_ok_and(|end| end.success()));

    let runtime = Builder::new_multi_thread().worker_threads(2).build();
    let runtime = runtime.expect("there are threads left");
    for _ in 0..10 {
        let drops = runtime.spawn(async { panic!("Ann drops the pan") });
        assert!(runtime.block_on(drops).unwrap_err().is_panic());
    }
    let workers = runtime.metrics().num_workers();
    let next = runtime.block_on(runtime.spawn(async { 42 }));
    println!("after ten panics: {workers} workers, {next:?}");
}
// ANCHOR_END: program
