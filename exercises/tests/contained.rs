include!(concat!(env!("OUT_DIR"), "/contained.rs"));

use std::future::{poll_fn, ready};
use std::panic::panic_any;
use std::pin::Pin;
use std::task::Poll;
use std::thread;

use contained::contained;
use exercises::{Task, differs, probe, watched, why};

const CATCH: &str = "runtimes/ending.html#a-panic-ends-one-task-catch_unwind";
const DROPS: &str =
    "runtimes/ending.html#shutdown-the-destructor-of-a-task-tells-its-handle";
const FOREIGN: &str = "runtimes/ending.html#deeper-code-that-is-not-ours";
const AFTER: &str = "futures/poll.html#deeper-polling-after-ready";
const HANGS: &str = "`poll` does not come back: it polls the future inside \
                     once and then has to answer.";

#[test]
fn a_value_goes_through() {
    watched(CATCH, HANGS, || {
        let task = Task::new();
        let (inner, remote) = probe();
        let mut future = contained(inner);
        let rule = "While the future inside is pending, so is `Contained`.";
        assert!(task.poll(&mut future).is_pending(), "{}", why(CATCH, rule));
        remote.set(42);
        let rule = "The future inside is ready: hand the context on to it, so \
                    that it can wake the task.";
        assert!(task.wakes() > 0, "{}", why(CATCH, rule));
        let end = task.poll(&mut future);
        let rule = "The future inside gives 42, so `Contained` gives `Ok(42)`.";
        assert_eq!(end, Poll::Ready(Ok(42)), "{}", differs(CATCH, rule));
    });
}

#[test]
fn a_panic_becomes_its_text() {
    watched(CATCH, HANGS, || {
        let task = Task::new();
        let rule = "`panic!` with a fixed text has a payload of the type \
                    `&str`.";
        let mut literal = contained(async { panic!("no eggs") });
        let expected: Poll<Result<(), _>> = Poll::Ready(Err("no eggs".into()));
        assert_eq!(
            task.poll(&mut literal),
            expected,
            "{}",
            differs(CATCH, rule)
        );
        let rule = "`panic!` with a text that is put together has a payload of \
                    the type `String`.";
        let name = String::from("Ann");
        let mut formatted =
            contained(async move { panic!("{name} has no eggs") });
        let expected: Poll<Result<(), _>> =
            Poll::Ready(Err("Ann has no eggs".into()));
        let end = task.poll(&mut formatted);
        assert_eq!(end, expected, "{}", differs(CATCH, rule));
        let rule = "A payload of another type has no text.";
        let mut other = contained(async { panic_any(42) });
        let expected: Poll<Result<(), _>> = Poll::Ready(Err(String::new()));
        assert_eq!(task.poll(&mut other), expected, "{}", differs(CATCH, rule));
    });
}

#[test]
fn a_panic_in_a_later_poll_is_caught_too() {
    watched(CATCH, HANGS, || {
        let task = Task::new();
        let mut polls = 0;
        let mut future = contained(poll_fn(move |_| {
            polls += 1;
            assert!(polls < 2, "the second poll");
            Poll::<()>::Pending
        }));
        let rule = "Its first poll is pending and does not panic.";
        assert!(task.poll(&mut future).is_pending(), "{}", why(CATCH, rule));
        let end = task.poll(&mut future);
        let rule = "Catch the panics of every poll.";
        let expected = Poll::Ready(Err("the second poll".into()));
        assert_eq!(end, expected, "{}", differs(CATCH, rule));
    });
}

#[test]
fn what_has_ended_is_dropped_before_the_answer() {
    watched(DROPS, HANGS, || {
        let task = Task::new();
        let (inner, remote) = probe();
        let mut future = contained(inner);
        remote.set(42);
        let _ = task.poll(&mut future);
        let rule = "When the caller has the value, the future inside is gone: \
                    take it out of its `Option`.";
        assert!(remote.is_dropped(), "{}", why(DROPS, rule));

        let (inner, remote) = probe::<()>();
        let mut future = contained(poll_fn(move |_| -> Poll<()> {
            let _holds = &inner;
            panic!("no eggs")
        }));
        let _ = task.poll(&mut future);
        let rule = "When the caller has the panic, the future inside is gone.";
        assert!(remote.is_dropped(), "{}", why(DROPS, rule));
    });
}

/// Panics when it is dropped, but not inside another panic: that would end
/// the process, and with it the other tests.
struct Hot;

impl Drop for Hot {
    fn drop(&mut self) {
        if !thread::panicking() {
            panic!("the pan is hot");
        }
    }
}

#[test]
fn a_destructor_that_panics_changes_nothing() {
    watched(DROPS, HANGS, || {
        let task = Task::new();
        let mut inner = ready(42);
        let hot = Hot;
        let mut future = contained(poll_fn(move |cx| {
            let _holds = &hot;
            Pin::new(&mut inner).poll(cx)
        }));
        let end = task.poll(&mut future);
        let rule = "The value was there before the future was dropped.";
        assert_eq!(end, Poll::Ready(Ok(42)), "{}", differs(DROPS, rule));

        let hot = Hot;
        let mut future = contained(poll_fn(move |_| -> Poll<()> {
            let _holds = &hot;
            panic!("no eggs")
        }));
        let end = task.poll(&mut future);
        let expected = Poll::Ready(Err("no eggs".into()));
        let rule = "The panic of the poll was there before the future was \
                    dropped.";
        assert_eq!(end, expected, "{}", differs(DROPS, rule));
    });
}

#[test]
fn a_payload_whose_destructor_panics_changes_nothing() {
    watched(FOREIGN, HANGS, || {
        let mut future = contained(async { panic_any(Hot) });
        let end = Task::new().poll(&mut future);
        let expected: Poll<Result<(), _>> = Poll::Ready(Err(String::new()));
        let rule = "The payload has no text, and your code drops it. A \
                    destructor is code of others: catch its panic too.";
        assert_eq!(end, expected, "{}", differs(FOREIGN, rule));
    });
}

#[test]
fn a_poll_after_ready_panics() {
    watched(AFTER, HANGS, || {
        let task = Task::new();
        let mut future = contained(ready(42));
        let _ = task.poll(&mut future);
        let rule = "It was ready, and nothing is inside any more. `Pending` \
                    would be a promise that nobody keeps, so panic.";
        let again = task.poll_after_ready(&mut future);
        assert_eq!(again, None, "{}", differs(AFTER, rule));
    });
}
