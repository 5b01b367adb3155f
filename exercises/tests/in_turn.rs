include!(concat!(env!("OUT_DIR"), "/in_turn.rs"));

use std::cell::Cell;
use std::future::poll_fn;
use std::task::Poll;

use exercises::{Task, differs, probe, watched, why};
use in_turn::in_turn;

const PAGE: &str = "futures/poll.html";
const BUSY: &str = "futures/poll.html#deeper-how-often-a-busy-loop-polls";
const HANGS: &str = "A poll does not come back.";
const NO_WAKE: &str = "It answers `Pending`, and nobody will wake its task. \
                       Which of the two futures was polled last, and what did \
                       it answer? Only a future that answers `Pending` has \
                       arranged a wake.";

/// Ready at once.
const NOW: u32 = 0;

/// A future that is pending `left` times, and wakes each time.
fn value<T: Copy + Unpin>(
    mut left: u32,
    value: T,
) -> impl Future<Output = T> + Unpin {
    poll_fn(move |cx| {
        if left == 0 {
            return Poll::Ready(value);
        }
        left -= 1;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
}

/// Polls as often as it is woken.
fn to_the_end<T>(mut future: impl Future<Output = T> + Unpin) -> T {
    let task = Task::new();
    let mut wakes = 0;
    loop {
        if let Poll::Ready(value) = task.poll(&mut future) {
            return value;
        }
        assert!(task.wakes() > wakes, "{}", why(PAGE, NO_WAKE));
        wakes = task.wakes();
    }
}

#[test]
fn it_comes_to_its_end() {
    watched(PAGE, HANGS, || {
        let rule = "It gives the value of the first and of the second.";
        for (first, second) in [(NOW, NOW), (NOW, 2), (2, NOW), (2, 2)] {
            let both = in_turn(value(first, 'a'), value(second, 'b'));
            let end = to_the_end(both);
            assert_eq!(end, ('a', 'b'), "{}", differs(PAGE, rule));
        }
    });
}

#[test]
fn the_second_is_not_polled_before_the_first_is_done() {
    watched(PAGE, HANGS, || {
        let done = Cell::new(false);
        let mut polls = 0;
        let first = poll_fn(|cx| {
            polls += 1;
            if polls == 3 {
                done.set(true);
                return Poll::Ready('a');
            }
            cx.waker().wake_by_ref();
            Poll::Pending
        });
        let second = poll_fn(|_| {
            let rule = "The second future is polled while the first is not \
                        done. `in_turn` is no join.";
            assert!(done.get(), "{}", why(PAGE, rule));
            Poll::Ready('b')
        });
        let rule = "It gives the value of the first and of the second.";
        let end = to_the_end(in_turn(first, second));
        assert_eq!(end, ('a', 'b'), "{}", differs(PAGE, rule));
    });
}

#[test]
fn the_first_is_not_polled_again_when_it_is_done() {
    watched(PAGE, HANGS, || {
        let mut given = false;
        let first = poll_fn(|_| {
            let rule = "The first future is polled after it was ready. Keep \
                        its value, and remember that you have it.";
            assert!(!given, "{}", why(PAGE, rule));
            given = true;
            Poll::Ready('a')
        });
        let rule = "It gives the value of the first and of the second.";
        let end = to_the_end(in_turn(first, value(2, 'b')));
        assert_eq!(end, ('a', 'b'), "{}", differs(PAGE, rule));
    });
}

#[test]
fn while_one_of_them_waits_nobody_is_woken() {
    watched(BUSY, HANGS, || {
        let task = Task::new();
        let ((first, one), (second, two)) = (probe(), probe::<char>());
        let mut both = in_turn(first, second);
        let rule = "A wake says that a poll is worth it, and the future that \
                    was polled last still waits: this is a busy wake. It has \
                    the waker, and wakes when it can go on.";
        let _ = task.poll(&mut both);
        assert_eq!(task.wakes(), 0, "{}", differs(BUSY, rule));
        one.set('a');
        let mut wakes = 0;
        while two.polls() == 0 {
            assert!(task.wakes() > wakes, "{}", why(PAGE, NO_WAKE));
            wakes = task.wakes();
            let _ = task.poll(&mut both);
        }
        // The second waits now, and is asked once more.
        let wakes = task.wakes();
        let _ = task.poll(&mut both);
        assert_eq!(task.wakes(), wakes, "{}", differs(BUSY, rule));
    });
}
