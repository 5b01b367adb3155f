//! The runs that the part on runtimes shows.

use std::future::{pending, ready};
use std::io::{Read, Write};
use std::task::{Context, Waker};
use std::time::Duration;

use listings::proof::{Trace, check_trace};
use listings::runtimes::blocking::Pool;
use listings::runtimes::budget::{budgeted, cooperative};
use listings::runtimes::executor::Executor;
use listings::runtimes::executor::kitchen::{ann, bob};
use listings::runtimes::reactor::net::std_pair;
use listings::runtimes::reactor::{Async, Direction, Reactor};
use listings::runtimes::timers::{Clock, Timers};
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

/// Bob aborts Ann's task and awaits her handle. In each round of the executor
/// one task has its turn, so the test can say who acts.
#[test]
fn an_aborted_task_is_dropped_at_its_next_turn() {
    let trace = Trace::new(
        "An aborted task is dropped at its next turn",
        "The executor polls Ann's task, which polls her future and is pending. \
         It polls Bob, who sets the flag in Ann's task, wakes this task, awaits \
         her handle and is pending. The executor polls Ann's task, which sees \
         the flag and is ready. The executor drops the task, whose destructor \
         drops her future and wakes Bob. The executor polls Bob, who gets \
         the error and is ready.",
    );
    trace.participant("Ann", "Ann's future");
    trace.participant("Joined", "Ann's task (Joined)");
    trace.participant("Runner", "Executor").participant("Bob", "Bob");
    let executor = Executor::default();
    let spawner = executor.spawner();
    let mut cx = Context::from_waker(Waker::noop());

    let ann = spawner.spawn(trace.future("Ann", pending::<()>()));
    trace.says("Runner", "Joined", "poll");
    {
        let _acting = trace.act_as("Joined");
        assert!(executor.run_once(&mut cx));
    }
    trace.answers("Joined", "Runner", "Pending");

    let calls = trace.clone();
    let bob = spawner.spawn(trace.future("Bob", async move {
        ann.abort();
        calls.says("Bob", "Joined", "abort: set the flag");
        calls.says("Bob", "Runner", "abort: wake Ann's task");
        let end = ann.await;
        calls.note("Bob", &format!("{end:?}"));
    }));
    assert!(executor.run_once(&mut cx));

    trace.says("Runner", "Joined", "poll");
    trace.answers("Joined", "Runner", "Ready, as the flag is set");
    trace.says("Runner", "Joined", "drop");
    {
        let _acting = trace.act_as("Joined");
        assert!(executor.run_once(&mut cx));
    }
    assert_eq!(trace.count("Joined->>Ann: poll"), 1);
    assert_eq!(executor.run_until_stalled(), 0);
    assert_eq!(executor.run(bob), Ok(()));
    check_trace("runtimes-ending-abort", &trace).unwrap();
}

/// One read, from the task to the kernel and back.
#[test]
fn a_read_waits_in_the_reactor() {
    let trace = Trace::new(
        "A read waits in the reactor",
        "The runtime polls the task, which calls read. The kernel says \
         WouldBlock, so the task leaves its waker and asks the kernel to watch \
         the socket. Nobody else is woken, so the runtime sleeps in the \
         kernel. Bytes arrive, the kernel ends the sleep and names the \
         socket, the reactor wakes the task, and the runtime polls it again.",
    );
    trace.participant("Runner", "Runtime").participant("Task", "task");
    trace.participant("Reactor", "Reactor").participant("Kernel", "kernel");
    let reactor = Reactor::new().unwrap();
    let (here, mut there) = std_pair().unwrap();
    let here = Async::new(here, &reactor).unwrap();
    let executor = Executor::default();
    let calls = trace.clone();
    let read = async move {
        let read = here.io(Direction::Read, |mut socket| {
            calls.says("Task", "Kernel", "read");
            let result = socket.read(&mut [0; 8]);
            match &result {
                Ok(bytes) => {
                    calls.answers("Kernel", "Task", &format!("{bytes} bytes"));
                }
                Err(error) => {
                    let kind = format!("{:?}", error.kind());
                    calls.answers("Kernel", "Task", &kind);
                    calls.says("Task", "Reactor", "leaves its waker");
                    calls.says("Reactor", "Kernel", "watch this socket");
                }
            }
            result
        });
        assert_eq!(read.await.unwrap(), 5);
    };
    let task = executor.spawner().spawn(trace.future("Task", read));
    let waker = reactor.waker();
    let mut cx = Context::from_waker(&waker);
    assert!(executor.run_once(&mut cx));
    trace.says("Runner", "Reactor", "wait");
    trace.says("Reactor", "Kernel", "sleep until an event");
    there.write_all(b"hello").unwrap();
    trace.note("Kernel", "bytes arrive");
    trace.answers("Kernel", "Reactor", "readable: key 1");
    {
        let _acting = trace.act_as("Reactor");
        while reactor.wait(None).unwrap() == 0 {}
    }
    trace.answers("Reactor", "Runner", "1 was woken");
    assert_eq!(executor.run_until_stalled(), 0);
    drop(task);
    check_trace("runtimes-reactor-read", &trace).unwrap();
}

/// Two sleeps, one of which is dropped, and the time until the first.
#[test]
fn a_runtime_sleeps_until_the_earliest_deadline() {
    let trace = Trace::new(
        "A runtime sleeps until the earliest deadline",
        "Two tasks set a timer each, for 3 seconds and for 1 second. The \
         runtime asks for the earliest deadline and sleeps in the kernel for 1 \
         second at most. Then it lets the timers fire, which wakes one task. \
         The other task is dropped and takes its timer out.",
    );
    for (name, label) in [
        ("Runner", "Runtime"),
        ("Long", "task, 3 s"),
        ("Short", "task, 1 s"),
        ("Timers", "Timers"),
        ("Kernel", "kernel"),
    ] {
        trace.participant(name, label);
    }
    let reactor = Reactor::new().unwrap();
    let timers = Timers::new(Clock::stopped(), reactor.waker());
    let start = timers.now();
    let executor = Executor::default();
    let tasks = [("Long", 3), ("Short", 1)].map(|(name, seconds)| {
        let (calls, timers) = (trace.clone(), timers.clone());
        let sleeps = async move {
            calls.says(name, "Timers", &format!("set: in {seconds} s"));
            timers.sleep(Duration::from_secs(seconds)).await;
        };
        executor.spawner().spawn(trace.future(name, sleeps))
    });
    assert_eq!(executor.run_until_stalled(), 2);
    trace.says("Runner", "Timers", "the earliest?");
    let first = timers.first().unwrap();
    trace.answers("Timers", "Runner", &format!("in {:?}", first - start));
    trace.says("Runner", "Kernel", "wait, 1 s at most");
    timers.clock().jump(first);
    trace.answers("Kernel", "Runner", "the time is over");
    trace.says("Runner", "Timers", "fire");
    {
        let _acting = trace.act_as("Timers");
        assert_eq!(timers.fire(), 1);
    }
    assert_eq!(executor.run_until_stalled(), 1);
    let [long, short] = tasks;
    assert_eq!(executor.run(short), Ok(()));
    assert_eq!(timers.waiting(), 1);
    long.abort();
    assert_eq!(executor.run_until_stalled(), 0);
    assert_eq!(timers.waiting(), 0);
    trace.says("Long", "Timers", "take out");
    check_trace("runtimes-timers-two", &trace).unwrap();
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
