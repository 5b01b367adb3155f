use std::task::Poll;

use exercises::countdown::countdown;

use crate::support::{Task, block_on, differs, watched, why};

const COUNTS: &str = "futures/poll.html#a-countdown-that-forgets";

#[test]
fn it_is_pending_as_often_as_it_counts() {
    let task = Task::new();
    let mut future = countdown(3);
    let answers: Vec<_> = (0..4).map(|_| task.poll(&mut future)).collect();
    let [rest @ .., last] = &answers[..] else { unreachable!("four polls") };
    assert!(
        rest.iter().all(Poll::is_pending),
        "countdown(3) answered {answers:?}{}",
        why(COUNTS, "A countdown from 3 is `Pending` three times.")
    );
    assert_eq!(
        *last,
        Poll::Ready("liftoff"),
        "{}",
        differs(COUNTS, "After its pending polls a countdown is ready.")
    );
}

#[test]
fn each_pending_poll_arranges_a_wake() {
    let task = Task::new();
    let mut future = countdown(3);
    for polls in 1..=3 {
        assert!(task.poll(&mut future).is_pending());
        let rule = "A future that answers `Pending` has arranged that the \
                    waker of this poll is called once another poll is \
                    worth it. A countdown can go on at once, so it wakes \
                    once before it answers.";
        assert_eq!(
            task.wakes(),
            polls,
            "wakes after {polls} polls{}",
            differs(COUNTS, rule)
        );
    }
}

#[test]
fn it_wakes_the_task_that_polled_it() {
    let (a, b) = (Task::new(), Task::new());
    let mut future = countdown(2);
    let _ = a.poll(&mut future);
    let _ = b.poll(&mut future);
    let rule = "The waker that counts is the one of this poll: take it from \
                `cx` each time.";
    assert_eq!(
        (a.wakes(), b.wakes()),
        (1, 1),
        "{}",
        differs("futures/poll.html#the-newest-waker-wins", rule)
    );
}

#[test]
fn when_it_is_ready_it_wakes_nobody() {
    let task = Task::new();
    assert_eq!(
        task.poll(&mut countdown(0)),
        Poll::Ready("liftoff"),
        "{}",
        differs(COUNTS, "A countdown from 0 is ready at its first poll.")
    );
    let rule = "A wake asks for another poll, and after `Ready` there is \
                nothing to poll for.";
    assert_eq!(task.wakes(), 0, "{}", differs(COUNTS, rule));
}

#[test]
fn a_runner_that_sleeps_gets_to_the_end() {
    let hangs = "The runner asked once, heard `Pending` and sleeps. Nobody \
                 has woken it.";
    watched(COUNTS, hangs, || {
        assert_eq!(block_on(countdown(3)), "liftoff");
    });
}
