include!(concat!(env!("OUT_DIR"), "/stealing.rs"));

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use exercises::{differs, in_between, watched, while_locked, why};
use stealing::Queue;

const PAGE: &str = "runtimes/threads.html#a-queue-for-each-worker-and-stealing";
const HANGS: &str = "Two workers that steal from each other wait for good when \
                     each holds the lock of its own queue: hold one lock at a \
                     time.";

fn of(tasks: impl IntoIterator<Item = u32>) -> Queue<u32> {
    let queue = Queue::default();
    tasks.into_iter().for_each(|task| queue.push(task));
    queue
}

fn rest(queue: &Queue<u32>) -> Vec<u32> {
    std::iter::from_fn(|| queue.pop()).collect()
}

#[test]
fn the_thief_gets_the_first_half_and_the_victim_keeps_the_rest() {
    watched(PAGE, HANGS, || {
        let (thief, victim) = (of([]), of(1..=7));
        let first = thief.steal_from(&victim);
        let rule = "Of seven tasks the thief gets the first four. It runs \
                    the first of them at once.";
        assert_eq!(first, Some(1), "{}", differs(PAGE, rule));
        assert_eq!(rest(&thief), [2, 3, 4], "{}", differs(PAGE, rule));
        let rule = "The victim keeps the tasks that came last.";
        assert_eq!(rest(&victim), [5, 6, 7], "{}", differs(PAGE, rule));
    });
}

#[test]
fn of_one_task_half_is_that_task_and_of_none_nothing() {
    watched(PAGE, HANGS, || {
        let (thief, victim) = (of([]), of([1]));
        let rule = "Half of one, rounded up, is one. Else a single task could \
                    never be stolen from a worker that is busy.";
        assert_eq!(
            thief.steal_from(&victim),
            Some(1),
            "{}",
            differs(PAGE, rule)
        );
        let rule = "From an empty queue nothing can be stolen.";
        assert_eq!(thief.steal_from(&victim), None, "{}", differs(PAGE, rule));
    });
}

#[test]
fn what_is_stolen_comes_after_what_the_thief_has() {
    watched(PAGE, HANGS, || {
        let (thief, victim) = (of([10]), of(1..=4));
        let first = thief.steal_from(&victim);
        let rule = "A queue keeps the order in which tasks came to it.";
        assert_eq!(first, Some(1), "{}", differs(PAGE, rule));
        assert_eq!(rest(&thief), [10, 2], "{}", differs(PAGE, rule));
    });
}

/// Another worker does something. If it waits for a lock that the exercise
/// holds, it goes on later.
fn other_worker(works: impl FnOnce() + Send + 'static) -> impl FnOnce() {
    let (done, is_done) = channel::<()>();
    move || {
        thread::spawn(move || {
            works();
            drop(done);
        });
        let _ = is_done.recv_timeout(Duration::from_millis(300));
    }
}

/// Steals, and as soon as a lock is free for the first time (or later, after
/// so many `moments`), the victim takes the first `taken` of its tasks.
fn victim_takes(moments: u32, taken: usize) {
    let (thief, victim) = (of([]), Arc::new(of(0..6)));
    let (own, (sender, took)) = (victim.clone(), channel());
    let other = other_worker(move || {
        let first = (0..taken).map_while(|_| own.pop());
        let _ = sender.send(first.collect::<Vec<_>>());
    });
    let steals = || in_between(moments, other, || thief.steal_from(&victim));
    let first = catch_unwind(AssertUnwindSafe(steals));
    let rule = "While a worker steals, the victim may take tasks. Look how \
                many there are, and take half of them, under one lock.";
    assert!(first.is_ok(), "{}", why(PAGE, rule));
    let mut all = took.recv().expect("it says what it took");
    all.extend(first.ok().flatten());
    all.extend(rest(&thief));
    all.extend(rest(&victim));
    all.sort_unstable();
    assert!(all.into_iter().eq(0..6), "{}", why(PAGE, rule));
}

#[test]
fn no_task_is_lost_when_the_victim_takes_some_meanwhile() {
    watched(PAGE, HANGS, || {
        for moments in 0..4 {
            (1..=6).for_each(|taken| victim_takes(moments, taken));
        }
    });
}

#[test]
fn the_victim_may_steal_from_the_thief_meanwhile() {
    watched(PAGE, HANGS, || {
        let queues = Arc::new([of(0..4), of(4..8)]);
        let others = queues.clone();
        let (sender, stolen) = channel();
        let other = other_worker(move || {
            let _ = sender.send(others[1].steal_from(&others[0]));
        });
        let first = while_locked(other, || queues[0].steal_from(&queues[1]));
        let mut all = Vec::from_iter(first);
        all.extend(stolen.recv().expect("it comes to an end"));
        all.extend(rest(&queues[0]));
        all.extend(rest(&queues[1]));
        all.sort_unstable();
        let rule = "Each task is taken once, by one worker.";
        assert!(all.into_iter().eq(0..8), "{}", why(PAGE, rule));
    });
}

#[test]
fn two_workers_may_steal_from_each_other_and_no_task_is_lost() {
    watched(PAGE, HANGS, || {
        let queues = Arc::new([of(0..500), of(500..1000)]);
        let workers = [0, 1].map(|me| {
            let queues = queues.clone();
            thread::spawn(move || {
                let mut ran = Vec::new();
                for _ in 0..2000 {
                    let (mine, other) = (&queues[me], &queues[1 - me]);
                    let next = mine.steal_from(other);
                    ran.extend(next.or_else(|| mine.pop()));
                }
                ran
            })
        });
        let mut all = Vec::new();
        for worker in workers {
            let ran = worker.join();
            let rule = "A steal does not panic.";
            all.extend(ran.unwrap_or_else(|_| panic!("{}", why(PAGE, rule))));
        }
        all.extend(rest(&queues[0]));
        all.extend(rest(&queues[1]));
        all.sort_unstable();
        let rule = "Each task is taken once, by one worker.";
        assert!(all.into_iter().eq(0..1000), "{}", why(PAGE, rule));
    });
}
