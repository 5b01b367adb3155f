include!(concat!(env!("OUT_DIR"), "/first_of_many.rs"));

use std::task::Poll;
use std::thread;
use std::time::Duration;

use exercises::{Probe, Remote, Task, block_on, differs, probe, watched, why};
use first_of_many::first;

const FIRST: &str = "wakers/timer.html#a-timeout-is-a-race-with-a-sleep";
const AFTER: &str = "futures/poll.html#deeper-polling-after-ready";
const HANGS: &str = "`poll` does not come back: it may ask each future once \
                     and then has to answer.";

/// The number and the value of the winner.
fn winner<F>(answer: Poll<(usize, u32, Vec<F>)>) -> Poll<(usize, u32)> {
    answer.map(|(number, value, _)| (number, value))
}

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
    watched(FIRST, HANGS, || {
        for (seconds, expected) in [
            ([10, 20, 30], (0, 10)),
            ([30, 10, 20], (1, 10)),
            ([30, 20, 10], (2, 10)),
        ] {
            let task = Task::new();
            let (clock, timers) = Clock::new(seconds);
            let mut future = first(timers);
            let rule = "While none of them is ready, neither is the first.";
            assert!(
                task.poll(&mut future).is_pending(),
                "{}",
                why(FIRST, rule)
            );
            clock.reaches(10);
            let rule = "The answer is the number of the future that is ready, \
                        and its value. Those before it in the list do not \
                        matter.";
            assert_eq!(
                winner(task.poll(&mut future)),
                Poll::Ready(expected),
                "{}",
                differs(FIRST, rule)
            );
        }
    });
}

#[test]
fn each_of_them_wakes_the_task_that_polled_last() {
    watched(FIRST, HANGS, || {
        for which in 0..3 {
            let (old, new) = (Task::new(), Task::new());
            let (clock, timers) = Clock::new([30, 10, 20]);
            let mut future = first(timers);
            let _ = old.poll(&mut future);
            let _ = new.poll(&mut future);
            let rule = "A wake says that a poll is worth it, and nothing has \
                        happened yet. Asking again and again is not waiting: \
                        this is a busy wake.";
            let wakes = (old.wakes(), new.wakes());
            assert_eq!(wakes, (0, 0), "{}", differs(FIRST, rule));
            clock.timers[which].1.set(0);
            let rule = format!(
                "Future {which} is ready, and the task that polled last is \
                 not woken. Any of them may be the first, so each pending \
                 poll has to ask all of them: each then holds the waker of \
                 this poll."
            );
            assert!(new.wakes() > 0, "{}", why(FIRST, &rule));
            assert_eq!(
                winner(new.poll(&mut future)),
                Poll::Ready((which, 0)),
                "{}",
                differs(FIRST, "It was woken, and polls.")
            );
        }
    });
}

#[test]
fn the_others_are_given_back_alive() {
    watched(FIRST, HANGS, || {
        let task = Task::new();
        let (clock, timers) = Clock::new([30, 10, 20, 40]);
        let mut future = first(timers);
        let _ = task.poll(&mut future);
        clock.reaches(10);
        let answer = task.poll(&mut future);
        let dropped: Vec<bool> =
            clock.timers.iter().map(|(_, r)| r.is_dropped()).collect();
        let rule = "To drop a future is to cancel it. The winner is done and \
                    may go; the others were not asked to stop.";
        let expected = [false, true, false, false];
        assert_eq!(dropped, expected, "{}", differs(FIRST, rule));
        let Poll::Ready((_, _, rest)) = answer else {
            panic!("{}", why(FIRST, "One of them is ready."));
        };
        clock.reaches(20);
        let rule = "What is left is a list in the old order, without the \
                    winner: the ones of 30, of 20 and of 40 seconds.";
        let second = winner(task.poll(&mut first(rest)));
        assert_eq!(second, Poll::Ready((1, 20)), "{}", differs(FIRST, rule));
    });
}

#[test]
fn in_a_draw_the_lowest_number_wins() {
    watched(FIRST, HANGS, || {
        let task = Task::new();
        let (clock, timers) = Clock::new([30, 10, 10]);
        let mut future = first(timers);
        clock.reaches(10);
        let rule = "Ask them in the order of the list, and stop at the first \
                    that is ready.";
        assert_eq!(
            winner(task.poll(&mut future)),
            Poll::Ready((1, 10)),
            "{}",
            differs(FIRST, rule)
        );
    });
}

#[test]
fn a_poll_after_ready_panics() {
    watched(AFTER, HANGS, || {
        let task = Task::new();
        let (clock, timers) = Clock::new([10]);
        let mut future = first(timers);
        clock.reaches(10);
        let _ = task.poll(&mut future);
        let rule = "It was ready and has no futures left. `Pending` would be \
                    a promise that nobody keeps, so panic.";
        assert_eq!(
            task.poll_after_ready(&mut future).map(winner),
            None,
            "{}",
            differs(AFTER, rule)
        );
    });
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
        let (number, value, _) = block_on(first(timers));
        assert_eq!((number, value), (2, 10));
        other.join().expect("setting does not panic");
    });
}
