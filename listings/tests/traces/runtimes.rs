//! The runs that the part on runtimes shows.

use futures::channel::oneshot;
use listings::proof::{Trace, check_trace};
use listings::runtimes::fast_executor::slots::Executor;

#[test]
fn two_tasks_share_a_thread() {
    let trace = Trace::new(
        "Two tasks share one thread",
        "The executor polls Ann, who waits for eggs and is pending. It polls \
         Bob, who sends the eggs, which wakes Ann's task, and is ready. It \
         drops Bob and polls Ann again, who is ready.",
    );
    trace.participant("Ann", "Ann");
    trace.participant("Runner", "Executor");
    trace.participant("Bob", "Bob");
    let executor = Executor::new();
    let (sender, receiver) = oneshot::channel();
    let ann = executor.spawn(trace.future("Ann", receiver));
    let bob = async move { sender.send(6) };
    let bob = executor.spawn(trace.future("Bob", bob));
    assert_eq!(executor.run_until_stalled(), 0);
    assert!(matches!(executor.run(ann), Ok(Ok(6))));
    assert!(matches!(executor.run(bob), Ok(Ok(()))));
    check_trace("runtimes-executor-two-tasks", &trace).unwrap();
}
