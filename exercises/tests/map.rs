include!(concat!(env!("OUT_DIR"), "/map.rs"));

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::task::Poll;

use exercises::{Task, block_on, differs, probe, watched, why};
use map::map;

const AROUND: &str =
    "futures/poll.html#a-future-around-a-future-map-and-poll_fn";
const AFTER: &str = "futures/poll.html#deeper-polling-after-ready";
const HANGS: &str = "`poll` does not come back: it may ask the future inside \
                     once and then has to answer.";

#[test]
fn it_changes_the_value_once_it_is_there() {
    watched(AROUND, HANGS, || {
        let task = Task::new();
        let calls = Arc::new(AtomicU32::new(0));
        let (inner, remote) = probe();
        let counted = calls.clone();
        let mut future = map(inner, move |n: u32| {
            counted.fetch_add(1, Relaxed);
            n * 2
        });
        let rule = "While the future inside is pending, so is `Map`.";
        assert!(task.poll(&mut future).is_pending(), "{}", why(AROUND, rule));
        let rule = "The function is called with the value, so not before \
                    there is one.";
        assert_eq!(calls.load(Relaxed), 0, "{}", differs(AROUND, rule));
        remote.set(21);
        let rule = "When the future inside gives `v`, `Map` gives `f(v)`.";
        assert_eq!(
            task.poll(&mut future),
            Poll::Ready(42),
            "{}",
            differs(AROUND, rule)
        );
        let rule = "`f` is an `FnOnce`: take it out of its `Option`.";
        assert_eq!(calls.load(Relaxed), 1, "{}", differs(AROUND, rule));
    });
}

#[test]
fn one_poll_is_one_poll_of_the_future_inside() {
    watched(AROUND, HANGS, || {
        let task = Task::new();
        let (inner, remote) = probe::<u32>();
        let mut future = map(inner, |n| n);
        let before = remote.polls();
        let _ = task.poll(&mut future);
        let rule = "A future does nothing until it is polled, and `Map` asks \
                    what is inside once each time it is asked. (Polls of the \
                    future inside before the first poll of `Map` and after.)";
        let polls = (before, remote.polls());
        assert_eq!(polls, (0, 1), "{}", differs(AROUND, rule));
    });
}

#[test]
fn the_future_inside_gets_the_context_and_map_wakes_nobody() {
    watched(AROUND, HANGS, || {
        let task = Task::new();
        let (inner, remote) = probe();
        let mut future = map(inner, |n: u32| n);
        let _ = task.poll(&mut future);
        let rule = "`Map` has nothing of its own to wait for. It hands the \
                    context on, and the future inside does the waking. A wake \
                    now is a busy wake: nothing has happened.";
        assert_eq!(task.wakes(), 0, "{}", differs(AROUND, rule));
        remote.set(1);
        let rule = "The future inside is ready, and the task is not woken: \
                    hand the context on, with the waker in it.";
        assert!(task.wakes() > 0, "{}", why(AROUND, rule));
    });
}

#[test]
fn the_future_inside_is_dropped_when_it_is_done() {
    watched(AROUND, HANGS, || {
        let task = Task::new();
        let (inner, remote) = probe();
        let mut future = map(inner, |n: u32| n);
        remote.set(1);
        let _ = task.poll(&mut future);
        let rule = "What is done is not needed any more: take it out of its \
                    `Option`, so that it is dropped with the value given and \
                    not when `Map` is.";
        assert!(remote.is_dropped(), "{}", why(AROUND, rule));
    });
}

#[test]
fn a_poll_after_ready_panics() {
    watched(AFTER, HANGS, || {
        let task = Task::new();
        let (inner, remote) = probe();
        let mut future = map(inner, |n: u32| n);
        remote.set(1);
        let _ = task.poll(&mut future);
        let rule = "It was ready, and nothing is inside any more. `Pending` \
                    would be a promise that nobody keeps, so panic.";
        assert_eq!(
            task.poll_after_ready(&mut future),
            None,
            "{}",
            differs(AFTER, rule)
        );
    });
}

#[test]
fn a_runner_gets_through_two_layers() {
    let hangs = "The runner sleeps, and its waker did not get to the \
                 future inside.";
    watched(AROUND, hangs, || {
        let (inner, remote) = probe();
        let future = map(map(inner, |n: u32| n + 1), |n| n * 2);
        let other = std::thread::spawn(move || remote.set(20));
        assert_eq!(block_on(future), 42);
        other.join().expect("setting does not panic");
    });
}
