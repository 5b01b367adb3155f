include!(concat!(env!("OUT_DIR"), "/manual.rs"));

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;

use exercises::{Task, block_on, differs, in_between, owns, watched, why};
use manual::{Completer, Manual, manual};

const OUTSIDE: &str =
    "futures/poll.html#a-future-that-another-thread-completes";
const NEWEST: &str = "futures/poll.html#the-newest-waker-wins";
const AFTER: &str = "futures/poll.html#deeper-polling-after-ready";
const HANGS: &str = "Either `poll` does not come back, or it waits for a lock \
                     that its own thread holds: let go of the lock before you \
                     wake.";

#[test]
fn a_value_that_came_first_is_ready_at_once() {
    watched(OUTSIDE, HANGS, || {
        let task = Task::new();
        let (mut future, completer) = manual();
        completer.complete(7);
        let rule = "Look for the value first. If it is there, be ready.";
        assert_eq!(
            task.poll(&mut future),
            Poll::Ready(7),
            "{}",
            differs(OUTSIDE, rule)
        );
    });
}

#[test]
fn completing_wakes_the_task_that_waits() {
    watched(OUTSIDE, HANGS, || {
        let task = Task::new();
        let (mut future, completer) = manual();
        let rule = "Without a value it is `Pending`.";
        assert!(task.poll(&mut future).is_pending(), "{}", why(OUTSIDE, rule));
        let rule = "A wake says that a poll is worth it, and there is no \
                    value yet: this is a busy wake. `complete` wakes.";
        assert_eq!(task.wakes(), 0, "{}", differs(OUTSIDE, rule));
        let rule = "A poll that finds no value keeps a waker of its task, for \
                    `complete` to wake.";
        assert!(task.wakers() > 0, "{}", why(OUTSIDE, rule));
        completer.complete(7);
        assert!(task.wakes() > 0, "{}", why(OUTSIDE, NO_WAKE));
        let rule = "It was woken, and the value has to be there.";
        assert_eq!(
            task.poll(&mut future),
            Poll::Ready(7),
            "{}",
            differs(OUTSIDE, rule)
        );
    });
}

#[test]
fn the_newest_waker_wins() {
    watched(NEWEST, HANGS, || {
        let (old, new) = (Task::new(), Task::new());
        let (mut future, completer) = manual();
        let _ = old.poll(&mut future);
        let _ = new.poll(&mut future);
        completer.complete(7);
        let rule = "Only the waker of the most recent poll counts. A future \
                    may go from one task to another, so each pending poll \
                    stores the waker anew. (Wakes of the first task and of \
                    the second.)";
        let wakes = (old.wakes(), new.wakes());
        assert_eq!(wakes, (0, 1), "{}", differs(NEWEST, rule));
    });
}

#[test]
fn however_often_it_is_polled_it_keeps_one_waker() {
    watched(NEWEST, HANGS, || {
        let task = Task::new();
        let (mut future, completer) = manual::<u32>();
        for _ in 0..10 {
            let _ = task.poll(&mut future);
        }
        let rule = "There is one waker to keep, that of the last poll. An \
                    `Option` has room for it.";
        assert_eq!(task.wakers(), 1, "{}", differs(NEWEST, rule));
        drop((future, completer));
        let rule = "When both ends are gone, nobody keeps the waker.";
        assert_eq!(task.wakers(), 0, "{}", differs(NEWEST, rule));
    });
}

#[test]
fn a_waker_may_poll_inside_wake() {
    struct PollInside(Mutex<(Manual<u32>, Option<Poll<u32>>)>);

    impl Wake for PollInside {
        fn wake(self: Arc<Self>) {
            let mut guard = self.0.lock().unwrap();
            let (future, seen) = &mut *guard;
            let mut cx = Context::from_waker(Waker::noop());
            *seen = Some(Pin::new(future).poll(&mut cx));
        }
    }

    let hangs = "A waker is somebody else's code, and this one polls at \
                 once. `poll` wants the lock, so take the waker out, drop \
                 the guard, and then wake.";
    watched(OUTSIDE, hangs, move || {
        let (future, completer) = manual();
        let inside = Arc::new(PollInside(Mutex::new((future, None))));
        let waker = Waker::from(inside.clone());
        let mut cx = Context::from_waker(&waker);
        let answer = Pin::new(&mut inside.0.lock().unwrap().0).poll(&mut cx);
        let rule = "Without a value it is `Pending`.";
        assert!(answer.is_pending(), "{}", why(OUTSIDE, rule));
        completer.complete(7);
        let seen = inside.0.lock().unwrap().1;
        assert!(seen.is_some(), "{}", why(OUTSIDE, NO_WAKE));
        let rule = "The value has to be in its place before the wake: the \
                    poll that it brings about may come at once.";
        assert_eq!(seen, Some(Poll::Ready(7)), "{}", differs(OUTSIDE, rule));
    });
}

/// Completes when it is dropped.
struct CompletesLast(Option<Completer<u32>>);

impl Drop for CompletesLast {
    fn drop(&mut self) {
        // A second panic would end the process.
        if let Some(completer) = self.0.take()
            && !thread::panicking()
        {
            completer.complete(7);
        }
    }
}

#[test]
fn a_waker_that_is_replaced_may_complete_as_it_goes() {
    let hangs = "A waker is somebody else's code, its destructor too. This \
                 one completes, which wants the lock. Take the old waker out \
                 of its place and drop it when the guard is gone. An \
                 assignment or `clone_from` drops it under the lock.";
    watched(NEWEST, hangs, || {
        let task = Task::new();
        let (mut future, completer) = manual();
        let last = owns(CompletesLast(Some(completer)));
        let _ = Pin::new(&mut future).poll(&mut Context::from_waker(&last));
        drop(last);
        let answer = task.poll(&mut future);
        let rule = "The value came during this poll, when the old waker went. \
                    Either the poll finds it, or the new waker is woken.";
        assert!(
            answer == Poll::Ready(7) || task.wakes() > 0,
            "{}",
            why(NEWEST, rule)
        );
    });
}

const NO_WAKE: &str =
    "The poll left its waker, and `complete` has not woken it.";
const ONE_LOCK: &str = "A value came between the look for it and the storing \
                        of the waker. It found no waker and told nobody. Both \
                        belong under one lock, without letting go in between.";

#[test]
fn a_value_that_comes_between_two_steps_is_noticed() {
    watched(OUTSIDE, HANGS, || {
        let task = Task::new();
        let (mut future, completer) = manual();
        let _ = task.poll(&mut future);
        completer.complete(7);
        assert!(task.wakes() > 0, "{}", why(OUTSIDE, NO_WAKE));
        for unlocks in 0..3 {
            let task = Task::new();
            let (mut future, completer) = manual();
            let other = move || completer.complete(7);
            let answer = in_between(unlocks, other, || task.poll(&mut future));
            assert!(
                answer == Poll::Ready(7) || task.wakes() > 0,
                "{}",
                why(OUTSIDE, ONE_LOCK)
            );
        }
    });
}

#[test]
fn a_poll_that_comes_between_two_steps_of_complete_is_woken() {
    watched(OUTSIDE, HANGS, || {
        let rule = "A poll came while `complete` ran, saw no value and left \
                    its waker, and nobody wakes it. `complete` leaves the \
                    value and takes the waker under one lock, without letting \
                    go in between.";
        for unlocks in 0..3 {
            let task = Task::new();
            let (mut future, completer) = manual();
            let answer = Rc::new(Cell::new(Poll::Pending));
            let (polls, sees) = (task.clone(), answer.clone());
            let other = move || sees.set(polls.poll(&mut future));
            in_between(unlocks, other, || completer.complete(7));
            let woken = task.wakes() > 0;
            let noticed = answer.get() == Poll::Ready(7) || woken;
            assert!(noticed, "{}", why(OUTSIDE, rule));
        }
    });
}

#[test]
fn it_is_completed_by_another_thread() {
    let hangs = "The runner sleeps, and the value was there long ago.";
    watched(OUTSIDE, hangs, || {
        for _ in 0..200 {
            let (future, completer) = manual();
            let other = thread::spawn(move || completer.complete(7));
            assert_eq!(block_on(future), 7);
            other.join().expect("completing does not panic");
        }
    });
}

#[test]
fn a_poll_after_ready_panics() {
    watched(AFTER, HANGS, || {
        let task = Task::new();
        let (mut future, completer) = manual();
        completer.complete(7);
        let _ = task.poll(&mut future);
        let rule = "It was ready, and no value will come any more. `Pending` \
                    would be a promise that nobody keeps, so panic.";
        assert_eq!(
            task.poll_after_ready(&mut future),
            None,
            "{}",
            differs(AFTER, rule)
        );
    });
}
