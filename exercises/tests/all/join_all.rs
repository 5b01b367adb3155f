use std::task::Poll;

use exercises::join_all::join_all;

use crate::support::{
    Probe, Remote, Task, block_on, differs, probe, watched, why,
};

const BOTH: &str = "futures/combinators.html#polling-both";

fn probes<const N: usize>() -> (Vec<Probe<u32>>, [Remote<u32>; N]) {
    let (probes, remotes): (_, Vec<_>) = (0..N).map(|_| probe()).unzip();
    let Ok(remotes) = remotes.try_into() else { unreachable!("N of them") };
    (probes, remotes)
}

#[test]
fn the_first_poll_polls_all_of_them() {
    let task = Task::new();
    let (futures, remotes) = probes::<3>();
    let mut all = join_all(futures);
    assert!(
        task.poll(&mut all).is_pending(),
        "{}",
        why(BOTH, "As long as one of them is pending, so is the join.")
    );
    let rule = "A join is concurrent: it asks each one in its first poll, \
                and does not stop at the first that is pending.";
    let polls = remotes.map(|remote| remote.polls());
    assert_eq!(polls, [1, 1, 1], "polls of each{}", differs(BOTH, rule));
}

#[test]
fn the_values_are_in_the_order_of_the_futures() {
    let task = Task::new();
    let (futures, [a, b, c]) = probes();
    let mut all = join_all(futures);
    let _ = task.poll(&mut all);
    c.set(3);
    let _ = task.poll(&mut all);
    a.set(1);
    let _ = task.poll(&mut all);
    b.set(2);
    let rule = "The first value belongs to the first future, whichever was \
                ready first: keep each value in its own place.";
    assert_eq!(
        task.poll(&mut all),
        Poll::Ready(vec![1, 2, 3]),
        "{}",
        differs(BOTH, rule)
    );
}

#[test]
fn one_that_is_done_is_dropped_and_not_polled_again() {
    let task = Task::new();
    let (futures, [a, _b]) = probes();
    let mut all = join_all(futures);
    a.set(1);
    let _ = task.poll(&mut all);
    let rule = "Put the value in the place of the future that gave it. Then \
                the future is dropped, and cannot be polled again.";
    assert!(a.is_dropped(), "{}", why(BOTH, rule));
    // The probe complains if it is polled now.
    assert!(
        task.poll(&mut all).is_pending(),
        "{}",
        why(BOTH, "One value is not all of them.")
    );
}

#[test]
fn a_wake_of_any_of_them_reaches_the_task() {
    let task = Task::new();
    let (futures, remotes) = probes::<3>();
    let mut all = join_all(futures);
    let _ = task.poll(&mut all);
    let rule = "The join wakes nobody by itself. It gives its context to \
                each of its futures, and each wakes when it can go on.";
    assert_eq!(task.wakes(), 0, "{}", differs(BOTH, rule));
    for remote in &remotes {
        remote.set(1);
    }
    assert_eq!(task.wakes(), 3, "{}", differs(BOTH, rule));
}

#[test]
fn a_join_of_none_is_ready() {
    let task = Task::new();
    let rule = "Nothing is left to wait for, so the join is ready, with an \
                empty list.";
    assert_eq!(
        task.poll(&mut join_all(Vec::<Probe<u32>>::new())),
        Poll::Ready(Vec::new()),
        "{}",
        differs(BOTH, rule)
    );
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
