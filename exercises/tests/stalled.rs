include!(concat!(env!("OUT_DIR"), "/stalled.rs"));

use std::cell::{Cell, RefCell};
use std::future::{pending, poll_fn};
use std::rc::Rc;
use std::task::{Poll, Waker};
use std::thread;

use exercises::{differs, in_between, watched, why};
use stalled::Executor;

const KEYS: &str = "runtimes/executor.html#keys-instead-of-tasks-the-executor-owns-its-futures";
const SPAWN: &str =
    "runtimes/executor.html#static-how-does-a-running-task-spawn-another";
const HANGS: &str = "Either the loop goes on when nobody is woken, or a lock \
                     is held while a task is polled, and the task wakes.";

/// Pending `times` times; wakes itself each time. Counts its polls.
fn turns(times: u32, polls: Rc<Cell<u32>>) -> impl Future<Output = ()> {
    poll_fn(move |cx| {
        polls.set(polls.get() + 1);
        if polls.get() > times {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
}

#[test]
fn a_task_is_polled_until_it_is_done() {
    watched(KEYS, HANGS, || {
        let (executor, polls) = (Executor::default(), Rc::default());
        executor.spawn(turns(3, Rc::clone(&polls)));
        assert_eq!(polls.get(), 0, "`spawn` polls nothing{}", why(KEYS, POLLS));
        let left = executor.run_until_stalled();
        let rule = "A wake during the poll leads to another poll, so take the \
                    key out before the poll and not after it.";
        assert_eq!(polls.get(), 4, "{}", differs(KEYS, rule));
        let rule = "A task that is done is not left.";
        assert_eq!(left, 0, "{}", differs(KEYS, rule));
    });
}

const POLLS: &str = "A task is polled when the executor runs.";

#[test]
fn a_task_that_nobody_wakes_is_counted_and_not_polled() {
    watched(KEYS, HANGS, || {
        let (executor, polls) = (Executor::default(), Rc::new(Cell::new(0)));
        let count = polls.clone();
        executor.spawn(poll_fn(move |_| {
            count.set(count.get() + 1);
            Poll::Pending
        }));
        executor.spawn(pending());
        for _ in 0..2 {
            let left = executor.run_until_stalled();
            let rule = "Two tasks wait for a wake: they are left.";
            assert_eq!(left, 2, "{}", differs(KEYS, rule));
        }
        let rule = "Only a task that was woken is polled.";
        assert_eq!(polls.get(), 1, "{}", differs(KEYS, rule));
    });
}

#[test]
fn a_wake_from_another_thread_arrives() {
    watched(KEYS, HANGS, || {
        let executor = Executor::default();
        let kept: Rc<RefCell<Option<Waker>>> = Rc::default();
        let keep = kept.clone();
        executor.spawn(poll_fn(move |cx| {
            match keep.replace(Some(cx.waker().clone())) {
                None => Poll::Pending,
                Some(_) => Poll::Ready(()),
            }
        }));
        let left = executor.run_until_stalled();
        assert_eq!(left, 1, "{}", differs(KEYS, "The task waits."));
        let waker = kept.borrow().clone().expect("it was polled");
        thread::spawn(|| waker.wake()).join().expect("a wake does not panic");
        let left = executor.run_until_stalled();
        let rule = "It was woken between two runs, and is polled in the next.";
        assert_eq!(left, 0, "{}", differs(KEYS, rule));
        let late = kept.take().expect("it was polled");
        late.wake();
        let left = executor.run_until_stalled();
        let rule = "A wake after the end of the task finds no task.";
        assert_eq!(left, 0, "{}", differs(KEYS, rule));
    });
}

#[test]
fn a_wake_that_comes_while_the_keys_are_taken_is_not_lost() {
    watched(KEYS, HANGS, || {
        for moment in 0..4 {
            let executor = Executor::default();
            let kept: Rc<RefCell<Option<Waker>>> = Rc::default();
            let news = Rc::new(Cell::new(false));
            let (keep, sees) = (kept.clone(), news.clone());
            executor.spawn(poll_fn(move |cx| {
                keep.replace(Some(cx.waker().clone()));
                if sees.get() { Poll::Ready(()) } else { Poll::Pending }
            }));
            let left = executor.run_until_stalled();
            assert_eq!(left, 1, "{}", differs(KEYS, "The task waits."));
            let waker = kept.take().expect("it was polled");
            let comes = move || {
                news.set(true);
                waker.wake();
            };
            in_between(moment, comes, || executor.run_until_stalled());
            let left = executor.run_until_stalled();
            let rule = "Another thread woke the task between two locks: read \
                        the keys and empty the list under one lock.";
            assert_eq!(left, 0, "{}", differs(KEYS, rule));
        }
    });
}

#[test]
fn a_task_may_spawn_while_it_is_polled() {
    watched(SPAWN, HANGS, || {
        let executor = Rc::new(Executor::default());
        let done = Rc::new(Cell::new(0));
        let (spawns, counts) = (executor.clone(), done.clone());
        executor.spawn(async move {
            for _ in 0..3 {
                let counts = counts.clone();
                spawns.spawn(async move { counts.set(counts.get() + 1) });
            }
        });
        let left = executor.run_until_stalled();
        let rule = "The tasks must not be borrowed while one of them is \
                    polled: take it out of its place for the poll.";
        assert_eq!((left, done.get()), (0, 3), "{}", differs(SPAWN, rule));
    });
}

#[test]
fn a_task_that_spawns_and_then_waits_is_not_overwritten() {
    watched(SPAWN, HANGS, || {
        let executor = Rc::new(Executor::default());
        let done = Rc::new(Cell::new(0));
        let (spawns, counts) = (executor.clone(), done.clone());
        let mut turns = 0;
        executor.spawn(poll_fn(move |cx| {
            turns += 1;
            let counts = counts.clone();
            spawns.spawn(async move { counts.set(counts.get() + 1) });
            if turns == 3 {
                return Poll::Ready(());
            }
            cx.waker().wake_by_ref();
            Poll::Pending
        }));
        let left = executor.run_until_stalled();
        let rule = "Each of three polls of one task spawned a task. The place \
                    of the one that is polled is not free for a new one: it \
                    needs this place again after the poll.";
        assert_eq!((left, done.get()), (0, 3), "{}", differs(SPAWN, rule));
    });
}

#[test]
fn a_task_that_wakes_itself_lets_the_others_have_their_turn() {
    watched(KEYS, HANGS, || {
        let executor = Executor::default();
        let (busy, other) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
        executor.spawn(turns(1000, busy.clone()));
        let (sees, polls) = (busy.clone(), other.clone());
        executor.spawn(async move { polls.set(sees.get()) });
        executor.run_until_stalled();
        let rule = "A task that wakes itself in every poll goes to the end of \
                    the line. (How often it was polled before the other.)";
        assert!(other.get() < 10, "{}{}", other.get(), why(KEYS, rule));
    });
}
