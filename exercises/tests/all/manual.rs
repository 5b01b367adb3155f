use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::{pin::Pin, thread};

use exercises::manual::{Manual, manual};

use crate::support::{Task, block_on, differs, watched, why};

const OUTSIDE: &str = "futures/poll.html#completed-from-outside";
const NEWEST: &str = "futures/poll.html#the-newest-waker-wins";
const DEADLOCK: &str = "Probably it waits for a lock that its own thread \
                        holds: let go of it before you wake.";

#[test]
fn a_value_that_came_first_is_ready_at_once() {
    watched(OUTSIDE, DEADLOCK, || {
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
    watched(OUTSIDE, DEADLOCK, || {
        let task = Task::new();
        let (mut future, completer) = manual();
        assert!(
            task.poll(&mut future).is_pending(),
            "{}",
            why(OUTSIDE, "Without a value it is `Pending`.")
        );
        let rule = "`Pending` is a promise, but not to wake at once: whoever \
                    has the value wakes.";
        assert_eq!(task.wakes(), 0, "{}", differs(OUTSIDE, rule));
        completer.complete(7);
        let rule = "A poll that finds no value leaves its waker, and \
                    `complete` takes it out and wakes.";
        assert_eq!(task.wakes(), 1, "{}", differs(OUTSIDE, rule));
        let rule = "The value has to be in its place before the wake.";
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
    watched(NEWEST, DEADLOCK, || {
        let (old, new) = (Task::new(), Task::new());
        let (mut future, completer) = manual();
        let _ = old.poll(&mut future);
        let _ = new.poll(&mut future);
        completer.complete(7);
        let rule = "Only the waker of the most recent poll counts. A future \
                    may go from one task to another, so each pending poll \
                    stores the waker anew.";
        assert_eq!(
            (old.wakes(), new.wakes()),
            (0, 1),
            "wakes of the first task and of the second{}",
            differs(NEWEST, rule)
        );
    });
}

#[test]
fn however_often_it_is_polled_it_keeps_one_waker() {
    watched(NEWEST, DEADLOCK, || {
        let task = Task::new();
        let (mut future, completer) = manual::<u32>();
        for _ in 0..10 {
            let _ = task.poll(&mut future);
        }
        let rule = "There is one waker to keep, that of the last poll. An \
                    `Option` has room for it, and `clone_from` replaces it.";
        assert_eq!(task.wakers(), 1, "{}", differs(NEWEST, rule));
        drop((future, completer));
        let rule = "When both ends are gone, nobody keeps the waker.";
        assert_eq!(task.wakers(), 0, "{}", differs(NEWEST, rule));
    });
}

#[test]
fn a_waker_may_poll_inside_wake() {
    struct PollInside(Mutex<(Manual<u32>, Option<u32>)>);

    impl Wake for PollInside {
        fn wake(self: Arc<Self>) {
            let mut guard = self.0.lock().unwrap();
            let (future, seen) = &mut *guard;
            let mut cx = Context::from_waker(Waker::noop());
            if let Poll::Ready(value) = Pin::new(future).poll(&mut cx) {
                *seen = Some(value);
            }
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
        assert!(answer.is_pending());
        completer.complete(7);
        let rule = "The value has to be in its place before the wake: the \
                    poll that it brings about may come at once.";
        assert_eq!(
            inside.0.lock().unwrap().1,
            Some(7),
            "{}",
            differs(OUTSIDE, rule)
        );
    });
}

#[test]
fn it_is_completed_by_another_thread() {
    let hangs = "The look for the value and the storing of the waker belong \
                 under one lock. Else the value may come between them, find \
                 no waker and tell nobody.";
    watched(OUTSIDE, hangs, || {
        for _ in 0..200 {
            let (future, completer) = manual();
            let other = thread::spawn(move || completer.complete(7));
            assert_eq!(block_on(future), 7);
            other.join().expect("completing does not panic");
        }
    });
}
