include!(concat!(env!("OUT_DIR"), "/flag.rs"));

use std::cell::Cell;
use std::future::poll_fn;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::task::{Context, Wake, Waker};

use exercises::{Meanwhile, Task, differs, in_between, watched, why};
use flag::Flag;

const LOOK: &str =
    "wakers/lost-wakeups.html#store-then-look-the-schedule-that-keeps-it";
const NEWEST: &str = "wakers/contract.html#how-many-to-keep";
const HANGS: &str = "Something waits for a lock that its own thread holds. \
                     Clone, wake and drop a waker when the lock is free.";

#[test]
fn a_flag_that_is_set_during_the_poll_is_seen_or_wakes() {
    watched(LOOK, HANGS, || {
        let (flag, task) = (Arc::new(Flag::default()), Task::new());
        let to_set = flag.clone();
        let meanwhile = Meanwhile::new(&task, move || to_set.set());
        let mut wait = poll_fn(|cx| flag.poll_set(cx));
        let ready = meanwhile.poll(&mut wait).is_ready();
        let rule = "The other thread set the flag in the middle of the poll. \
                    It found no waker, and the poll, which had looked before, \
                    is pending. Which of its two steps has to come first?";
        assert!(ready || task.wakes() > 0, "{}", why(LOOK, rule));
    });
}

/// A task whose waker polls at once, inside `wake`.
struct Inside {
    flag: Flag,
    ready: Mutex<Option<bool>>,
}

impl Wake for Inside {
    fn wake(self: Arc<Self>) {
        let mut cx = Context::from_waker(Waker::noop());
        let ready = self.flag.poll_set(&mut cx).is_ready();
        *self.ready.lock().expect("nothing panics in it") = Some(ready);
    }
}

#[test]
fn a_task_that_is_woken_sees_the_flag() {
    watched(LOOK, HANGS, || {
        let task =
            Arc::new(Inside { flag: Flag::default(), ready: Mutex::new(None) });
        let waker = Waker::from(task.clone());
        let mut cx = Context::from_waker(&waker);
        assert!(task.flag.poll_set(&mut cx).is_pending());
        task.flag.set();
        let rule = "The task was woken, polled at once, and did not see the \
                    flag. Nobody wakes it again. What has to be done before \
                    the wake?";
        let seen = *task.ready.lock().expect("nothing panics in it");
        assert_eq!(seen, Some(true), "{}", differs(LOOK, rule));
    });
}

/// To take the waker and to set the flag are two steps: here the poll comes in
/// between.
#[test]
fn a_poll_in_the_middle_of_the_set_is_ready_or_woken() {
    watched(LOOK, HANGS, || {
        for unlocks in 0..3 {
            let (flag, task) = (Arc::new(Flag::default()), Task::new());
            let (its, polls) = (flag.clone(), task.clone());
            let answer = Rc::new(Cell::new(false));
            let ready = answer.clone();
            let other = move || {
                let mut wait = poll_fn(|cx| its.poll_set(cx));
                ready.set(polls.poll(&mut wait).is_ready());
            };
            in_between(unlocks, other, || flag.set());
            let rule = "The task polled in the middle of `set`: the waker had \
                        been taken, and the flag was not set yet. The poll \
                        left a waker that nobody takes any more. What has to \
                        be done before the waker is taken?";
            let noticed = answer.get() || task.wakes() > 0;
            assert!(noticed, "{}", why(LOOK, rule));
        }
    });
}

#[test]
fn the_task_that_polled_last_is_woken() {
    watched(NEWEST, HANGS, || {
        let (flag, a, b) = (Flag::default(), Task::new(), Task::new());
        let mut wait = poll_fn(|cx| flag.poll_set(cx));
        assert!(a.poll(&mut wait).is_pending());
        assert!(b.poll(&mut wait).is_pending());
        flag.set();
        let rule = "The future moved from the first task to the second. The \
                    wake went to the first.";
        assert!(b.wakes() > 0, "{}", why(NEWEST, rule));
    });
}
