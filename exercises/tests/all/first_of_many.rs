use std::task::Poll;
use std::thread;
use std::time::Duration;

use exercises::first_of_many::first;

use crate::support::{
    Probe, Remote, Task, block_on, differs, probe, watched, why,
};

const FIRST: &str = "wakers/timer.html#the-first-of-many";

/// Timers of a clock that the test moves: one for each of these seconds.
struct Clock<const N: usize> {
    timers: [(u32, Remote<u32>); N],
}

impl<const N: usize> Clock<N> {
    fn new(seconds: [u32; N]) -> (Clock<N>, Vec<Probe<u32>>) {
        let mut futures = Vec::new();
        let timers = seconds.map(|seconds| {
            let (future, remote) = probe();
            futures.push(future);
            (seconds, remote)
        });
        (Clock { timers }, futures)
    }

    /// Rings all timers up to this second.
    fn reaches(&self, now: u32) {
        for (seconds, remote) in &self.timers {
            if *seconds <= now {
                remote.set(*seconds);
            }
        }
    }
}

#[test]
fn the_timer_that_ends_first_wins_wherever_it_stands() {
    let task = Task::new();
    let (clock, timers) = Clock::new([30, 10, 20]);
    let mut future = first(timers);
    assert!(
        task.poll(&mut future).is_pending(),
        "{}",
        why(FIRST, "While none of them is ready, neither is the first.")
    );
    clock.reaches(10);
    let rule = "The answer is the number of the future that is ready, and \
                its value. Those before it in the list do not matter.";
    assert_eq!(
        task.poll(&mut future),
        Poll::Ready((1, 10)),
        "{}",
        differs(FIRST, rule)
    );
}

#[test]
fn each_pending_poll_leaves_the_waker_with_all_of_them() {
    let (old, new) = (Task::new(), Task::new());
    let (_clock, timers) = Clock::new([30, 10, 20]);
    let mut future = first(timers);
    let _ = old.poll(&mut future);
    let _ = new.poll(&mut future);
    let rule = "Any of them may be the first, so each pending poll has to \
                ask all of them: each then holds the waker of this poll.";
    assert_eq!(
        (old.wakers(), new.wakers()),
        (0, 3),
        "wakers of the first task and of the second{}",
        differs(FIRST, rule)
    );
    let rule = "Asking again and again is not waiting: a timer wakes when \
                its time is over, and nobody before that.";
    assert_eq!(new.wakes(), 0, "{}", differs(FIRST, rule));
}

#[test]
fn the_others_are_dropped_with_the_answer() {
    let task = Task::new();
    let (clock, timers) = Clock::new([30, 10, 20]);
    let mut future = first(timers);
    let _ = task.poll(&mut future);
    clock.reaches(10);
    let _ = task.poll(&mut future);
    let dropped = clock.timers.map(|(_, remote)| remote.is_dropped());
    let rule = "To drop a future is to cancel it. When there is a winner \
                nobody waits for the others, so drop them then, and not \
                when `First` is dropped.";
    assert_eq!(dropped, [true; 3], "{}", differs(FIRST, rule));
}

#[test]
fn in_a_draw_the_lowest_number_wins() {
    let task = Task::new();
    let (clock, timers) = Clock::new([30, 10, 10]);
    let mut future = first(timers);
    clock.reaches(10);
    let rule = "Ask them in the order of the list, and stop at the first \
                that is ready.";
    assert_eq!(
        task.poll(&mut future),
        Poll::Ready((1, 10)),
        "{}",
        differs(FIRST, rule)
    );
}

#[test]
fn a_runner_is_woken_by_a_timer_on_a_thread() {
    let hangs = "The runner sleeps. Does the timer that ends first have \
                 its waker?";
    watched(FIRST, hangs, || {
        let (clock, timers) = Clock::new([30, 20, 10]);
        let other = thread::spawn(move || {
            thread::sleep(Duration::from_millis(5));
            clock.reaches(10);
        });
        assert_eq!(block_on(first(timers)), (2, 10));
        other.join().expect("setting does not panic");
    });
}
