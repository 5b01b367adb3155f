include!(concat!(env!("OUT_DIR"), "/polite.rs"));

use std::cell::Cell;
use std::future::poll_fn;
use std::task::Poll;

use exercises::{Task, block_on, differs, join, watched, why};
use polite::sum;

const PAGE: &str = "runtimes/budget.html";
const HANGS: &str = "It is pending and has not woken its task, so nobody polls \
                     it again.";

#[test]
fn no_poll_takes_more_than_a_hundred_numbers() {
    watched(PAGE, HANGS, || {
        let taken = Cell::new(0);
        // What counts is how many were taken, not which.
        let sevens = std::iter::repeat_n(7, 1000);
        let numbers = sevens.inspect(|_| taken.set(taken.get() + 1));
        let mut future = Box::pin(sum(numbers));
        let task = Task::new();
        loop {
            let wakes = task.wakes();
            let poll = task.poll(&mut future);
            let rule = "In one poll it took more than 100 numbers.";
            assert!(taken.replace(0) <= 100, "{}", why(PAGE, rule));
            if let Poll::Ready(sum) = poll {
                let rule = "It is the sum of a thousand sevens.";
                assert_eq!(sum, 7000, "{}", differs(PAGE, rule));
                return;
            }
            assert!(task.wakes() > wakes, "{}", why(PAGE, HANGS));
        }
    });
}

#[test]
fn another_future_has_its_turns() {
    watched(PAGE, HANGS, || {
        let polls = Cell::new(0);
        let other = poll_fn(|_| {
            polls.set(polls.get() + 1);
            if polls.get() == 9 { Poll::Ready(()) } else { Poll::Pending }
        });
        // The other wakes nobody: it is polled when the sum is.
        let both = join(sum(1..=1000), other);
        let mut both = Box::pin(both);
        let task = Task::new();
        let mut wakes = 1;
        while wakes > 0 {
            let before = task.wakes();
            if task.poll(&mut both).is_ready() {
                break;
            }
            wakes = task.wakes() - before;
        }
        let rule = "While 1000 numbers are added, 100 in a poll, another \
                    future is polled nine times at least.";
        assert!(polls.get() >= 9, "{}", why(PAGE, rule));
        assert_eq!(block_on(sum(1..=3)), 6);
    });
}
