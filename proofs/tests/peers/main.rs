//! What the test suites of Tokio, futures and async-channel ask of their own
//! primitives, asked of ours too.
//!
//! A scenario is written once and runs on ours and on each peer that has the
//! same thing, so it shows that the peer does it and that ours does it too. The
//! comment above it names the test that asks the same: the words and the code
//! are ours. What ours does otherwise is no scenario. It stands in
//! `differences.rs` with its reason, and is shown to be so.
//!
//! The suites are those of tokio 1.54.1, futures 0.3.34 with futures-channel
//! and futures-executor, and async-channel 2.5.0, as cargo downloads them.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use listings::proof::watchdog;
use listings::wakers::contract::count::Counter;

/// Runs a block on each module that is named before it: ours first, then the
/// peers. In the block, the module has the name between the bars.
macro_rules! scenario {
    ($($on:ident,)+ |$it:ident| $body:block) => {$({
        fn scenario() {
            use self::$on as $it;
            $body
        }
        $crate::run(stringify!($on), scenario);
    })+};
}

mod bounded;
mod clocks;
mod combinators;
mod differences;
mod executors;
mod intervals;
mod mutex;
mod notify;
mod oneshot;
mod pools;
mod runners;
mod sleeps;
mod streams;
mod tasks;
mod timeouts;
mod unbounded;
mod wakers;

/// No scenario takes this long, on however busy a machine.
const LIMIT: Duration = Duration::from_secs(60);

/// Runs a scenario where it may hang. A panic says on what it ran.
fn run(on: &str, scenario: fn()) {
    match catch_unwind(|| watchdog(LIMIT, scenario)) {
        Ok(end) => assert_eq!(end, Ok(()), "{on}"),
        Err(panic) => {
            eprintln!("this was `{on}`");
            resume_unwind(panic)
        }
    }
}

/// A future that is polled by hand, and the waker that it is polled with.
struct Polled<F> {
    future: Pin<Box<F>>,
    counter: Arc<Counter>,
    waker: Waker,
}

fn polled<F>(future: F) -> Polled<F> {
    let (counter, waker) = Counter::new();
    Polled { future: Box::pin(future), counter, waker }
}

impl<F: Future> Polled<F> {
    fn poll(&mut self) -> Poll<F::Output> {
        self.future.as_mut().poll(&mut Context::from_waker(&self.waker))
    }

    /// Polls a future that has to wait.
    fn waits(&mut self) {
        assert!(self.poll().is_pending(), "it is ready too early");
    }

    /// Polls a future that has to be ready.
    fn ready(&mut self) -> F::Output {
        match self.poll() {
            Poll::Ready(output) => output,
            Poll::Pending => panic!("it is not ready"),
        }
    }
}

impl<F> Polled<F> {
    fn wakes(&self) -> u32 {
        self.counter.wakes()
    }

    /// How many wakers somebody else keeps.
    fn kept(&self) -> usize {
        self.counter.wakers() - 1
    }
}

/// Polls a future that can be moved, once.
fn poll<F: Future + Unpin>(future: &mut F, waker: &Waker) -> Poll<F::Output> {
    Pin::new(future).poll(&mut Context::from_waker(waker))
}

/// Whether `code` panics.
fn does_panic<T>(code: impl FnOnce() -> T) -> bool {
    catch_unwind(AssertUnwindSafe(code)).is_err()
}

/// Pending once: gives the others a turn, on every executor.
async fn turn() {
    let mut has_waited = false;
    poll_fn(|cx| {
        if has_waited {
            return Poll::Ready(());
        }
        has_waited = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}
