include!(concat!(env!("OUT_DIR"), "/join_all.rs"));

use std::task::Poll;

use exercises::{Probe, Remote, Task, block_on, differs, probe, watched, why};
use join_all::join_all;

const BOTH: &str =
    "futures/combinators.html#join-poll-both-futures-until-both-are-ready";
const AFTER: &str = "futures/poll.html#deeper-polling-after-ready";
const HANGS: &str = "`poll` does not come back: it may ask each future once \
                     and then has to answer.";

fn probes<const N: usize>() -> (Vec<Probe<u32>>, [Remote<u32>; N]) {
    let (probes, remotes): (_, Vec<_>) = (0..N).map(|_| probe()).unzip();
    let Ok(remotes) = remotes.try_into() else { unreachable!("N of them") };
    (probes, remotes)
}

#[test]
fn the_first_poll_polls_all_of_them() {
    watched(BOTH, HANGS, || {
        let task = Task::new();
        let (futures, remotes) = probes::<3>();
        let mut all = join_all(futures);
        let rule = "As long as one of them is pending, so is the join.";
        assert!(task.poll(&mut all).is_pending(), "{}", why(BOTH, rule));
        let polled = remotes.map(|remote| remote.polls() > 0);
        let rule = "A join is concurrent: it asks each one in its first poll, \
                    and does not stop at the first that is pending.";
        assert_eq!(polled, [true; 3], "{}", differs(BOTH, rule));
    });
}

#[test]
fn the_values_are_in_the_order_of_the_futures() {
    watched(BOTH, HANGS, || {
        let task = Task::new();
        let (futures, [a, b, c]) = probes();
        let mut all = join_all(futures);
        let _ = task.poll(&mut all);
        c.set(3);
        let _ = task.poll(&mut all);
        a.set(1);
        let _ = task.poll(&mut all);
        b.set(2);
        let rule = "The first value belongs to the first future, whichever \
                    was ready first: keep each value in its own place.";
        assert_eq!(
            task.poll(&mut all),
            Poll::Ready(vec![1, 2, 3]),
            "{}",
            differs(BOTH, rule)
        );
    });
}

#[test]
fn one_that_is_done_is_dropped_and_not_polled_again() {
    watched(BOTH, HANGS, || {
        let task = Task::new();
        let (futures, [a, _b]) = probes();
        let mut all = join_all(futures);
        a.set(1);
        let _ = task.poll(&mut all);
        let rule = "Put the value in the place of the future that gave it. \
                    Then the future is dropped, and cannot be polled again.";
        assert!(a.is_dropped(), "{}", why(BOTH, rule));
        // The probe complains if it is polled now.
        let rule = "One value is not all of them.";
        assert!(task.poll(&mut all).is_pending(), "{}", why(BOTH, rule));
    });
}

#[test]
fn each_of_them_wakes_the_task() {
    watched(BOTH, HANGS, || {
        for which in 0..3 {
            let task = Task::new();
            let (futures, remotes) = probes::<3>();
            let mut all = join_all(futures);
            let _ = task.poll(&mut all);
            let rule = "A wake says that a poll is worth it, and nothing has \
                        happened yet: this is a busy wake. Each of the \
                        futures wakes when it can go on.";
            assert_eq!(task.wakes(), 0, "{}", differs(BOTH, rule));
            remotes[which].set(1);
            let rule = format!(
                "Future {which} can go on, and the task is not woken: does \
                 this future have a waker that leads to it?"
            );
            assert!(task.wakes() > 0, "{}", why(BOTH, &rule));
        }
    });
}

#[test]
fn a_join_of_none_is_ready() {
    watched(BOTH, HANGS, || {
        let task = Task::new();
        let rule = "Nothing is left to wait for, so the join is ready, with \
                    an empty list.";
        assert_eq!(
            task.poll(&mut join_all(Vec::<Probe<u32>>::new())),
            Poll::Ready(Vec::new()),
            "{}",
            differs(BOTH, rule)
        );
    });
}

#[test]
fn a_poll_after_ready_panics() {
    watched(AFTER, HANGS, || {
        let task = Task::new();
        let (futures, [a]) = probes();
        let mut all = join_all(futures);
        a.set(1);
        let _ = task.poll(&mut all);
        let rule = "It was ready and has given its values. An empty list \
                    would be a wrong answer, and `Pending` a promise that \
                    nobody keeps, so panic.";
        assert_eq!(
            task.poll_after_ready(&mut all),
            None,
            "{}",
            differs(AFTER, rule)
        );
    });
}

#[test]
fn a_runner_that_sleeps_gets_to_the_end() {
    let hangs = "The runner sleeps, and one of the futures does not have \
                 its waker.";
    watched(BOTH, hangs, || {
        let (futures, remotes) = probes::<3>();
        let other = std::thread::spawn(move || {
            for (n, remote) in
                [3, 2, 1].into_iter().zip(remotes.into_iter().rev())
            {
                remote.set(n);
            }
        });
        assert_eq!(block_on(join_all(futures)), [1, 2, 3]);
        other.join().expect("setting does not panic");
    });
}
