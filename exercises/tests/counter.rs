include!(concat!(env!("OUT_DIR"), "/counter.rs"));

use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Waker};
use std::{env, thread};

use counter::Counter;
use exercises::{differs, in_between, probe, watched, why};

const HANDLE: &str = "wakers/contract.html#a-handle-to-a-task";
const LOOP: &str = "A wake does not come back.";
const ENDS: &str = "the_two_ways_to_wake_do_not_call_each_other";

/// A new counter, when it is known that a wake of it comes to an end: one
/// that does not takes the process along.
fn counter() -> (Arc<Counter>, Waker) {
    static LIVES: OnceLock<bool> = OnceLock::new();
    let inside = env::var_os("WAKES_INSIDE").is_some();
    let lives = inside
        || *LIVES.get_or_init(|| {
            let test = env::current_exe().expect("this test is a program");
            let mut test = Command::new(test);
            test.env("WAKES_INSIDE", "1").args([ENDS, "--exact"]);
            let output = test.output().expect("it starts");
            // A test that fails is 101; a process that was ended has no code.
            output.status.code().is_some_and(|code| matches!(code, 0 | 101))
        });
    let rule = "A wake ends the whole process: its stack is full. Probably \
                `wake` calls `wake_by_ref`, and that calls `wake`. One of \
                them has to count by itself. (What you do not write yourself \
                calls the other one too.)";
    assert!(lives, "{}", why(HANDLE, rule));
    Counter::new()
}

#[test]
fn the_two_ways_to_wake_do_not_call_each_other() {
    watched(HANDLE, LOOP, || {
        let (_counter, waker) = counter();
        waker.wake_by_ref();
        waker.wake();
    });
}

#[test]
fn both_ways_to_wake_count() {
    watched(HANDLE, LOOP, || {
        let (counter, waker) = counter();
        let rule = "Nobody has woken it yet.";
        assert_eq!(counter.wakes(), 0, "{}", differs(HANDLE, rule));
        waker.wake_by_ref();
        let rule = "`wake_by_ref` borrows the waker, and counts like `wake`.";
        assert_eq!(counter.wakes(), 1, "{}", differs(HANDLE, rule));
        waker.wake();
        let rule = "`wake` takes the waker by value, and each call is one \
                    wake. If one calls the other, only one of them counts.";
        assert_eq!(counter.wakes(), 2, "{}", differs(HANDLE, rule));
    });
}

#[test]
fn a_clone_is_one_more_handle_to_the_same_counter() {
    watched(HANDLE, LOOP, || {
        let (counter, waker) = counter();
        let clone = waker.clone();
        let rule = "Every waker of the counter is one `Arc` of it. The handle \
                    that you hold yourself is no waker.";
        assert_eq!(counter.wakers(), 2, "{}", differs(HANDLE, rule));
        clone.wake_by_ref();
        waker.wake_by_ref();
        let rule = "A clone leads to the same task, so its wakes count there.";
        assert_eq!(counter.wakes(), 2, "{}", differs(HANDLE, rule));
    });
}

#[test]
fn a_wake_by_value_uses_its_handle_up() {
    watched(HANDLE, LOOP, || {
        let (counter, waker) = counter();
        let clone = waker.clone();
        clone.wake();
        let rule = "`wake` gets the `Arc` itself. When it returns, the `Arc` \
                    is dropped, unless you have kept it.";
        assert_eq!(counter.wakers(), 1, "{}", differs(HANDLE, rule));
        waker.wake_by_ref();
        let rule = "`wake_by_ref` only borrows. The handle is still there.";
        assert_eq!(counter.wakers(), 1, "{}", differs(HANDLE, rule));
    });
}

#[test]
fn a_dropped_waker_wakes_nobody() {
    watched(HANDLE, LOOP, || {
        let (counter, waker) = counter();
        drop(waker);
        let rule = "To drop a waker is not a wake.";
        assert_eq!(counter.wakes(), 0, "{}", differs(HANDLE, rule));
        let rule = "The last waker is gone, and nobody can wake it.";
        assert_eq!(counter.wakers(), 0, "{}", differs(HANDLE, rule));
    });
}

#[test]
fn it_sees_what_a_future_keeps() {
    watched(HANDLE, LOOP, || {
        let (counter, waker) = counter();
        let (mut future, remote) = probe();
        let future = std::pin::Pin::new(&mut future);
        assert!(future.poll(&mut Context::from_waker(&waker)).is_pending());
        drop(waker);
        let rule = "The future kept a clone, and your own waker is dropped. \
                    One is left.";
        assert_eq!(counter.wakers(), 1, "{}", differs(HANDLE, rule));
        remote.set(());
        let rule = "It was woken by value, so nobody keeps a waker now.";
        let seen = (counter.wakes(), counter.wakers());
        assert_eq!(seen, (1, 0), "{}", differs(HANDLE, rule));
    });
}

/// To load a number and to store one more are two steps: here the other thread
/// comes in between, every time.
#[test]
fn a_wake_that_comes_during_another_counts() {
    watched(HANDLE, LOOP, || {
        let (counter, waker) = counter();
        let other = waker.clone();
        in_between(0, move || other.wake_by_ref(), || waker.wake_by_ref());
        let rule = "Two wakes, of two threads: the second came while the first \
                    was counted. To load a number and to store one more are \
                    two steps, and two threads may both load before one of \
                    them stores. `fetch_add` is one step.";
        assert_eq!(counter.wakes(), 2, "{}", differs(HANDLE, rule));
    });
}

#[test]
fn no_wake_is_lost_between_threads() {
    watched(HANDLE, LOOP, || {
        let (counter, waker) = counter();
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..1_000).for_each(|_| waker.wake_by_ref()));
            }
        });
        let rule = "A wake may come from any thread, and each of them counts.";
        assert_eq!(counter.wakes(), 4_000, "{}", differs(HANDLE, rule));
    });
}

#[test]
fn a_wake_by_reference_makes_no_waker() {
    watched(HANDLE, LOOP, || {
        let (counter, waker) = counter();
        let (mine, most) = (counter.clone(), Arc::new(AtomicUsize::new(0)));
        let (before, seen) = (counter.wakers(), most.clone());
        let looks = move || seen.store(mine.wakers(), SeqCst);
        in_between(0, looks, || waker.wake_by_ref());
        let rule = "The waker was borrowed, and while it was counted there was \
                    one waker more: a `wake_by_ref` that you do not write \
                    clones the `Arc` and calls `wake`. Write both.";
        let during = most.load(SeqCst);
        assert_eq!(during, before, "{}", differs(HANDLE, rule));
    });
}
