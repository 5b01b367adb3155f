include!(concat!(env!("OUT_DIR"), "/priority.rs"));

use exercises::{differs, watched};
use priority::{LIMIT, Line};

const PAGE: &str =
    "runtimes/scheduling.html#aging-a-limit-to-how-long-a-task-is-passed-over";
const HANGS: &str = "`pop` does not return.";

fn drain(line: &mut Line) -> Vec<u32> {
    std::iter::from_fn(|| line.pop()).take(100).collect()
}

#[test]
fn urgent_tasks_come_first_and_each_kind_in_its_order() {
    watched(PAGE, HANGS, || {
        let mut line = Line::default();
        for (key, urgent) in [(10, false), (2, true), (11, false), (1, true)] {
            line.push(key, urgent);
        }
        let rule = "Two urgent tasks, then two normal ones. In each line the \
                    first in is the first out.";
        assert_eq!(drain(&mut line), [2, 1, 10, 11], "{}", differs(PAGE, rule));
    });
}

#[test]
fn a_normal_task_is_passed_at_most_as_often_as_the_limit_says() {
    watched(PAGE, HANGS, || {
        let mut line = Line::default();
        line.push(10, false);
        line.push(11, false);
        let mut turns = 0;
        for key in [10, 11] {
            let mut passed = 0;
            // An urgent task that is always woken again.
            line.push(1, true);
            while line.pop() == Some(1) && passed < 100 {
                passed += 1;
                line.push(1, true);
            }
            turns += 1;
            let rule = format!(
                "The normal task {key} waits, and so many urgent turns pass \
                 it. After a normal turn the count begins anew."
            );
            assert_eq!(passed, LIMIT, "{}", differs(PAGE, &rule));
        }
        assert_eq!(turns, 2);
    });
}

#[test]
fn urgent_turns_that_pass_nobody_are_not_counted() {
    watched(PAGE, HANGS, || {
        let mut line = Line::default();
        (0..10).for_each(|key| line.push(key, true));
        let urgent: Vec<_> = (0..10).map(|_| line.pop()).collect();
        let rule = "Where no normal task waits, urgent tasks come one after \
                    the other.";
        let expected: Vec<_> = (0..10).map(Some).collect();
        assert_eq!(urgent, expected, "{}", differs(PAGE, rule));
        line.push(100, false);
        line.push(1, true);
        let rule = "The normal task has just come, so the urgent one is \
                    first: turns before it came do not count.";
        assert_eq!(line.pop(), Some(1), "{}", differs(PAGE, rule));
        assert_eq!(line.pop(), Some(100), "{}", differs(PAGE, "It is left."));
        assert_eq!(line.pop(), None, "{}", differs(PAGE, "Nobody is left."));
    });
}

#[test]
fn a_normal_task_alone_is_next() {
    watched(PAGE, HANGS, || {
        let mut line = Line::default();
        line.push(100, false);
        let rule = "Where no urgent task waits, the normal one is next.";
        assert_eq!(line.pop(), Some(100), "{}", differs(PAGE, rule));
    });
}

#[test]
fn every_normal_turn_begins_the_count_anew() {
    watched(PAGE, HANGS, || {
        let mut line = Line::default();
        line.push(10, false);
        (1..LIMIT).for_each(|key| line.push(key, true));
        // The limit is not reached: there are no more urgent tasks.
        drain(&mut line);
        line.push(11, false);
        (1..=LIMIT).for_each(|key| line.push(key, true));
        let expected: Vec<_> = (1..=LIMIT).chain([11]).collect();
        let rule = "The normal task 10 had its turn because no urgent one was \
                    left. After that turn too the count begins anew, and so \
                    many urgent tasks as the limit says pass the task 11.";
        assert_eq!(drain(&mut line), expected, "{}", differs(PAGE, rule));
    });
}

#[test]
fn a_normal_task_that_comes_later_does_not_begin_the_count_anew() {
    watched(PAGE, HANGS, || {
        let mut line = Line::default();
        line.push(10, false);
        line.push(1, true);
        let mut passed = 0;
        while line.pop() == Some(1) && passed < 100 {
            passed += 1;
            line.push(11, false);
            line.push(1, true);
        }
        let rule = "The normal task 10 waits, and so many urgent turns pass \
                    it, however many normal tasks come behind it.";
        assert_eq!(passed, LIMIT, "{}", differs(PAGE, rule));
    });
}
