//! The runs that the part on runtimes shows.

use std::future::ready;

use listings::proof::{Trace, check_trace};
use listings::runtimes::blocking::Pool;
use listings::runtimes::budget::{budgeted, cooperative};
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

#[test]
fn a_job_runs_on_the_pool_while_another_task_runs() {
    let trace = Trace::new(
        "A job on the pool leaves the executor's thread free",
        "The executor polls Ann, who gives a job to the pool and is pending. \
         It polls Bob, who is ready, while the thread of the pool works. The \
         thread is done and wakes the executor, which polls Ann again. She is \
         ready.",
    );
    trace.participant("Ann", "Ann").participant("Runner", "Executor");
    trace.participant("Bob", "Bob").participant("Pool", "Thread of the pool");
    let executor = Executor::default();
    let pool = Pool::new(1);
    let ann = {
        let trace = trace.clone();
        async move {
            trace.says("Ann", "Pool", "a job");
            let works = trace.clone();
            let job = pool.spawn_blocking(move || {
                works.act_as("Pool").for_good();
                works.wait_for("Runner->>Bob: drop");
                works.note("Pool", "the job is done");
                42
            });
            job.await
        }
    };
    let ann = executor.spawner().spawn(trace.future("Ann", ann));
    let bob = executor.spawner().spawn(trace.future("Bob", ready(())));
    assert_eq!(executor.run(bob), Ok(()));
    assert_eq!(executor.run(ann), Ok(Ok(42)));
    check_trace("runtimes-blocking-pool", &trace).unwrap();
}

#[test]
fn a_task_whose_budget_is_spent_gives_its_turn_away() {
    let trace = Trace::new(
        "A task with a budget of two",
        "The executor polls the busy task, which takes two messages, wakes \
         itself and is pending. The other task has its turn. The busy task is \
         polled again and takes the third message.",
    );
    trace.participant("Busy", "Busy task").participant("Runner", "Executor");
    trace.participant("Other", "Other task");
    let executor = Executor::default();
    let busy = {
        let trace = trace.clone();
        async move {
            for message in 1..=3 {
                cooperative(ready(())).await;
                trace.note("Busy", &format!("takes message {message}"));
            }
        }
    };
    let busy = trace.future("Busy", budgeted(2, busy));
    let busy = executor.spawner().spawn(busy);
    let other = executor.spawner().spawn(trace.future("Other", ready(())));
    assert_eq!(executor.run_until_stalled(), 0);
    assert_eq!((executor.run(busy), executor.run(other)), (Ok(()), Ok(())));
    check_trace("runtimes-budget-spent", &trace).unwrap();
}
