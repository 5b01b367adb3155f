include!(concat!(env!("OUT_DIR"), "/local.rs"));

use std::cell::Cell;
use std::panic::resume_unwind;
use std::rc::Rc;
use std::sync::mpsc::channel;
use std::task::Poll;
use std::thread::{self, ThreadId};
use std::time::Duration;

use exercises::{Meanwhile, Task, block_on, differs, is_send, watched, why};
use local::Local;

const PAGE: &str = "runtimes/tokio.html";
const HANGS: &str = "A job ends, and nobody wakes the task that waits for it. \
                     Or the thread does not take the next job.";

/// How long a job waits for the poll to return, where it never will.
const PATIENCE: Duration = Duration::from_secs(1);

thread_local! {
    static JOBS: Cell<u32> = const { Cell::new(0) };
}

/// A future that is not `Send`. How many of its kind this thread has run.
async fn counts() -> (u32, ThreadId) {
    let one = Rc::new(1);
    std::future::ready(()).await;
    JOBS.set(JOBS.get() + *one);
    (JOBS.get(), thread::current().id())
}

#[test]
fn its_future_is_send() {
    watched(PAGE, HANGS, || {
        let local = Local::start();
        let future = local.run(counts);
        let rule = "A spawned task has to be `Send`, and this future is not: \
                    it keeps the future that `make` returned. Let the closure \
                    cross to the thread, and call it there.";
        assert!(is_send!(future), "{}", why(PAGE, rule));
    });
}

#[test]
fn all_jobs_run_on_one_other_thread() {
    watched(PAGE, HANGS, || {
        let local = Local::start();
        let first = block_on(local.run(counts));
        let second = block_on(local.clone().run(counts));
        let rule = "The two jobs run on one thread, which is not the \
                    caller's. So the second job sees what the first left.";
        let (first, second) = (first.expect("a value"), second.expect("one"));
        assert_ne!(first.1, thread::current().id(), "{}", why(PAGE, rule));
        assert_eq!(second, (2, first.1), "{}", differs(PAGE, rule));
    });
}

#[test]
fn the_poll_returns_while_the_job_runs_and_the_task_is_woken() {
    watched(PAGE, HANGS, || {
        let (open, gate) = channel::<()>();
        let local = Local::start();
        let make = || async move {
            let _ = gate.recv_timeout(PATIENCE);
            7
        };
        let mut future = Box::pin(local.run(make));
        let (first, last) = (Task::new(), Task::new());
        for task in [&first, &last] {
            let it = task.poll(&mut future);
            let rule = "A poll must be pending while the job runs.";
            assert!(it.is_pending(), "{}", why(PAGE, rule));
        }
        drop(open);
        // The task that polled last.
        last.wait_for(1);
        let rule = "When the task is woken, the value of the job is there.";
        let end = last.poll(&mut future);
        assert_eq!(end, Poll::Ready(Some(7)), "{}", differs(PAGE, rule));
    });
}

#[test]
fn a_job_that_ends_during_the_poll_is_not_missed() {
    watched(PAGE, HANGS, || {
        let (open, gate) = channel::<()>();
        let local = Local::start();
        let make = || async move {
            let _ = gate.recv_timeout(PATIENCE);
            7
        };
        let mut future = Box::pin(local.run(make));
        let task = Task::new();
        let rule = "The first poll must be pending while the job runs.";
        let first = Task::new().poll(&mut future);
        assert!(first.is_pending(), "{}", why(PAGE, rule));
        let next = local.clone();
        let meanwhile = Meanwhile::new(&task, move || {
            drop(open);
            // When the thread comes to the next job, the first has ended.
            block_on(next.run(|| async {}));
        });
        if meanwhile.poll(&mut future).is_ready() {
            return;
        }
        let rule = "The job ended while the waker was cloned, and nobody wakes \
                    the task. Look whether it has ended after the clone, and \
                    leave the waker under the same lock.";
        assert!(task.wakes() > 0, "{}", why(PAGE, rule));
    });
}

#[test]
fn a_panic_gives_none_and_the_next_job_runs() {
    watched(PAGE, HANGS, || {
        let run = || {
            let local = Local::start();
            let make = || async { resume_unwind(Box::new("the job's own")) };
            let panics: Option<()> = block_on(local.run(make));
            (panics, block_on(local.run(|| async { 42 })))
        };
        let rule = "The first job panicked, so it gives `None`. The panic \
                    neither comes out of `run` nor ends the thread.";
        let end = std::panic::catch_unwind(run).ok();
        assert_eq!(end, Some((None, Some(42))), "{}", differs(PAGE, rule));
    });
}
