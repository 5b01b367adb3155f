//! The runs that the part on runtimes shows.

use listings::proof::{Trace, check_trace};
use listings::runtimes::executor::Executor;
use listings::runtimes::executor::kitchen::{ann, bob};
use listings::wakers::oneshot::closed::channel;

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
    let executor = Executor::default();
    let spawner = executor.spawner();
    let (sender, receiver) = channel();
    let ann = spawner.spawn(trace.future("Ann", ann(receiver)));
    let bob = spawner.spawn(trace.future("Bob", bob(sender)));
    assert_eq!(executor.run_until_stalled(), 0);
    assert_eq!((executor.run(ann), executor.run(bob)), (Ok(()), Ok(())));
    check_trace("runtimes-executor-two-tasks", &trace).unwrap();
}
