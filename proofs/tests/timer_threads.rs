//! What a thousand timers cost, asked of the operating system. It is a test
//! program of its own, so that nobody else starts threads in between.

use std::fs;
use std::pin::Pin;
use std::task::{Context, Waker};
use std::thread;
use std::time::{Duration, Instant};

use listings::proof::skip;
use listings::wakers::timer::stopped;
use listings::wakers::timer::threads::waiting;

const TIMERS: usize = 1000;
const HOUR: Duration = Duration::from_secs(60 * 60);
const LIMIT: Duration = Duration::from_secs(60);
const MIB: usize = 1024 * 1024;

/// A number of `/proc/self/status`, where there is such a file.
fn status(name: &str) -> Option<usize> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with(name))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Threads, the bytes of address space, and the bytes of memory behind it.
fn cost() -> Option<(usize, usize, usize)> {
    let (size, used) = (status("VmSize:")?, status("VmRSS:")?);
    Some((status("Threads:")?, 1024 * size, 1024 * used))
}

fn wait_until(what: &str, done: impl Fn() -> bool) {
    let end = Instant::now() + LIMIT;
    while !done() {
        assert!(Instant::now() < end, "not within {LIMIT:?}: {what}");
        thread::yield_now();
    }
}

#[test]
fn a_thread_per_timer_costs_a_stack_each_and_tokios_timers_cost_none() {
    let mut cx = Context::from_waker(Waker::noop());
    let before = cost();
    let mut sleeps = Vec::new();
    for _ in 0..TIMERS {
        let mut sleep = stopped::sleep(HOUR);
        assert!(Pin::new(&mut sleep).poll(&mut cx).is_pending());
        sleeps.push(sleep);
    }
    assert_eq!(waiting(), TIMERS);
    let with_ours = cost();
    drop(sleeps);
    wait_until("no thread waits", || waiting() == 0);
    let (Some(before), Some(with_ours)) = (before, with_ours) else {
        return skip("threads are counted with /proc/self/status, on Linux");
    };
    assert_eq!(with_ours.0 - before.0, TIMERS);
    let stacks = TIMERS * 2 * MIB;
    assert!(with_ours.1 - before.1 >= stacks);
    assert!(with_ours.2 - before.2 < stacks / 10);

    // A thread that has ended is counted for a moment longer.
    wait_until("they are gone", || cost().is_some_and(|c| c.0 == before.0));

    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime with a clock can be built");
    let _context = runtime.enter();
    let before = cost().expect("it was there before");
    let mut sleeps = Vec::new();
    for _ in 0..TIMERS {
        let mut sleep = Box::pin(tokio::time::sleep(HOUR));
        assert!(sleep.as_mut().poll(&mut cx).is_pending());
        sleeps.push(sleep);
    }
    let with_tokio = cost().expect("it was there before");
    assert_eq!(with_tokio.0, before.0);
    assert!(with_tokio.1.saturating_sub(before.1) < 2 * MIB);
}
