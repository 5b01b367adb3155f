include!(concat!(env!("OUT_DIR"), "/offload.rs"));

use std::cell::RefCell;
use std::panic::resume_unwind;
use std::sync::mpsc::{Sender, channel};
use std::task::Poll;
use std::time::Duration;

use exercises::{Meanwhile, Task, block_on, differs, watched, why};
use offload::offload;

const PAGE: &str = "runtimes/blocking.html";
const HANGS: &str = "A job ends, and nobody wakes the task that waits for it.";
const BLOCKS: &str = "The first poll must be pending while the job runs. Here \
                      it returned only after the job.";

/// How long a job waits for the poll to return, where it never will.
const PATIENCE: Duration = Duration::from_secs(1);

#[test]
fn the_first_poll_returns_while_the_job_runs() {
    watched(PAGE, HANGS, || {
        let (open, gate) = channel::<()>();
        let job = move || gate.recv_timeout(PATIENCE).is_err();
        let mut future = Box::pin(offload(job));
        let first = Task::new().poll(&mut future);
        assert!(first.is_pending(), "{}", why(PAGE, BLOCKS));
        drop(open);
    });
}

#[test]
fn the_task_that_polled_last_is_woken_when_the_job_is_done() {
    watched(PAGE, HANGS, || {
        let (open, gate) = channel::<()>();
        let job = move || {
            let _ = gate.recv_timeout(PATIENCE);
            7
        };
        let mut future = Box::pin(offload(job));
        let (first, last) = (Task::new(), Task::new());
        for task in [&first, &last] {
            let it = task.poll(&mut future);
            assert!(it.is_pending(), "{}", why(PAGE, BLOCKS));
        }
        drop(open);
        last.wait_for(1);
        let rule = "When the task is woken, the value of the job is there.";
        let end = last.poll(&mut future);
        assert_eq!(end, Poll::Ready(Some(7)), "{}", differs(PAGE, rule));
    });
}

thread_local! {
    /// Dropped when the thread of a job ends.
    static UNTIL_THE_END: RefCell<Option<Sender<()>>> =
        const { RefCell::new(None) };
}

#[test]
fn a_job_that_ends_during_the_poll_is_not_missed() {
    watched(PAGE, HANGS, || {
        let (open, gate) = channel::<()>();
        let (ends, ended) = channel();
        let job = move || {
            UNTIL_THE_END.set(Some(ends));
            let _ = gate.recv_timeout(PATIENCE);
            7
        };
        let mut future = Box::pin(offload(job));
        let first = Task::new().poll(&mut future);
        assert!(first.is_pending(), "{}", why(PAGE, BLOCKS));
        let task = Task::new();
        let meanwhile = Meanwhile::new(&task, move || {
            drop(open);
            // Its thread may be one of several that stay.
            let _ = ended.recv_timeout(PATIENCE);
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
fn a_job_that_panics_gives_none() {
    watched(PAGE, HANGS, || {
        let job = || -> u32 { resume_unwind(Box::new("the job's own")) };
        let end = std::panic::catch_unwind(|| block_on(offload(job)));
        let rule = "The job panicked. The future gives `None`, and the panic \
                    does not come out of `poll`.";
        assert_eq!(end.ok(), Some(None), "{}", differs(PAGE, rule));
    });
}
