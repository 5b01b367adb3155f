use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::task::Poll;

use exercises::map::map;

use crate::support::{Task, block_on, differs, probe, watched, why};

const AROUND: &str = "futures/poll.html#a-future-around-a-future";

#[test]
fn it_changes_the_value_once_it_is_there() {
    let task = Task::new();
    let calls = Arc::new(AtomicU32::new(0));
    let (inner, remote) = probe();
    let counted = calls.clone();
    let mut future = map(inner, move |n: u32| {
        counted.fetch_add(1, Relaxed);
        n * 2
    });
    assert!(
        task.poll(&mut future).is_pending(),
        "{}",
        why(AROUND, "While the future inside is pending, so is `Map`.")
    );
    let rule = "The function is called with the value, so not before there \
                is one.";
    assert_eq!(calls.load(Relaxed), 0, "{}", differs(AROUND, rule));
    remote.set(21);
    assert_eq!(
        task.poll(&mut future),
        Poll::Ready(42),
        "{}",
        differs(
            AROUND,
            "When the future inside gives `v`, `Map` gives `f(v)`."
        )
    );
    let rule = "`f` is an `FnOnce`. Keep it in an `Option` and take it out.";
    assert_eq!(calls.load(Relaxed), 1, "{}", differs(AROUND, rule));
}

#[test]
fn one_poll_is_one_poll_of_the_future_inside() {
    let task = Task::new();
    let (inner, remote) = probe::<u32>();
    let mut future = map(inner, |n| n);
    let before = remote.polls();
    let _ = task.poll(&mut future);
    let rule = "A future does nothing until it is polled, and `Map` asks \
                what is inside once each time it is asked.";
    assert_eq!((before, remote.polls()), (0, 1), "{}", differs(AROUND, rule));
}

#[test]
fn the_future_inside_gets_the_context_and_map_wakes_nobody() {
    let task = Task::new();
    let (inner, remote) = probe();
    let mut future = map(inner, |n: u32| n);
    let _ = task.poll(&mut future);
    let rule = "`Map` has nothing of its own to wait for. It hands the \
                context on, and the future inside does the waking.";
    assert_eq!(task.wakes(), 0, "{}", differs(AROUND, rule));
    remote.set(1);
    assert_eq!(task.wakes(), 1, "{}", differs(AROUND, rule));
}

#[test]
fn the_future_inside_is_dropped_when_it_is_done() {
    let task = Task::new();
    let (inner, remote) = probe();
    let mut future = map(inner, |n: u32| n);
    remote.set(1);
    let _ = task.poll(&mut future);
    let rule = "What is done is not needed any more: take it out of its \
                `Option`, so that it is dropped with the value given and \
                not when `Map` is.";
    assert!(remote.is_dropped(), "{}", why(AROUND, rule));
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
