//! The runs that the part on futures shows.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use listings::futures::combinators::join::join;
use listings::futures::combinators::race::{Winner, race};
use listings::futures::poll::countdown::{Countdown, countdown};
use listings::futures::poll::{first_waker, manual};
use listings::futures::state_machines::shop::{Receipt, Shop};
use listings::futures::state_machines::{async_fn, by_hand};
use listings::proof::{Trace, Traced, check_trace};

/// The program that the page shows, and the same with the other future.
#[path = "../../../listings/examples/poll_first_waker.rs"]
#[allow(dead_code, reason = "its `main` is not run here")]
mod poll_first_waker;
#[path = "../../../listings/examples/poll_manual.rs"]
#[allow(dead_code, reason = "its `main` is not run here")]
mod poll_manual;

/// A trace of one of these programs. Its runner works on the thread of the
/// watchdog.
fn two_pollers(title: &str, description: &str) -> Trace {
    let trace = Trace::new(title, description);
    trace.participant("Runner", "by hand").participant("Manual", "Manual");
    trace.participant("a thread without a name", "block_on");
    trace.participant("Complete", "complete");
    trace
}

#[test]
fn the_first_waker_is_called_and_the_runner_sleeps_on() {
    let trace = two_pollers(
        "The first waker is called",
        "The future is polled by hand and keeps that waker. Then block_on \
         polls it, which changes nothing, and polls the block that completes \
         it. This wakes the waker of the poll by hand. The run ends here, \
         and block_on is never woken.",
    );
    let (future, completer) = first_waker::manual();
    let future = trace.future("Manual", future);
    let complete = async { completer.complete(7) };
    let complete = trace.future("Complete", complete);
    poll_first_waker::by_hand_then_by_runner(future, complete)
        .expect_err("the runner is not woken");
    trace.wait_for("Complete-->>");
    check_trace("futures-poll-first-waker", &trace).unwrap();
}

#[test]
fn the_newest_waker_is_called_and_the_runner_polls_again() {
    let trace = two_pollers(
        "The newest waker is called",
        "The future is polled by hand, then by block_on, and keeps the \
         waker of block_on. Then block_on polls the block that completes the \
         future, which wakes block_on. Its next poll is ready.",
    );
    let (future, completer) = manual::manual();
    let future = trace.future("Manual", future);
    let complete = async { completer.complete(7) };
    let complete = trace.future("Complete", complete);
    let value = poll_manual::by_hand_then_by_runner(future, complete);
    assert_eq!(value, Ok(7));
    check_trace("futures-poll-newest-waker", &trace).unwrap();
}

fn checkout_trace() -> Trace {
    let trace = Trace::new(
        "A checkout in three polls",
        "The runner polls the checkout three times. The first poll reaches \
         the request for the cart and is pending. The second finishes it and \
         is pending at the charge. The third finishes that one, drops the \
         cart and is ready.",
    );
    trace.participant("Runner", "runner").participant("Checkout", "checkout");
    trace.participant("LoadCart", "load cart").participant("Charge", "charge");
    trace
}

fn run(trace: &Trace, future: impl Future<Output = Receipt>) -> u32 {
    let mut future = pin!(trace.future("Checkout", future));
    let mut cx = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(receipt) = future.as_mut().poll(&mut cx) {
            return receipt.cents;
        }
    }
}

#[test]
fn a_checkout_by_hand_does_what_the_async_fn_does() {
    let [compiled, written] = [(); 2].map(|_| checkout_trace());
    let shop = Shop::new(&compiled);
    assert_eq!(run(&compiled, async_fn::checkout(&shop, 7)), 1650);
    let shop = Shop::new(&written);
    assert_eq!(run(&written, by_hand::checkout(&shop, 7)), 1650);
    assert_eq!(compiled.to_mermaid(), written.to_mermaid());
    check_trace("futures-state-machines-checkout", &written).unwrap();
}

/// Two countdowns in something that holds both, polled to the end.
fn run_both<F: Future>(
    trace: &Trace,
    label: &str,
    (a, b): (u32, u32),
    combine: impl FnOnce(Traced<Countdown>, Traced<Countdown>) -> F,
) -> F::Output {
    trace.participant("Runner", "runner").participant("Both", label);
    let a = trace.future("A", countdown(a));
    let b = trace.future("B", countdown(b));
    let mut both = pin!(trace.future("Both", combine(a, b)));
    let mut cx = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = both.as_mut().poll(&mut cx) {
            return value;
        }
    }
}

#[test]
fn a_join_polls_both_until_both_are_done() {
    let trace = Trace::new(
        "A join of two countdowns",
        "The first poll polls a, which is ready, and b, which wakes the \
         runner and is pending. The second polls b only, and both are done.",
    );
    let values = run_both(&trace, "join", (0, 1), join);
    assert_eq!(values, ("liftoff", "liftoff"));
    check_trace("futures-combinators-join", &trace).unwrap();
}

#[test]
fn a_race_drops_the_loser_and_then_is_ready() {
    let trace = Trace::new(
        "A race of two countdowns",
        "The first poll polls a and b, which wake the runner and are \
         pending. In the second poll b is ready. The race drops both and \
         is ready.",
    );
    let winner = run_both(&trace, "race", (2, 1), race);
    assert_eq!(winner, Winner::Right("liftoff"));
    check_trace("futures-combinators-race", &trace).unwrap();
}
