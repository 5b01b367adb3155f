include!(concat!(env!("OUT_DIR"), "/countdown.rs"));

use std::task::Poll;

use countdown::countdown;
use exercises::{Task, block_on, differs, watched, why};

const COUNTS: &str =
    "futures/poll.html#pending-without-a-wake-a-future-that-hangs";
const NEWEST: &str = "futures/poll.html#the-newest-waker-wins";
const NO_WAKE: &str = "Either `poll` does not come back, or it answered `Pending` and \
                       nobody has woken the task. A \
                       future that answers `Pending` has arranged that the \
                       waker of this poll is called once another poll is \
                       worth it. A countdown can go on at once.";

#[test]
fn it_is_pending_as_often_as_it_counts() {
    watched(COUNTS, "`poll` does not come back.", || {
        for from in [0, 1, 3] {
            let task = Task::new();
            let mut future = countdown(from);
            let mut pending = 0;
            while task.poll(&mut future).is_pending() {
                pending += 1;
                let rule = format!(
                    "A countdown from {from} answered `Pending` \
                                    {pending} times: it does not count, or \
                                    counts too far."
                );
                assert!(pending <= from, "{}", why(COUNTS, &rule));
            }
            let rule = format!(
                "A countdown from {from} is `Pending` {from} times, and ready \
                 at the poll after that."
            );
            assert_eq!(pending, from, "{}", differs(COUNTS, &rule));
        }
    });
}

#[test]
fn it_gives_liftoff_and_gives_it_again() {
    watched(COUNTS, "`poll` does not come back.", || {
        let task = Task::new();
        let mut future = countdown(0);
        let rule = "A countdown from 0 is ready at its first poll.";
        let liftoff = Poll::Ready("liftoff");
        assert_eq!(
            task.poll(&mut future),
            liftoff,
            "{}",
            differs(COUNTS, rule)
        );
        let rule = "A countdown that was ready is ready at each poll after \
                    that. With `Pending` it would promise a wake.";
        assert_eq!(
            task.poll_after_ready(&mut future),
            Some(liftoff),
            "{}",
            differs(COUNTS, rule)
        );
    });
}

#[test]
fn each_pending_poll_arranges_a_wake() {
    watched(COUNTS, NO_WAKE, || {
        let task = Task::new();
        let mut future = countdown(3);
        for polls in 1..=3 {
            let rule = "A countdown from 3 is `Pending` three times.";
            assert!(
                task.poll(&mut future).is_pending(),
                "{}",
                why(COUNTS, rule)
            );
            // At once or from a thread: both will do.
            task.wait_for(polls);
        }
    });
}

#[test]
fn it_wakes_the_task_that_polled_it() {
    let hangs = "The second task polled the countdown and is not woken. The \
                 waker that counts is the one of this poll: take it from `cx` \
                 each time.";
    watched(NEWEST, hangs, || {
        let (a, b) = (Task::new(), Task::new());
        let mut future = countdown(2);
        for task in [&a, &b] {
            let rule = "A countdown from 2 is `Pending` twice.";
            assert!(
                task.poll(&mut future).is_pending(),
                "{}",
                why(COUNTS, rule)
            );
            task.wait_for(1);
        }
    });
}

#[test]
fn when_it_is_ready_it_wakes_nobody() {
    watched(COUNTS, "`poll` does not come back.", || {
        let task = Task::new();
        let _ = task.poll(&mut countdown(0));
        let rule = "A wake asks for another poll, and after `Ready` there is \
                    nothing to poll for.";
        assert_eq!(task.wakes(), 0, "{}", differs(COUNTS, rule));
    });
}

#[test]
fn a_runner_that_sleeps_gets_to_the_end() {
    watched(COUNTS, NO_WAKE, || {
        assert_eq!(block_on(countdown(3)), "liftoff");
    });
}
