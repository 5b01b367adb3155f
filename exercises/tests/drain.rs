include!(concat!(env!("OUT_DIR"), "/drain.rs"));

use std::task::Poll;

use drain::{Job, drain};
use exercises::{Probe, Remote, Task, block_on, differs, probe, watched, why};

const PAGE: &str = "cancellation/shutdown.html";
const HANGS: &str = "`poll` does not come back: it may ask each job once and \
                     then has to answer.";

fn jobs<const N: usize>() -> (Vec<Job>, [Remote<()>; N]) {
    let (probes, remotes): (Vec<Probe<()>>, Vec<_>) =
        (0..N).map(|_| probe()).unzip();
    let jobs = probes.into_iter().map(|probe| Box::pin(probe) as Job);
    let Ok(remotes) = remotes.try_into() else { unreachable!("N of them") };
    (jobs.collect(), remotes)
}

#[test]
fn it_waits_for_all_jobs_and_not_for_the_deadline() {
    watched(PAGE, HANGS, || {
        let task = Task::new();
        let (jobs, [a, b]) = jobs();
        let (deadline, _never) = probe();
        let mut draining = drain(jobs, deadline);
        let rule = "Both jobs are pending, and so is the deadline.";
        assert!(task.poll(&mut draining).is_pending(), "{}", why(PAGE, rule));
        let rule = "The jobs run at the same time: each is polled.";
        assert!(a.polls() > 0 && b.polls() > 0, "{}", why(PAGE, rule));
        b.set(());
        let rule = "One job is left.";
        assert!(task.poll(&mut draining).is_pending(), "{}", why(PAGE, rule));
        let rule = "A job that is done is dropped then: it may hold a file.";
        assert!(b.is_dropped(), "{}", why(PAGE, rule));
        a.set(());
        let rule = "All jobs are done. Nobody has to wait for the deadline.";
        let end = task.poll(&mut draining);
        assert_eq!(end, Poll::Ready(0), "{}", differs(PAGE, rule));
    });
}

#[test]
fn at_the_deadline_the_rest_is_dropped_and_counted() {
    watched(PAGE, HANGS, || {
        let task = Task::new();
        let (jobs, [a, b, c]) = jobs();
        let (deadline, is_over) = probe();
        let mut draining = drain(jobs, deadline);
        let _ = task.poll(&mut draining);
        b.set(());
        let _ = task.poll(&mut draining);
        is_over.set(());
        let rule = "Two of three jobs had to be dropped.";
        let end = task.poll(&mut draining);
        assert_eq!(end, Poll::Ready(2), "{}", differs(PAGE, rule));
        let rule = "When the drain is ready, the jobs have to be gone, and \
                    not only when the drain is dropped: the caller closes \
                    what they use.";
        let gone = a.is_dropped() && c.is_dropped();
        assert!(gone, "{}", why(PAGE, rule));
        drop(draining);
    });
}

#[test]
fn a_job_that_is_done_at_the_deadline_counts_as_done() {
    watched(PAGE, HANGS, || {
        let task = Task::new();
        let (jobs, [a, b]) = jobs();
        let (deadline, is_over) = probe();
        let mut draining = drain(jobs, deadline);
        let _ = task.poll(&mut draining);
        a.set(());
        is_over.set(());
        let rule = "Job and deadline are ready in the same poll. The job has \
                    done its work, so look at the jobs first.";
        let end = task.poll(&mut draining);
        assert_eq!(end, Poll::Ready(1), "{}", differs(PAGE, rule));
        drop(b);
    });
}

#[test]
fn two_jobs_may_be_done_in_the_same_poll() {
    watched(PAGE, HANGS, || {
        let task = Task::new();
        let (jobs, [a, b]) = jobs();
        let (deadline, _never) = probe();
        let mut draining = drain(jobs, deadline);
        let _ = task.poll(&mut draining);
        a.set(());
        b.set(());
        let rule = "Two jobs are done in the same poll. Does the first one, \
                    when it is removed, hide the next one from your loop?";
        let end = task.poll(&mut draining);
        assert_eq!(end, Poll::Ready(0), "{}", differs(PAGE, rule));
    });
}

#[test]
fn jobs_and_deadline_wake_the_task() {
    watched(PAGE, HANGS, || {
        for which in 0..3 {
            let task = Task::new();
            let (jobs, [a, b]) = jobs();
            let (deadline, is_over) = probe();
            let mut draining = drain(jobs, deadline);
            let _ = task.poll(&mut draining);
            let rule = "Nothing has happened yet: this is a busy wake.";
            assert_eq!(task.wakes(), 0, "{}", differs(PAGE, rule));
            [a, b, is_over][which].set(());
            let rule = "Something is ready, and the task is not woken. Each \
                        poll has to poll the deadline too, unless all jobs \
                        are done.";
            assert!(task.wakes() > 0, "{}", why(PAGE, rule));
        }
    });
}

#[test]
fn without_jobs_it_is_ready_at_once() {
    watched(PAGE, HANGS, || {
        let task = Task::new();
        let (deadline, _never) = probe();
        let rule = "There is nothing to wait for.";
        let end = task.poll(&mut drain(Vec::new(), deadline));
        assert_eq!(end, Poll::Ready(0), "{}", differs(PAGE, rule));
    });
}

#[test]
fn a_runner_that_sleeps_gets_to_the_end() {
    watched(PAGE, HANGS, || {
        let (jobs, [a, _b]) = jobs();
        let (deadline, is_over) = probe();
        let other = std::thread::spawn(move || {
            a.set(());
            is_over.set(());
        });
        let left = block_on(drain(jobs, deadline));
        let rule = "One job is never done.";
        assert_eq!(left, 1, "{}", differs(PAGE, rule));
        other.join().expect("setting does not panic");
    });
}
