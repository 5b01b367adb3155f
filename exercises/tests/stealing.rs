include!(concat!(env!("OUT_DIR"), "/stealing.rs"));

use std::sync::Arc;
use std::thread;

use exercises::{differs, watched, why};
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
