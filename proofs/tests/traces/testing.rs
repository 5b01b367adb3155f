//! The run that the chapter on tests shows.

use std::rc::Rc;

use listings::proof::{Trace, check_trace};
use listings::runtimes::testing::reload::{Settings, loader, waiter};
use listings::runtimes::testing::seeded::executor;

/// Runs a waiter beside a loader of one part. Returns whether both end.
fn ends(seed: u64, trace: &Trace) -> bool {
    let (executor, settings) = (executor(seed), Rc::<Settings>::default());
    let spawner = executor.spawner();
    let waits = trace.future("Waiter", waiter(settings.clone()));
    drop(spawner.spawn(waits));
    drop(spawner.spawn(trace.future("Loader", loader(settings, 1))));
    let left = executor.run_until_stalled();
    trace.note("Runner", &format!("{left} task is left"));
    left == 0
}

#[test]
fn a_seed_finds_the_order_in_which_the_notice_is_missed() {
    let trace = || {
        let trace = Trace::new(
            "The order of a seed that hangs",
            "The waiter looks and is pending. The loader is polled until it \
             has notified, before the waiter is polled again. The waiter then \
             waits for the next notice, which never comes.",
        );
        trace.participant("Runner", "Executor");
        trace.participant("Waiter", "waiter");
        trace.participant("Loader", "loader");
        trace
    };
    let mut traces = (0..1000).map(|seed| (seed, trace()));
    let found = traces.find(|(seed, trace)| !ends(*seed, trace));
    let (_, trace) = found.expect("a seed hangs");
    check_trace("runtimes-testing-seed", &trace).unwrap();
}
